from __future__ import annotations

import pytest

from accounts import services
from accounts.models import Friendship, FriendTag
from accounts.services.tags import DuplicateTag, TooManyTags, UnknownTag
from superapp.kernel.errors import Invalid, NotFound
from tests import make

FRIENDS = "/api/v1/friends/"
TAGS = "/api/v1/friend-tags/"


def test_a_friend_is_listed_with_what_one_has_noted(alice, bob, api):
    tag = services.create_tag(owner=alice, name="Family")
    changes = {"remark": "Bobby", "starred": True, "chat_only": True, "tags": [str(tag.pk)]}

    answer = api(alice).patch(f"{FRIENDS}bob/", changes)

    assert answer.status_code == 200
    assert api(alice).get(FRIENDS).json()["results"] == [answer.json()]
    assert answer.json() | changes | {"tags": [{"id": str(tag.pk), "name": "Family"}]} == answer.json()
    assert answer.json()["hide_my_moments"] is False
    profile = api(alice).get("/api/v1/people/bob/").json()["relationship"]
    assert (profile["friend"], profile["remark"], profile["tags"]) == (True, "Bobby", answer.json()["tags"])


def test_what_one_notes_is_not_seen_by_the_friend(alice, bob, api, web):
    services.change_friend(owner=alice, friend=bob, remark="Canary remark", hide_my_moments=True)

    assert "Canary remark" in web(alice).get("/people/bob/").content.decode()  # it would be seen
    for path in ("/people/alice/", "/contacts/", "/people/bob/"):
        assert "Canary remark" not in web(bob).get(path).content.decode()
    assert api(bob).get(FRIENDS).json()["results"][0]["hide_my_moments"] is False


def test_a_stranger_cannot_be_annotated(alice, bob, charlie, api):
    assert api(alice).patch(f"{FRIENDS}bob/", {"remark": "B"}).status_code == 200
    assert api(alice).patch(f"{FRIENDS}charlie/", {"remark": "C"}).status_code == 404
    with pytest.raises(NotFound):
        services.change_friend(owner=alice, friend=charlie, remark="C")


def test_a_remark_that_is_too_long_changes_nothing(alice, bob, api):
    services.change_friend(owner=alice, friend=bob, remark="Bobby")

    assert api(alice).patch(f"{FRIENDS}bob/", {"remark": "x" * 51, "starred": True}).status_code == 400
    with pytest.raises(Invalid):
        services.change_friend(owner=alice, friend=bob, remark="x" * 51, starred=True)
    friendship = Friendship.objects.get(owner=alice)
    assert (friendship.remark, friendship.starred) == ("Bobby", False)


def test_removing_a_friend_ends_it_for_both_and_a_second_time_there_is_none(alice, bob, charlie, api):
    make.friends(alice, charlie)

    assert api(alice).delete(f"{FRIENDS}bob/").status_code == 204
    assert (alice.is_friend_of(bob), bob.is_friend_of(alice)) == (False, False)
    assert api(alice).delete(f"{FRIENDS}bob/").status_code == 404
    with pytest.raises(NotFound):
        services.remove_friend(owner=bob, friend=alice)
    assert alice.is_friend_of(charlie)


def test_removing_on_the_page_asks_first(alice, bob, web):
    assert "Remove from contacts?" in web(alice).get("/people/bob/remove/").content.decode()
    assert alice.is_friend_of(bob)

    web(alice).post("/people/bob/remove/")
    assert not alice.is_friend_of(bob)


def test_a_suspended_friend_is_out_of_the_list(alice, bob, mod, api, web):
    assert "Bob" in web(alice).get("/contacts/").content.decode()
    services.suspend_person(moderator=mod, person=bob)

    assert api(alice).get(FRIENDS).json()["results"] == []
    assert "Bob" not in web(alice).get("/contacts/").content.decode()


