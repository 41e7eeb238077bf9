"""Asking a group."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from accounts.models import User
from chat import services, tasks
from chat.models import Conversation, Message, Poll, PollVote
from superapp.kernel.models import OutboxRow
from tests import make
from tests.conftest import Api, Web
from tests.live_server import Device
from tests.wallet.crowd import at_once


def ask(user: User, group: Conversation, **more: Any) -> Any:
    body = {"client_id": str(uuid4()), "question": "Where do we eat?", "options": ["Noodles", "Dumplings", "Home"]}
    return Api(user).post(f"/api/v1/conversations/{group.pk}/polls/", body | more)


@pytest.fixture
def poll(alice: User, group: Conversation) -> Message:
    return Message.objects.get(pk=ask(alice, group).json()["id"])


def vote(user: User, message: Message, *options: int) -> Any:
    return Api(user).post(f"/api/v1/messages/{message.pk}/votes/", {"options": options})


def test_a_poll_is_a_message_with_words_for_everybody(alice: User, bob: User, group: Conversation) -> None:
    answer = ask(alice, group, multiple=True, anonymous=True)

    assert answer.status_code == 201
    shown = answer.json()
    assert (shown["kind"], shown["text"]) == ("poll", "Where do we eat?\n1. Noodles\n2. Dumplings\n3. Home")
    assert shown["poll"] == {
        "question": "Where do we eat?",
        "options": [
            {"number": 1, "text": "Noodles", "votes": 0},
            {"number": 2, "text": "Dumplings", "votes": 0},
            {"number": 3, "text": "Home", "votes": 0},
        ],
        "multiple": True, "anonymous": True, "voters": 0, "closes_at": None, "closed": False, "mine": [],
    }  # fmt: skip
    assert "[Poll] Where do we eat?" in Web(bob).get("/chats/").content.decode()


def test_a_retry_asks_once(alice: User, group: Conversation) -> None:
    client_id = str(uuid4())
    first, again = ask(alice, group, client_id=client_id), ask(alice, group, client_id=client_id)

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["id"] == again.json()["id"]
    assert Poll.objects.count() == 1


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ({"question": " "}, "invalid"),
        ({"question": "x" * 256}, "invalid"),
        ({"options": ["one"]}, "invalid"),
        ({"options": ["one", " one "]}, "bad_poll"),
        ({"options": [str(number) for number in range(13)]}, "invalid"),
        ({"options": ["a", "x" * 101]}, "invalid"),
        ({"closes_at": "2020-01-01T00:00:00Z"}, "bad_poll"),
    ],
)
def test_a_poll_that_makes_no_sense_is_refused(alice: User, group: Conversation, words: Any, code: str) -> None:
    answer = ask(alice, group, **words)

    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert not Poll.objects.exists()
    assert not Message.objects.filter(kind="poll").exists()


def test_between_two_nobody_polls(alice: User, direct: Conversation) -> None:
    assert ask(alice, direct).json()["code"] == "not_a_group"
    assert Web(alice).get(f"/chats/{direct.pk}/polls/").status_code == 404


def test_one_votes_votes_anew_and_takes_it_back(alice: User, bob: User, poll: Message) -> None:
    assert vote(bob, poll, 2).json()["mine"] == [2]
    changed = vote(bob, poll, 3).json()

    assert (changed["mine"], changed["voters"]) == ([3], 1)
    assert [option["votes"] for option in changed["options"]] == [0, 0, 1]
    assert [(one["person"]["handle"], one["option"]) for one in changed["votes"]] == [("bob", 3)]
    assert Api(bob).delete(f"/api/v1/messages/{poll.pk}/votes/").status_code == 204
    assert Api(bob).delete(f"/api/v1/messages/{poll.pk}/votes/").status_code == 204
    assert not PollVote.objects.exists()


def test_one_answer_unless_several_are_asked_for(alice: User, bob: User, group: Conversation, poll: Message) -> None:
    several = Message.objects.get(pk=ask(alice, group, multiple=True).json()["id"])

    assert vote(bob, poll, 1, 2).json()["code"] == "unknown_option"
    assert vote(bob, poll, 4).json()["code"] == "unknown_option"
    assert not PollVote.objects.exists()
    assert vote(bob, several, 1, 2).json()["mine"] == [1, 2]
    assert vote(bob, several, 2, 3).json()["mine"] == [2, 3]


def test_nobody_learns_who_voted_anonymously(alice: User, bob: User, group: Conversation) -> None:
    secret = Message.objects.get(pk=ask(alice, group, anonymous=True).json()["id"])
    vote(bob, secret, 2)
    shown = Api(alice).get(f"/api/v1/messages/{secret.pk}/votes/").json()

    assert (shown["voters"], shown["votes"], shown["mine"]) == (1, [], [])
    page = Web(alice).get(f"/polls/{secret.pk}/").content.decode()
    assert "poll-voters" not in page


def test_strangers_and_those_who_came_later_find_no_poll(
    alice: User, bob: User, charlie: User, group: Conversation, poll: Message
) -> None:
    late = make.person("late")
    make.friends(alice, late)
    services.add_members(actor=alice, conversation=group, members=[late])

    assert vote(bob, poll, 1).status_code == 200
    for stranger in (charlie, late):
        assert vote(stranger, poll, 1).status_code == 404
        assert Api(stranger).get(f"/api/v1/messages/{poll.pk}/votes/").status_code == 404
        assert Web(stranger).get(f"/polls/{poll.pk}/").status_code == 404
    assert PollVote.objects.count() == 1


def test_its_author_and_the_admins_close_it(alice: User, bob: User, carol: User, group: Conversation) -> None:
    bobs = Message.objects.get(pk=ask(bob, group).json()["id"])
    vote(carol, bobs, 1)
    path = f"/api/v1/messages/{bobs.pk}/close/"

    assert Api(carol).post(path).json()["code"] == "not_allowed"
    assert Api(bob).post(path).status_code == 204
    assert Api(alice).post(path).status_code == 204  # it stays closed
    assert vote(carol, bobs, 2).json()["code"] == "poll_closed"
    bobs.refresh_from_db()
    assert bobs.payload["closed"] is True
    assert [option["votes"] for option in bobs.payload["options"]] == [1, 0, 0]


def test_it_closes_when_its_time_has_come(alice: User, bob: User, group: Conversation, effects: Any) -> None:
    message = Message.objects.get(pk=ask(alice, group, closes_at=(now() + timedelta(hours=1)).isoformat()).json()["id"])
    tasks.close_due_polls()
    assert vote(bob, message, 1).status_code == 200
    Poll.objects.update(closes_at=now() - timedelta(seconds=1))

    assert vote(bob, message, 2).json()["code"] == "poll_closed"
    tasks.close_due_polls()

    message.refresh_from_db()
    assert message.payload["closed"] is True
    assert message.changed_seq > message.seq


def test_a_burst_of_votes_is_told_once(alice: User, bob: User, carol: User, group: Conversation, poll: Message) -> None:
    before = Conversation.objects.get(pk=group.pk).head
    for person, option in ((alice, 1), (bob, 2), (carol, 2), (bob, 3)):
        vote(person, poll, option)
    assert OutboxRow.objects.filter(task="chat.tasks.announce").count() == 1

    tasks.announce(what="poll", thing_id=Poll.objects.get().pk)
    tasks.announce(what="poll", thing_id=Poll.objects.get().pk)

    poll.refresh_from_db()
    assert Conversation.objects.get(pk=group.pk).head == poll.changed_seq == before + 1
    assert [option["votes"] for option in poll.payload["options"]] == [1, 1, 1]
    assert poll.payload["voters"] == 3
    changed = Api(carol).get(f"/api/v1/conversations/{group.pk}/sync/?since={before}").json()
    assert [(one["kind"], one["poll"]["mine"]) for one in changed["messages"]] == [("poll", [2])]


def test_the_last_vote_is_never_missed(alice: User, bob: User, poll: Message, effects: Any) -> None:
    with effects():
        vote(alice, poll, 1)
    with effects():
        vote(bob, poll, 1)

    poll.refresh_from_db()
    assert poll.payload["options"][0]["votes"] == 2
    assert not Poll.objects.filter(is_announcement_owed=True).exists()


def test_nobody_votes_in_a_dissolved_group(alice: User, bob: User, group: Conversation, poll: Message) -> None:
    vote(bob, poll, 1)
    Conversation.objects.filter(pk=group.pk).update(dissolved_at=now())

    assert vote(bob, poll, 2).json()["code"] == "group_dissolved"
    tasks.announce(what="poll", thing_id=Poll.objects.get().pk)
    assert not Poll.objects.filter(is_announcement_owed=True).exists()


@pytest.mark.covers("G4")
@pytest.mark.django_db(transaction=True)
def test_sixty_four_at_once_have_one_vote_each(alice: User) -> None:
    people = User.objects.bulk_create(
        User(handle=f"voter{n}", display_name=f"Voter {n}", email=f"voter{n}@example.org", password="!")
        for n in range(31)
    )
    for person in people:
        make.friends(alice, person)
    group = make.group(alice, *people)
    message = Message.objects.get(pk=ask(alice, group).json()["id"])

    def cast(person: User, option: int) -> Any:
        return lambda: services.vote(voter=person, message=message, options=[option])

    calls = [cast(person, option) for person in (*people, alice) for option in (1, 2)]
    answers = at_once(calls)

    assert all(isinstance(answer, Poll) for answer in answers)
    assert Counter(PollVote.objects.values_list("user", flat=True)) == {person.pk: 1 for person in (*people, alice)}
    message.refresh_from_db()
    assert message.payload["voters"] == sum(option["votes"] for option in message.payload["options"]) == 32


@pytest.mark.django_db(transaction=True)
def test_votes_arrive_live_with_a_number(alice: User, bob: User, device: Any) -> None:
    group = make.group(alice, bob, title="Hiking")
    message = Message.objects.get(pk=ask(alice, group).json()["id"])
    socket: Device = device(bob)

    vote(alice, message, 2)

    event = socket.until("message.changed")
    assert event["seq"] == event["message"]["changed_seq"] == message.seq + 1
    assert [option["votes"] for option in event["message"]["poll"]["options"]] == [0, 1, 0]
    assert "mine" not in event["message"]["poll"]


def test_pages_ask_vote_and_close_without_scripts(alice: User, bob: User, group: Conversation) -> None:
    web = Web(alice)
    assert 'name="options"' in web.get(f"/chats/{group.pk}/polls/").content.decode()
    words = {"client_id": str(uuid4()), "question": "When?", "options": ["Sat", "", "Sun"], "is_multiple": "on"}
    assert web.post(f"/chats/{group.pk}/polls/", words | {"options": ["Sat", ""]}).status_code == 422
    assert web.post(f"/chats/{group.pk}/polls/", words).url == f"/chats/{group.pk}/"
    message = Message.objects.get(kind="poll")
    chat = Web(bob).get(f"/chats/{group.pk}/").content.decode()
    assert f'action="/polls/{message.pk}/votes/"' in chat
    assert "When?" in chat

    assert (
        Web(bob).post(f"/polls/{message.pk}/votes/", {"options": ["1", "2"]}).url
        == f"/chats/{group.pk}/#message-{message.seq}"
    )
    assert set(PollVote.objects.values_list("option", flat=True)) == {1, 2}
    assert 'value="1" checked' in Web(bob).get(f"/chats/{group.pk}/").content.decode()
    page = web.get(f"/polls/{message.pk}/").content.decode()
    assert page.count('href="/people/bob/"') == 2
    assert Web(bob).post(f"/polls/{message.pk}/votes/", {"from": "page"}).url == f"/polls/{message.pk}/"
    assert not PollVote.objects.exists()
    assert web.post(f"/polls/{message.pk}/close/").status_code == 302
    assert Poll.objects.filter(closed_at=None).count() == 0


def test_a_page_with_many_polls_asks_no_more(alice: User, bob: User, group: Conversation) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert Api(bob).get(f"/api/v1/conversations/{group.pk}/messages/").status_code == 200
        return len(caught)

    def page_queries() -> int:
        web = Web(bob)
        web.get(f"/chats/{group.pk}/")
        with CaptureQueriesContext(connection) as caught:
            web.get(f"/chats/{group.pk}/")
        return len(caught)

    ask(alice, group)
    one = queries(), page_queries()
    for number in range(5):
        vote(bob, Message.objects.get(pk=ask(alice, group, question=f"No. {number}").json()["id"]), 1)

    assert (queries(), page_queries()) == one


def test_a_poll_that_is_taken_back_takes_its_votes(alice: User, bob: User, poll: Message) -> None:
    vote(bob, poll, 1)
    services.recall_message(actor=alice, message=poll)

    assert vote(bob, poll, 2).status_code == 404
    assert not PollVote.objects.exists()
    assert Message.objects.filter(pk=poll.pk, changed_seq__gt=F("seq")).exists()
