"""What others see of a person's comings and goings: as much as both show each other, and nothing by itself."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils.timezone import now

from accounts import services
from accounts.models import User
from accounts.presence import is_here, mark_here, mark_leaving, presence_of
from tests import make


def show(*people: User) -> None:
    for person in people:
        services.change_privacy(person=person, presence="friends")


class TestSettings:
    def test_nothing_is_shown_until_somebody_chooses_to(self, alice: User, api) -> None:
        assert api(alice).get("/api/v1/me/").json()["privacy"] == {"presence": "nobody", "read_receipts": False}

    def test_the_page_and_rest_change_the_same(self, alice: User, api, web) -> None:
        web(alice).post("/me/privacy/", {"presence": "friends", "read_receipts": "on"})
        alice.refresh_from_db()
        assert api(alice).get("/api/v1/me/").json()["privacy"] == {"presence": "friends", "read_receipts": True}
        changed = api(alice).patch("/api/v1/me/", {"privacy": {"presence": "nobody"}}, format="json").json()
        assert changed["privacy"] == {"presence": "nobody", "read_receipts": True}

    @pytest.mark.parametrize("privacy", [{"presence": "all"}, {"presence": None}, {"read_receipts": "x"}, [], "x"])
    def test_nonsense_is_refused_and_changes_nothing(self, alice: User, api, privacy) -> None:
        answer = api(alice).patch("/api/v1/me/", {"bio": "New", "privacy": privacy}, format="json")
        assert answer.status_code == 400
        alice.refresh_from_db()
        assert (alice.bio, alice.presence, alice.read_receipts) == ("", "nobody", False)

    def test_all_of_a_change_is_made_or_nothing(self, alice: User, api) -> None:
        answer = api(alice).patch(
            "/api/v1/me/", {"timezone": "Nowhere/Land", "privacy": {"presence": "friends"}}, format="json"
        )
        assert answer.status_code == 400
        alice.refresh_from_db()
        assert alice.presence == "nobody"

    def test_the_page_refuses_nonsense(self, alice: User, web) -> None:
        assert web(alice).post("/me/privacy/", {"presence": "everybody"}).status_code == 422


class TestPresence:
    def test_friends_who_both_show_it_see_each_other(self, alice: User, bob: User) -> None:
        show(alice, bob)
        mark_here([alice.pk])
        seen = presence_of(alice, bob)
        assert seen is not None
        assert seen.online
        assert seen.last_seen_at is not None
        gone = presence_of(bob, alice)
        assert gone is not None
        assert not gone.online

    @pytest.mark.covers("A7")
    def test_who_hides_is_neither_seen_nor_sees(self, alice: User, bob: User) -> None:
        show(alice)
        mark_here([alice.pk, bob.pk])
        assert presence_of(alice, bob) is None
        assert presence_of(bob, alice) is None

    @pytest.mark.covers("A7", "F7")
    def test_strangers_former_friends_and_blocked_people_see_nothing(
        self, alice: User, bob: User, charlie: User, mallory: User
    ) -> None:
        show(alice, bob, charlie, mallory)
        mark_here([alice.pk])
        assert presence_of(alice, bob) is not None
        assert presence_of(alice, charlie) is None
        assert presence_of(alice, mallory) is None
        services.block_person(blocker=alice, blocked=bob)
        assert presence_of(alice, bob) is None

    def test_hiding_leaves_no_time_behind(self, alice: User, bob: User) -> None:
        show(alice)
        mark_here([alice.pk])
        alice.refresh_from_db()
        assert alice.last_seen_at is not None
        services.change_privacy(person=alice, presence="nobody")
        alice.refresh_from_db()
        assert alice.last_seen_at is None

    def test_the_time_is_stored_every_few_minutes_only(self, alice: User, bob: User, django_assert_num_queries) -> None:
        show(alice, bob)
        with django_assert_num_queries(1):
            mark_here([alice.pk, bob.pk])
        alice.refresh_from_db()
        first = alice.last_seen_at
        mark_here([alice.pk, bob.pk])
        alice.refresh_from_db()
        assert alice.last_seen_at == first
        User.objects.filter(pk=alice.pk).update(last_seen_at=now() - timedelta(minutes=5))
        mark_here([alice.pk])
        alice.refresh_from_db()
        assert alice.last_seen_at >= first

    def test_who_leaves_is_here_for_one_more_beat(self, alice: User, settings) -> None:
        mark_here([alice.pk])
        settings.LIVE_HEARTBEAT = 0
        mark_leaving(alice.pk)
        assert not is_here(alice.pk)

    def test_profile_and_rest_show_it(self, alice: User, bob: User, api, web) -> None:
        show(alice, bob)
        mark_here([alice.pk])
        assert "Online" in web(bob).get("/people/alice/").content.decode()
        assert api(bob).get("/api/v1/people/alice/").json()["presence"]["online"] is True
        stranger = make.person("zoe")
        assert "Online" not in web(stranger).get("/people/alice/").content.decode()
        assert api(stranger).get("/api/v1/people/alice/").json()["presence"] is None
