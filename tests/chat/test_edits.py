"""Putting one's own message in other words."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils.timezone import now

from accounts import services as accounts
from accounts.models import User
from chat import services
from chat.models import Conversation, Message, MessageEdit
from tests import make
from tests.conftest import Api, Web


def edit(user: User, message: Message, text: Any = "Better") -> Any:
    return Api(user).patch(f"/api/v1/messages/{message.pk}/", {"text": text})


def test_what_is_edited_says_so_and_keeps_what_it_said(alice: User, bob: User, direct: Conversation, say: Any) -> None:
    said = say(alice, direct, "Frist")
    head = Conversation.objects.get(pk=direct.pk).head
    answer = edit(alice, said, "First")
    assert answer.status_code == 200
    assert answer.json()["text"] == "First"
    assert answer.json()["edited_at"]
    assert answer.json()["changed_seq"] == head + 1
    assert answer.json()["seq"] == said.seq
    edit(alice, said, "First!")
    versions = Api(bob).get(f"/api/v1/messages/{said.pk}/edits/").json()
    assert [version["text"] for version in versions] == ["Frist", "First"]
    page = Web(bob).get(f"/chats/{direct.pk}/").content.decode()
    assert "First!" in page
    assert f"/chats/{direct.pk}/messages/{said.pk}/edits/" in page
    history = Web(bob).get(f"/chats/{direct.pk}/messages/{said.pk}/edits/").content.decode()
    assert "Frist" in history


@pytest.mark.covers("J8", "J9")
def test_quotes_of_it_show_what_it_says_now(alice: User, bob: User, direct: Conversation, say: Any) -> None:
    said = say(alice, direct, "Old words")
    reply = say(bob, direct, "Yes", reply_to=said)
    head = Conversation.objects.get(pk=direct.pk).head
    edit(alice, said, "New words")
    changed = Api(bob).get(f"/api/v1/conversations/{direct.pk}/sync/?since={head}").json()["messages"]
    assert [message["id"] for message in changed] == [str(said.pk), str(reply.pk)]
    assert changed[1]["reply_to"]["text"] == "New words"
    assert "Old words" not in Web(bob).get(f"/chats/{direct.pk}/changes/?since={head}").content.decode()


def test_the_same_words_change_nothing(alice: User, direct: Conversation, say: Any) -> None:
    said = say(alice, direct, "Same")
    head = Conversation.objects.get(pk=direct.pk).head
    assert edit(alice, said, " Same ").json()["edited_at"] is None
    assert Conversation.objects.get(pk=direct.pk).head == head


@pytest.mark.parametrize(
    ("text", "code"), [("", "empty_message"), (" \n", "empty_message"), ("x" * 5001, "invalid"), (None, "invalid")]
)
def test_words_that_could_not_be_sent_are_refused(
    text: Any, code: str, alice: User, direct: Conversation, say: Any
) -> None:
    said = say(alice, direct, "Stays")
    assert edit(alice, said, text).json()["code"] == code
    assert Message.objects.get(pk=said.pk).text == "Stays"
    assert edit(alice, said, "Goes").status_code == 200


def test_what_stands_with_a_photo_may_be_changed_and_taken_away(alice: User, direct: Conversation, say: Any) -> None:
    said = say(alice, direct, "A lake", kind="image", uploads=[str(make.upload(alice).pk)])
    assert edit(alice, said, "").json()["text"] == ""
    assert len(edit(alice, said, "The lake").json()["uploads"]) == 1


def test_only_its_sender_edits_and_only_for_two_days(
    alice: User, bob: User, charlie: User, group: Conversation, say: Any
) -> None:
    said = say(bob, group, "Mine")
    assert edit(charlie, said).status_code == 404
    assert (edit(alice, said).status_code, edit(alice, said).json()["code"]) == (403, "not_your_message")
    Message.objects.filter(pk=said.pk).update(created_at=now() - timedelta(hours=49))
    answer = edit(bob, said)
    assert (answer.status_code, answer.json()["code"]) == (409, "too_late_to_edit")
    assert Message.objects.get(pk=said.pk).text == "Mine"
    Message.objects.filter(pk=said.pk).update(created_at=now() - timedelta(hours=47))
    assert edit(bob, said).status_code == 200


def test_what_is_no_words_or_has_been_recalled_is_not_edited(alice: User, direct: Conversation, say: Any) -> None:
    make.funds(alice, 100)
    gift = services.send_red_envelope(sender=alice, conversation=direct, kind="normal", amount=100, shares=1, key="k")
    gone = say(alice, direct)
    services.recall_message(actor=alice, message=gone)
    for message in (gift, gone):
        assert edit(alice, message).json()["code"] == "cannot_edit"
    assert not MessageEdit.objects.exists()


@pytest.mark.covers("F7")
def test_who_is_not_heard_any_more_does_not_speak_through_old_messages(
    alice: User, bob: User, direct: Conversation, say: Any
) -> None:
    said = say(bob, direct, "Before")
    accounts.block_person(blocker=alice, blocked=bob)
    assert edit(bob, said, "Listen!").json()["code"] == "rejected"
    assert Message.objects.get(pk=said.pk).text == "Before"


def test_who_is_named_no_more_is_named_no_more(alice: User, bob: User, carol: User, group: Conversation) -> None:
    sent = Api(alice).post(
        f"/api/v1/conversations/{group.pk}/messages/",
        {"client_id": "0f6a5a3f-1a11-4c58-9d5c-6f1d3f2e6a0e", "text": "@bob and @carol"},
    )
    said = Message.objects.get(pk=sent.json()["id"])
    assert len(said.mentions) == 2
    names = edit(alice, said, "@bob alone, not @dora").json()["mentions"]
    assert [one["handle"] for one in names] == ["bob"]
    assert Message.objects.get(pk=said.pk).mentions == [bob.pk]


def test_so_many_times_and_no_more(alice: User, direct: Conversation, say: Any, settings: Any) -> None:
    settings.MESSAGE_EDITS_MAX = 2
    said = say(alice, direct, "0")
    assert [edit(alice, said, text).status_code for text in "12"] == [200, 200]
    assert edit(alice, said, "3").json()["code"] == "too_many_edits"
    assert Message.objects.get(pk=said.pk).text == "2"


def test_it_is_edited_on_a_page_without_scripts(alice: User, bob: User, direct: Conversation, say: Any) -> None:
    said = say(alice, direct, "Helo")
    address = f"/chats/{direct.pk}/messages/{said.pk}/edit/"
    assert ">\nHelo</textarea>" in Web(alice).get(address).content.decode()
    assert Web(alice).post(address, {"text": "Hello"}).status_code == 302
    assert Message.objects.get(pk=said.pk).text == "Hello"
    assert Web(alice).post(address, {"text": " "}).status_code == 422
    assert Web(bob).post(address, {"text": "Mine"}).status_code == 422
    assert Message.objects.get(pk=said.pk).text == "Hello"


def test_the_members_hear_of_it_at_once(device: Any, alice: User, bob: User) -> None:
    direct = make.direct(alice, bob)
    said = make.message(alice, direct, "Old")
    socket = device(bob)
    edit(alice, said, "New")
    assert socket.until("message.changed")["message"]["text"] == "New"
