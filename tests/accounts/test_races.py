"""Two people, or two devices, at the same moment. Real threads, each with its own connection."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial

import pytest
from django.db import connection

from accounts import services
from accounts.models import Block, FriendRequest, Friendship, FriendTag, User
from superapp.kernel.errors import Refused
from tests import make

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.covers("G8")]
ROUNDS = 8


def together(*acts: Callable[[], object]) -> list[object]:
    """Start all at once; what each returned, or the refusal it met."""
    start, results = threading.Barrier(len(acts)), [None] * len(acts)

    def run(place: int, act: Callable[[], object]) -> None:
        start.wait()
        try:
            results[place] = act()
        except Refused as refusal:
            results[place] = refusal.code
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.fixture
def pair() -> tuple[User, User]:
    return make.person("alice"), make.person("bob")


def forget() -> None:
    for model in (Friendship, FriendRequest, Block, FriendTag):
        model.objects.all().delete()


def test_requests_that_cross_end_in_one_friendship(pair):
    alice, bob = pair
    for _ in range(ROUNDS):
        forget()
        together(
            partial(services.request_friend, sender=alice, receiver=bob),
            partial(services.request_friend, sender=bob, receiver=alice),
        )
        assert Friendship.objects.count() == 2
        assert FriendRequest.objects.get().state == FriendRequest.State.ACCEPTED


def test_the_same_request_sent_twice_is_one(pair):
    alice, bob = pair
    for _ in range(ROUNDS):
        forget()
        results = together(*[partial(services.request_friend, sender=alice, receiver=bob)] * 4)
        assert FriendRequest.objects.count() == 1
        assert results.count("already_requested") == 3


def test_accepting_on_two_devices_makes_friends_once(pair):
    alice, bob = pair
    for _ in range(ROUNDS):
        forget()
        request = services.request_friend(sender=alice, receiver=bob)
        results = together(*[partial(services.accept_friend_request, receiver=bob, friend_request=request)] * 4)
        assert {result.pk for result in results} == {Friendship.objects.get(owner=bob).pk}
        assert Friendship.objects.count() == 2


def test_accepting_against_declining_leaves_one_outcome(pair):
    alice, bob = pair
    for _ in range(ROUNDS):
        forget()
        request = services.request_friend(sender=alice, receiver=bob)
        together(
            partial(services.accept_friend_request, receiver=bob, friend_request=request),
            partial(services.decline_friend_request, receiver=bob, friend_request=request),
        )
        accepted = FriendRequest.objects.get().state == FriendRequest.State.ACCEPTED
        assert Friendship.objects.count() == (2 if accepted else 0)


def test_a_block_against_an_acceptance_leaves_no_friendship(pair):
    alice, bob = pair
    for _ in range(ROUNDS):
        forget()
        request = services.request_friend(sender=alice, receiver=bob)
        together(
            partial(services.accept_friend_request, receiver=bob, friend_request=request),
            partial(services.block_person, blocker=alice, blocked=bob),
            partial(services.block_person, blocker=bob, blocked=alice),
        )
        assert Block.objects.count() == 2
        assert not Friendship.objects.exists()


def test_nobody_passes_the_limit_of_friends(settings):
    settings.FRIENDS_MAX = 1
    alice, *others = [make.person(handle) for handle in ("alice", "bob", "cat", "dan")]
    requests = [services.request_friend(sender=other, receiver=alice) for other in others]

    def accept(request: FriendRequest) -> Callable[[], object]:
        return partial(services.accept_friend_request, receiver=alice, friend_request=request)

    results = together(*map(accept, requests))
    assert results.count("too_many_friends") == 2
    assert Friendship.objects.filter(owner=alice).count() == 1


def test_a_tag_of_one_name_is_made_once(pair):
    alice, _ = pair
    for _ in range(ROUNDS):
        forget()
        results = together(*[partial(services.create_tag, owner=alice, name="Family")] * 4)
        assert FriendTag.objects.count() == 1
        assert results.count("duplicate_tag") == 3


def test_a_handle_is_given_once(client):
    def sign_up(n: int) -> Callable[[], object]:
        fields = {"username": "erin", "email": f"erin{n}@example.org", "password": "a long enough phrase"}
        return lambda: (
            type(client)().post("/_allauth/app/v1/auth/signup", fields, content_type="application/json").status_code
        )

    codes = together(*map(sign_up, range(4)))
    assert User.objects.count() == 1
    assert codes.count(200) == 1
    assert set(codes) <= {200, 400, 409}
