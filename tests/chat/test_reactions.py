"""Emoji under messages."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest

from accounts import services as accounts
from accounts.models import User
from chat import services
from chat.emoji import one_emoji
from chat.models import Conversation, Message, Reaction
from tests import make
from tests.conftest import Api, Web


def address(message: Message, emoji: str) -> str:
    return f"/api/v1/messages/{message.pk}/reactions/{quote(emoji)}/"


def react(user: User, message: Message, emoji: str = "👍") -> Any:
    return Api(user).put(address(message, emoji))


def test_a_reaction_is_seen_by_all_and_ones_own_is_marked(
    alice: User, bob: User, group: Conversation, say: Any
) -> None:
    said = say(alice, group)
    assert react(bob, said).json()["reactions"] == [{"emoji": "👍", "count": 1, "people": ["bob"], "mine": True}]
    react(alice, said)
    react(alice, said, "🎉")

    def seen_by(person: User, door: str) -> Any:
        answer = Api(person).get(f"/api/v1/conversations/{group.pk}/{door}").json()
        listed = answer.get("results") or answer["messages"]
        return next(message["reactions"] for message in listed if message["id"] == str(said.pk))

    expected = [
        {"emoji": "👍", "count": 2, "people": ["bob", "alice"], "mine": True},
        {"emoji": "🎉", "count": 1, "people": ["alice"], "mine": False},
    ]
    assert seen_by(bob, "messages/") == seen_by(bob, "sync/?since=0") == expected
    page = Web(bob).get(f"/chats/{group.pk}/").content.decode()
    assert 'class="reaction chosen"' in page
    who = Api(bob).get(f"/api/v1/messages/{said.pk}/reactions/").json()["results"]
    assert [(one["person"]["handle"], one["emoji"]) for one in who] == [("alice", "🎉"), ("alice", "👍"), ("bob", "👍")]


def test_once_more_changes_nothing_and_so_does_taking_back_what_is_not_there(
    alice: User, direct: Conversation, say: Any
) -> None:
    said = say(alice, direct)
    first = react(alice, said).json()
    assert react(alice, said).json() == first
    assert Api(alice).delete(address(said, "🎉")).json() == first
    assert Api(alice).delete(address(said, "👍")).json()["reactions"] == []
    assert Message.objects.get(pk=said.pk).reaction_count == 0


@pytest.mark.parametrize("emoji", ["a", "👍👍", " ", "#", "<b>", "🏳", "1", "x" * 60, ":party:", "👍a"])
def test_only_one_emoji_is_a_reaction(emoji: str, alice: User, direct: Conversation, say: Any) -> None:
    said = say(alice, direct)
    answer = react(alice, said, emoji)
    if one_emoji(emoji):
        assert answer.json()["reactions"][0]["emoji"] == f"{emoji}\ufe0f", "in its one spelling"
    else:
        assert (answer.status_code, answer.json()["code"]) == (400, "not_an_emoji")
        assert not Reaction.objects.exists()


@pytest.mark.parametrize(
    ("spellings", "kept"),
    [
        (["❤", "❤️"], "❤️"),
        (["👍", "👍️"], "👍"),
        (["👩‍❤️‍👩", "👩‍❤‍👩"], "👩‍❤️‍👩"),
        (["🇨🇳"], "🇨🇳"),
        (["1⃣", "1️⃣"], "1️⃣"),
        (["👍🏽"], "👍🏽"),
        (["🏴󠁧󠁢󠁥󠁮󠁧󠁿"], "🏴󠁧󠁢󠁥󠁮󠁧󠁿"),
    ],
)
def test_one_emoji_has_one_spelling(spellings: list[str], kept: str) -> None:
    assert {one_emoji(spelling) for spelling in spellings} == {kept}


def test_at_most_twenty_different_ones(alice: User, bob: User, direct: Conversation, say: Any, settings: Any) -> None:
    settings.REACTIONS_MAX = 2
    said = say(alice, direct)
    assert [react(alice, said, emoji).status_code for emoji in "👍🎉"] == [200, 200]
    answer = react(alice, said, "😮")
    assert (answer.status_code, answer.json()["code"]) == (409, "too_many_reactions")
    assert react(bob, said, "👍").status_code == 200


@pytest.mark.covers("F7")
def test_who_is_blocked_cannot_react_and_may_take_back(alice: User, bob: User, direct: Conversation, say: Any) -> None:
    said = say(alice, direct)
    assert react(bob, said).status_code == 200
    accounts.block_person(blocker=alice, blocked=bob)
    answer = react(bob, said, "🎉")
    assert (answer.status_code, answer.json()["code"]) == (403, "rejected")
    assert Reaction.objects.count() == 1
    assert Api(bob).delete(address(said, "👍")).status_code == 200
    assert not Reaction.objects.exists()


def test_nobody_reacts_to_what_they_cannot_read_or_what_nobody_says(
    alice: User, charlie: User, direct: Conversation, say: Any
) -> None:
    said, line = say(alice, direct), Message.objects.get(conversation=direct, kind="system")
    gone = say(alice, direct)
    services.recall_message(actor=alice, message=gone)
    assert react(charlie, said).status_code == 404
    for message in (line, gone):
        assert react(alice, message).json()["code"] == "cannot_react"
    assert not Reaction.objects.exists()
    assert react(alice, said).status_code == 200


def test_an_emoji_of_this_place_is_chosen_by_its_name(
    alice: User, mod: User, direct: Conversation, say: Any, effects: Any
) -> None:
    said = say(alice, direct)
    assert react(alice, said, ":jam:").json()["code"] == "not_an_emoji"
    with effects():
        jam = services.make_custom_emoji(moderator=mod, name="jam", file=make.picture_file(size=(20, 20)))
    assert react(alice, said, ":jam:").json()["reactions"][0]["emoji"] == ":jam:"
    assert 'alt=":jam:"' in Web(alice).get(f"/chats/{direct.pk}/").content.decode()
    with effects():
        services.remove_custom_emoji(moderator=mod, emoji=jam)
    assert Api(alice).delete(address(said, ":jam:")).json()["reactions"] == []


def test_people_beyond_the_first_are_counted(
    alice: User, group: Conversation, say: Any, django_assert_max_num_queries: Any
) -> None:
    people = [make.person(f"guest{number}") for number in range(7)]
    for person in people:
        make.friends(alice, person)
    services.add_members(actor=alice, conversation=group, members=people)
    said = say(alice, group)
    for person in people:
        services.react(person=person, message=said, emoji="👍")
    said = say(alice, group)
    services.react(person=alice, message=said, emoji="🎉")
    with django_assert_max_num_queries(14):
        listed = Api(alice).get(f"/api/v1/conversations/{group.pk}/messages/").json()["results"]
    [reacted] = next(message["reactions"] for message in listed if message["reactions"][0:1] and "👍" in str(message))
    assert (reacted["count"], len(reacted["people"])) == (7, 5)


def test_the_same_is_done_without_scripts(alice: User, bob: User, direct: Conversation, say: Any) -> None:
    said = say(alice, direct)
    here = f"/chats/{direct.pk}/messages/{said.pk}/reactions/"
    assert Web(bob).post(here, {"emoji": "👍"}).status_code == 302
    assert "Bob" in Web(alice).get(here).content.decode()
    assert Web(bob).post(here, {"emoji": "two"}).status_code == 400
    assert Web(bob).post(f"{here}remove/", {"emoji": "👍"}).status_code == 302
    assert not Reaction.objects.exists()


def test_the_members_hear_of_it_in_the_same_words(device: Any, alice: User, bob: User) -> None:
    direct = make.direct(alice, bob)
    said = make.message(alice, direct)
    sockets = [device(alice), device(bob)]
    react(bob, said)
    heard = [socket.until("message.changed")["message"] for socket in sockets]
    assert heard[0] == heard[1]
    assert heard[0]["reactions"] == [{"emoji": "👍", "count": 1, "people": ["bob"]}]
