from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils.timezone import now

from accounts import events, services
from accounts.models import Block, FriendRequest, Friendship
from accounts.services.friendship import (
    AlreadyAnswered,
    AlreadyFriends,
    AlreadyRequested,
    NotYourself,
    RequestExpired,
    TooManyFriends,
    YouBlockedThem,
)
from superapp.kernel.errors import Invalid, NotFound
from superapp.kernel.errors import RateLimited as TooOften
from tests import make

REQUESTS = "/api/v1/friend-requests/"


def ask(sender, receiver, greeting=""):
    return services.request_friend(sender=sender, receiver=receiver, greeting=greeting)


def befriended(one, other):
    return one.is_friend_of(other), other.is_friend_of(one)


class TestAsking:
    def test_a_request_waits_with_its_greeting_for_the_receiver(self, alice, charlie, api):
        answer = api(alice).post(REQUESTS, {"to": "charlie", "greeting": "We met at the fair."})

        assert answer.status_code == 201
        assert answer.json()["to"]["handle"] == "charlie"
        inbox = api(charlie).get(REQUESTS + "?box=in").json()["results"]
        assert [(row["from"]["handle"], row["greeting"], row["state"]) for row in inbox] == [
            ("alice", "We met at the fair.", "pending")
        ]
        assert befriended(alice, charlie) == (False, False)

    def test_the_sender_sees_it_among_those_sent(self, alice, charlie, api):
        ask(alice, charlie)

        assert [row["to"]["handle"] for row in api(alice).get(REQUESTS + "?box=out").json()["results"]] == ["charlie"]
        assert api(alice).get(REQUESTS).json()["results"] == []

    def test_asking_a_friend_or_oneself_or_twice_is_refused_and_leaves_nothing(self, alice, bob, charlie):
        ask(alice, charlie)
        before = FriendRequest.objects.count()

        for other, refusal in [(bob, AlreadyFriends), (alice, NotYourself), (charlie, AlreadyRequested)]:
            with pytest.raises(refusal):
                ask(alice, other)
        assert FriendRequest.objects.count() == before

    def test_a_request_that_crosses_another_makes_friends_at_once(self, alice, charlie, api):
        ask(charlie, alice)

        answer = api(alice).post(REQUESTS, {"to": "charlie"})

        assert (answer.status_code, answer.json()["state"]) == (200, "accepted")
        assert befriended(alice, charlie) == (True, True)
        assert not FriendRequest.objects.pending().exists()

    def test_an_expired_request_may_be_sent_again(self, alice, charlie):
        old = ask(alice, charlie)
        FriendRequest.objects.filter(pk=old.pk).update(expires_at=now() - timedelta(seconds=1))

        assert ask(alice, charlie).pk != old.pk
        assert FriendRequest.objects.pending().count() == 1

    def test_a_greeting_has_a_limit(self, alice, charlie, api):
        assert api(alice).post(REQUESTS, {"to": "charlie", "greeting": "x" * 101}).status_code == 400
        with pytest.raises(Invalid):
            ask(alice, charlie, "x" * 101)
        assert not FriendRequest.objects.exists()
        assert api(alice).post(REQUESTS, {"to": "charlie", "greeting": "x" * 100}).status_code == 201

    def test_nobody_has_more_friends_than_the_limit(self, alice, bob, charlie, settings):
        request = ask(charlie, alice)
        settings.FRIENDS_MAX = 1

        with pytest.raises(TooManyFriends):
            services.accept_friend_request(receiver=alice, friend_request=request)
        with pytest.raises(TooManyFriends):
            ask(alice, make.person("eve"))
        assert befriended(alice, charlie) == (False, False)
        settings.FRIENDS_MAX = 2
        services.accept_friend_request(receiver=alice, friend_request=request)
        assert befriended(alice, charlie) == (True, True)

    def test_requests_are_rate_limited(self, alice, rate_limits):
        people = [make.person(f"person{n}") for n in range(21)]

        for person in people[:20]:
            ask(alice, person)
        with pytest.raises(TooOften):
            ask(alice, people[20])
        assert FriendRequest.objects.count() == 20

    def test_the_limit_is_told_in_the_answer(self, dora, charlie, api, rate_limits):
        for _ in range(20):
            api(dora).post(REQUESTS, {"to": "charlie"})

        answer = api(dora).post(REQUESTS, {"to": "charlie"})

        assert (answer.status_code, answer.json()["code"]) == (429, "rate_limited")
        assert int(answer["Retry-After"]) > 0