class TestTags:
    def test_tags_are_made_renamed_counted_and_deleted(self, alice, bob, api):
        made = api(alice).post(TAGS, {"name": "Famly"})
        assert made.status_code == 201
        tag = f"{TAGS}{made.json()['id']}/"
        services.assign_tags(owner=alice, friend=bob, tags=[int(made.json()["id"])])

        assert api(alice).patch(tag, {"name": "Family"}).json()["name"] == "Family"
        assert api(alice).get(TAGS).json()["results"] == [{"id": made.json()["id"], "name": "Family", "friends": 1}]
        assert api(alice).delete(tag).status_code == 204
        assert alice.is_friend_of(bob)

    def test_a_tag_belongs_to_its_owner_alone(self, alice, bob, api, web):
        tag = services.create_tag(owner=alice, name="Family")

        assert api(bob).get(TAGS).json()["results"] == []
        assert api(bob).patch(f"{TAGS}{tag.pk}/", {"name": "Mine"}).status_code == 404
        assert api(bob).delete(f"{TAGS}{tag.pk}/").status_code == 404
        assert web(bob).get(f"/contacts/tags/{tag.pk}/").status_code == 404
        assert web(bob).post(f"/contacts/tags/{tag.pk}/delete/").status_code == 404
        answer = api(bob).patch(f"{FRIENDS}alice/", {"tags": [str(tag.pk)]})
        assert (answer.status_code, answer.json()["code"]) == (400, "unknown_tag")
        for service in (services.rename_tag, services.change_tag):
            with pytest.raises((NotFound, TypeError)):
                service(owner=bob, tag=tag, name="Mine")
        tag.refresh_from_db()
        assert tag.name == "Family" and not tag.friendships.exists()
        assert web(alice).get(f"/contacts/tags/{tag.pk}/").status_code == 200

    def test_names_are_unique_whatever_their_case(self, alice, bob, api):
        services.create_tag(owner=alice, name="Family")
        other = services.create_tag(owner=alice, name="Work")

        assert api(alice).post(TAGS, {"name": "family"}).status_code == 409
        with pytest.raises(DuplicateTag):
            services.rename_tag(owner=alice, tag=other, name="FAMILY")
        assert services.create_tag(owner=bob, name="Family").pk
        assert sorted(FriendTag.objects.filter(owner=alice).values_list("name", flat=True)) == ["Family", "Work"]

    def test_there_is_a_limit_to_tags(self, alice, settings):
        settings.FRIEND_TAGS_MAX = 1
        services.create_tag(owner=alice, name="One")

        with pytest.raises(TooManyTags):
            services.create_tag(owner=alice, name="Two")
        assert FriendTag.objects.count() == 1

    def test_an_empty_name_is_refused(self, alice, api):
        assert api(alice).post(TAGS, {"name": " \u200b "}).status_code == 400
        assert not FriendTag.objects.exists()

    def test_unknown_tags_change_nothing(self, alice, bob):
        tag = services.create_tag(owner=alice, name="Family")
        services.assign_tags(owner=alice, friend=bob, tags=[tag.pk])

        with pytest.raises(UnknownTag):
            services.change_friend(owner=alice, friend=bob, remark="B", tags=[tag.pk, tag.pk + 1])
        friendship = Friendship.objects.get(owner=alice)
        assert (list(friendship.tags.all()), friendship.remark) == ([tag], "")

    def test_the_page_chooses_who_carries_a_tag(self, alice, bob, charlie, web):
        make.friends(alice, charlie)
        web(alice).post("/contacts/tags/", {"name": "Family"})
        tag = FriendTag.objects.get()

        web(alice).post(f"/contacts/tags/{tag.pk}/", {"name": "Close", "friends": [charlie.pk]})
        tag.refresh_from_db()
        assert (tag.name, [row.friend for row in tag.friendships.all()]) == ("Close", [charlie])

        dora = make.person("dora2")
        page = web(alice).post(f"/contacts/tags/{tag.pk}/", {"name": "Close", "friends": [dora.pk]})
        assert page.status_code == 200
        assert [row.friend for row in tag.friendships.all()] == [charlie]

    def test_the_edit_page_writes_remark_tags_and_switches(self, alice, bob, web):
        tag = services.create_tag(owner=alice, name="Family")

        web(alice).post("/people/bob/edit/", {"remark": "Bobby", "tags": [tag.pk], "hide_my_moments": "on"})

        friendship = Friendship.objects.get(owner=alice)
        assert (friendship.remark, list(friendship.tags.all())) == ("Bobby", [tag])
        assert (friendship.hide_my_moments, friendship.chat_only) == (True, False)
