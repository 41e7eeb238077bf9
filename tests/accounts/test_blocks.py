from __future__ import annotations

import pytest

from accounts import services
from accounts.models import Block, User
from accounts.services.friendship import NotYourself
from tests import make

BLOCKS = "/api/v1/blocks/"


def test_blocking_ends_the_friendship_and_again_changes_nothing(alice, bob, api):
    for _ in range(2):
        assert api(alice).post(BLOCKS, {"handle": "bob"}).status_code == 201

    assert (alice.is_friend_of(bob), bob.is_friend_of(alice)) == (False, False)
    assert Block.objects.count() == 1
    assert [row["handle"] for row in api(alice).get(BLOCKS).json()["results"]] == ["bob"]


def test_unblocking_leaves_strangers(alice, bob, api):
    services.block_person(blocker=alice, blocked=bob)

    for _ in range(2):
        assert api(alice).delete(f"{BLOCKS}bob/").status_code == 204
    assert not Block.objects.exists()
    assert not alice.is_friend_of(bob)
    assert api(alice).delete(f"{BLOCKS}nobody/").status_code == 404


def test_only_the_blocker_can_undo_or_see_it(alice, mallory, api):
    assert api(mallory).get(BLOCKS).json()["results"] == []
    api(mallory).delete(f"{BLOCKS}alice/")

    assert Block.objects.filter(blocker=alice, blocked=mallory).exists()


def test_nobody_blocks_themselves(alice):
    with pytest.raises(NotYourself):
        services.block_person(blocker=alice, blocked=alice)
    assert not Block.objects.exists()


def test_the_blocked_find_no_trace_of_the_blocker(alice, mallory, charlie, api, web):
    doors = ["/people/alice/", "/people/alice/request/", "/people/alice/block/", "/api/v1/people/alice/"]
    for door in doors:
        assert web(charlie).get(door).status_code == 200  # it is there for others
        blocked, missing = web(mallory).get(door), web(mallory).get(door.replace("alice", "nobody"))
        assert blocked.status_code == missing.status_code == 404
    assert api(mallory).get("/api/v1/people/?q=alice").json()["results"] == []
    assert "@alice" not in web(mallory).get("/contacts/add/?q=alice").content.decode()
    assert "@alice" in web(charlie).get("/contacts/add/?q=alice").content.decode()


def test_a_blocked_answer_is_the_same_as_for_nobody(alice, mallory, api):
    blocked, missing = (api(mallory).get(f"/api/v1/people/{name}/") for name in ("alice", "nobody"))

    headers = [{k: v for k, v in answer.headers.items() if k != "Expires"} for answer in (blocked, missing)]
    assert (blocked.content, headers[0]) == (missing.content, headers[1])


def test_the_blocker_still_sees_the_blocked_and_unblocks_on_the_page(alice, mallory, web):
    page = web(alice).get("/people/mallory/").content.decode()
    assert "You have blocked this person." in page
    assert "@mallory" in web(alice).get("/me/blocks/").content.decode()

    web(alice).post("/people/mallory/unblock/")
    assert not Block.objects.exists()
    assert web(alice).post("/people/mallory/unblock/").status_code == 404


def test_the_page_asks_before_it_blocks(alice, bob, web):
    assert "Block this person?" in web(alice).get("/people/bob/block/").content.decode()
    assert not Block.objects.exists()

    web(alice).post("/people/bob/block/")
    assert Block.objects.filter(blocker=alice, blocked=bob).exists()


def test_two_who_blocked_each_other_can_both_undo_it(alice, bob, api):
    services.block_person(blocker=alice, blocked=bob)
    services.block_person(blocker=bob, blocked=alice)

    assert api(alice).delete(f"{BLOCKS}bob/").status_code == 204
    assert api(bob).delete(f"{BLOCKS}alice/").status_code == 204
    assert not Block.objects.exists()


def test_the_words_for_people_agree_with_the_rows(alice, bob, charlie, mallory):
    eve = make.person("eve", is_active=False)

    assert list(User.objects.friends_of(alice)) == [bob]
    assert set(User.objects.not_blocked_with(alice)) == {alice, bob, charlie, eve}
    assert set(User.objects.not_blocked_with(mallory)) == {mallory, bob, charlie, eve}
    assert set(User.objects.visible_to(alice)) == {alice, bob, charlie, mallory}
    assert set(User.objects.visible_to(mallory)) == {mallory, bob, charlie}
    assert (alice.is_blocked_with(mallory), mallory.is_blocked_with(alice)) == (True, True)
    assert not alice.is_blocked_with(bob)