class TestAnswering:
    def test_accepting_makes_both_friends_and_again_changes_nothing(self, alice, charlie, api):
        request = ask(alice, charlie)

        for _ in range(2):
            answer = api(charlie).post(f"{REQUESTS}{request.pk}/accept/")
            assert (answer.status_code, answer.json()["handle"]) == (200, "alice")
        assert befriended(alice, charlie) == (True, True)
        assert Friendship.objects.count() == 2

    @pytest.mark.parametrize("verb", ["accept", "decline"])
    def test_only_the_receiver_answers(self, alice, charlie, dora, api, verb):
        request = ask(alice, charlie)

        for outsider in (alice, dora):
            assert api(outsider).post(f"{REQUESTS}{request.pk}/{verb}/").status_code == 404
        request.refresh_from_db()
        assert request.state == FriendRequest.State.PENDING
        assert befriended(alice, charlie) == (False, False)
        assert api(charlie).post(f"{REQUESTS}{request.pk}/{verb}/").status_code == 200

    def test_an_expired_request_cannot_be_accepted(self, alice, charlie):
        request = ask(alice, charlie)
        FriendRequest.objects.update(expires_at=now() - timedelta(seconds=1))

        with pytest.raises(RequestExpired):
            services.accept_friend_request(receiver=charlie, friend_request=request)
        assert befriended(alice, charlie) == (False, False)

    def test_a_decline_is_silent_to_the_sender(self, alice, charlie, api):
        request = ask(alice, charlie)
        before = api(alice).get(REQUESTS + "?box=out").json(), api(alice).get("/api/v1/people/charlie/").json()

        assert api(charlie).post(f"{REQUESTS}{request.pk}/decline/").json()["state"] == "declined"

        after = api(alice).get(REQUESTS + "?box=out").json(), api(alice).get("/api/v1/people/charlie/").json()
        assert after == before
        with pytest.raises(AlreadyRequested):
            ask(alice, charlie)
        assert api(charlie).get(REQUESTS).json()["results"] == []

    def test_a_declined_request_cannot_be_accepted_but_asking_in_return_makes_friends(self, alice, charlie):
        request = ask(alice, charlie)
        services.decline_friend_request(receiver=charlie, friend_request=request)

        with pytest.raises(AlreadyAnswered):
            services.accept_friend_request(receiver=charlie, friend_request=request)
        assert ask(charlie, alice).state == FriendRequest.State.ACCEPTED
        assert befriended(alice, charlie) == (True, True)

    def test_an_accepted_request_cannot_be_declined(self, alice, charlie):
        request = ask(alice, charlie)
        services.accept_friend_request(receiver=charlie, friend_request=request)

        with pytest.raises(AlreadyAnswered):
            services.decline_friend_request(receiver=charlie, friend_request=request)
        assert befriended(alice, charlie) == (True, True)

    def test_an_old_request_does_not_make_friends_again_after_they_part(self, alice, charlie):
        request = ask(alice, charlie)
        services.accept_friend_request(receiver=charlie, friend_request=request)
        services.remove_friend(owner=alice, friend=charlie)

        with pytest.raises(AlreadyAnswered):
            services.accept_friend_request(receiver=charlie, friend_request=request)
        assert befriended(alice, charlie) == (False, False)


class TestBlocked:
    def test_whom_one_has_blocked_cannot_ask_and_finds_nobody(self, alice, mallory, charlie, api):
        assert api(charlie).post(REQUESTS, {"to": "alice"}).status_code == 201  # others can

        blocked, missing = (api(mallory).post(REQUESTS, {"to": name}) for name in ("alice", "nobody"))

        assert blocked.status_code == missing.status_code == 404
        assert blocked.json() == missing.json()
        with pytest.raises(NotFound):
            ask(mallory, alice)
        assert not FriendRequest.objects.filter(sender=mallory).exists()

    def test_the_blocker_unblocks_before_asking(self, alice, mallory):
        with pytest.raises(YouBlockedThem):
            ask(alice, mallory)
        assert not FriendRequest.objects.exists()
        services.unblock_person(blocker=alice, blocked=mallory)
        assert ask(alice, mallory).pk

    def test_a_block_ends_requests_of_both_directions(self, alice, charlie, dora, api):
        ask(alice, charlie)
        ask(dora, alice)
        request = ask(dora, charlie)

        services.block_person(blocker=charlie, blocked=alice)
        services.block_person(blocker=alice, blocked=dora)

        assert list(FriendRequest.objects.all()) == [request]

    def test_a_suspended_person_can_neither_be_asked_nor_answered(self, alice, charlie, dora, mod, api):
        request = ask(alice, charlie)
        services.suspend_person(moderator=mod, person=alice)

        assert api(charlie).get(REQUESTS).json()["results"] == []
        assert api(charlie).post(f"{REQUESTS}{request.pk}/accept/").status_code == 404
        assert api(dora).post(REQUESTS, {"to": "alice"}).status_code == 404
        services.restore_person(moderator=mod, person=alice)
        assert api(charlie).post(f"{REQUESTS}{request.pk}/accept/").status_code == 200


class TestEvents:
    @pytest.fixture
    def heard(self, monkeypatch):
        heard = []
        monkeypatch.setattr(events, "on_friend_request", [lambda request: heard.append(("asked", str(request)))])
        monkeypatch.setattr(events, "on_friendship", [lambda one, other: heard.append((one.handle, other.handle))])
        monkeypatch.setattr(events, "on_block", [lambda one, other: heard.append(("block", other.handle))])
        return heard

    def test_those_above_hear_of_each_change_once(self, alice, charlie, heard):
        request = ask(alice, charlie)
        for _ in range(2):
            services.accept_friend_request(receiver=charlie, friend_request=request)
            services.block_person(blocker=alice, blocked=charlie)

            assert heard == [("asked", "alice → charlie"), ("alice", "charlie"), ("block", "charlie")]
            if Block.objects.exists():
                break

    def test_a_listener_that_fails_undoes_the_cause(self, alice, charlie, monkeypatch):
        def fail(request):
            raise RuntimeError

        monkeypatch.setattr(events, "on_friend_request", [fail])
        with pytest.raises(RuntimeError):
            ask(alice, charlie)
        assert not FriendRequest.objects.exists()


class TestPages:
    def test_a_whole_friendship_without_javascript(self, alice, charlie, web):
        asked = web(alice).post("/people/charlie/request/", {"greeting": "Hello, it is me"}, follow=True)
        assert "Your request has been sent." in asked.content.decode()

        page = web(charlie).get("/contacts/requests/").content.decode()
        assert "Hello, it is me" in page
        request = FriendRequest.objects.get()
        answered = web(charlie).post(f"/contacts/requests/{request.pk}/accept/", follow=True)
        assert "You are friends now." in answered.content.decode()
        assert befriended(alice, charlie) == (True, True)

    def test_a_refusal_is_said_beside_the_form(self, alice, bob, web):
        page = web(alice).post("/people/bob/request/", {"greeting": "again"})

        assert "You are friends already." in page.content.decode()
        assert not FriendRequest.objects.pending().exists()

    def test_htmx_gets_the_answered_row_alone(self, alice, charlie, web):
        first, second = ask(alice, charlie), ask(make.person("eve"), charlie)

        accepted = web(charlie).post(f"/contacts/requests/{first.pk}/accept/", headers={"HX-Request": "true"})
        declined = web(charlie).post(f"/contacts/requests/{second.pk}/decline/", headers={"HX-Request": "true"})

        assert "You are friends now." in accepted.content.decode()
        assert "They are not told." in declined.content.decode()
        assert "<html" not in accepted.content.decode() + declined.content.decode()

    def test_requests_to_others_do_not_exist_for_an_outsider(self, alice, charlie, dora, web):
        request = ask(alice, charlie)

        assert web(dora).post(f"/contacts/requests/{request.pk}/accept/").status_code == 404
        assert web(alice).post(f"/contacts/requests/{request.pk}/accept/").status_code == 404
        assert befriended(alice, charlie) == (False, False)
