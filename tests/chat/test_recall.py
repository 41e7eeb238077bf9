"""Taking a message back, for everybody."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.utils.timezone import now

from accounts.models import User
from chat import services
from chat.models import Conversation, Message, MessageEdit, Reaction, RecalledText, SavedItem
from tests import make
from tests.conftest import Api, Web
from uploads.models import Upload


def recall(user: User, message: Message) -> Any:
    return Api(user).post(f"/api/v1/messages/{message.pk}/recall/")


def age(message: Message, **span: float) -> None:
    Message.objects.filter(pk=message.pk).update(created_at=now() - timedelta(**span))


def everything_about(user: User, conversation: Conversation) -> str:
    """What every door that shows messages says to somebody."""
    doors = [
        (Api(user), f"/api/v1/conversations/{conversation.pk}/messages/"),
        (Api(user), f"/api/v1/conversations/{conversation.pk}/sync/?since=0"),
        (Api(user), f"/api/v1/conversations/{conversation.pk}/"),
        (Api(user), "/api/v1/conversations/"),
        (Api(user), "/api/v1/saved/"),
        (Api(user), "/api/v1/notifications/"),
        (Web(user), f"/chats/{conversation.pk}/"),
        (Web(user), f"/chats/{conversation.pk}/changes/?since=0"),
        (Web(user), "/chats/"),
    ]
    return "".join(client.get(address).content.decode() for client, address in doors)


@pytest.mark.covers("J9")
def test_what_is_recalled_is_nowhere_any_more(alice: User, bob: User, group: Conversation, say: Any) -> None:
    said = say(alice, group, "canary @bob https://example.org/canary")
    say(bob, group, "An answer", reply_to=said)
    services.react(person=bob, message=said, emoji="👍")
    services.save_messages(owner=bob, messages=[said])
    services.edit_message(editor=alice, message=said, text="canary two @bob")
    assert "canary" in everything_about(bob, group)

    answer = recall(alice, said)

    assert answer.status_code == 200
    body = answer.json()
    assert (body["text"], body["recalled_by"], body["edited_at"]) == ("", "alice", None)
    assert (body["reactions"], body["mentions"], body["preview"]) == ([], [], None)
    assert body["recalled_at"] is not None
    for person in (alice, bob):
        assert "canary" not in everything_about(person, group)
    assert not MessageEdit.objects.exists()
    assert not Reaction.objects.exists()
    assert not SavedItem.objects.exists()


@pytest.mark.covers("J8", "J9")
def test_those_who_quoted_it_are_told_that_their_quote_is_empty(
    alice: User, bob: User, direct: Conversation, say: Any
) -> None:
    said = say(alice, direct, "Secret")
    reply = say(bob, direct, "Oh", reply_to=said)
    head = Conversation.objects.get(pk=direct.pk).head
    recall(alice, said)
    changed = Api(bob).get(f"/api/v1/conversations/{direct.pk}/sync/?since={head}").json()
    assert [message["id"] for message in changed["messages"]] == [str(said.pk), str(reply.pk)]
    assert changed["messages"][1]["reply_to"]["text"] == ""
    assert changed["head"] == head + 2


def test_it_can_be_done_for_two_minutes_and_files_for_longer(alice: User, direct: Conversation, say: Any) -> None:
    early, late = say(alice, direct, "Early"), say(alice, direct, "Late")
    age(early, seconds=110)
    age(late, seconds=130)
    assert recall(alice, early).status_code == 200
    head = Conversation.objects.get(pk=direct.pk).head
    answer = recall(alice, late)
    assert (answer.status_code, answer.json()["code"]) == (409, "too_late_to_recall")
    assert Message.objects.get(pk=late.pk).text == "Late"
    assert Conversation.objects.get(pk=direct.pk).head == head
    Message.objects.filter(pk=late.pk).update(kind="file")
    assert recall(alice, late).status_code == 200


def test_only_its_sender_recalls_and_in_a_group_who_manages_it(
    alice: User, bob: User, carol: User, charlie: User, group: Conversation, direct: Conversation, say: Any
) -> None:
    said = say(bob, group, "Mine")
    age(said, days=3)
    assert recall(charlie, said).status_code == 404
    answer = recall(carol, said)
    assert (answer.status_code, answer.json()["code"]) == (403, "not_your_message")
    assert Message.objects.get(pk=said.pk).text == "Mine"
    assert recall(alice, said).json()["recalled_by"] == "alice"
    assert not RecalledText.objects.exists(), "what others take away is not given back"
    between_two = say(bob, direct, "Also mine")
    assert recall(alice, between_two).json()["code"] == "not_your_message"
    assert "Alice removed a message of Bob" in Web(carol).get(f"/chats/{group.pk}/").content.decode()


def test_money_that_has_moved_is_not_recalled(alice: User, bob: User, direct: Conversation) -> None:
    make.funds(alice, 100)
    sent = services.send_red_envelope(
        sender=alice, conversation=direct, kind="normal", amount=100, shares=1, key="k", greeting="For you"
    )
    line = Message.objects.filter(conversation=direct, kind="system").first()
    assert line is not None
    for message in (sent, line):
        answer = recall(alice, message)
        assert (answer.status_code, answer.json()["code"]) == (409, "cannot_recall")
    assert Message.objects.get(pk=sent.pk).text == "For you"


def test_once_more_changes_nothing(alice: User, direct: Conversation, say: Any) -> None:
    said = say(alice, direct)
    recall(alice, said)
    head = Conversation.objects.get(pk=direct.pk).head
    assert recall(alice, said).status_code == 200
    assert Conversation.objects.get(pk=direct.pk).head == head


def test_its_sender_may_write_it_better_for_five_minutes(
    alice: User, bob: User, direct: Conversation, say: Any
) -> None:
    said = say(alice, direct, "Helo")
    recall(alice, said)
    address = f"/api/v1/messages/{said.pk}/recall/"
    assert Api(alice).get(address).json()["text"] == "Helo"
    assert Api(bob).get(address).status_code == 404
    page = Web(alice).get(f"/chats/{direct.pk}/").content.decode()
    assert "You recalled a message" in page
    assert f"?reedit={said.pk}" in page
    again = Web(alice).get(f"/chats/{direct.pk}/?reedit={said.pk}").content.decode()
    assert ">Helo</textarea>" in again
    theirs = Web(bob).get(f"/chats/{direct.pk}/?reedit={said.pk}").content.decode()
    assert "Alice recalled a message" in theirs
    assert "Helo" not in theirs
    RecalledText.objects.update(expires_at=now() - timedelta(seconds=1))
    assert Api(alice).get(address).status_code == 404
    assert "?reedit" not in Web(alice).get(f"/chats/{direct.pk}/").content.decode()
    assert services.forget_recalled_texts() == 1


def test_its_files_go_with_it_unless_something_else_carries_them(
    alice: User, bob: User, direct: Conversation, group: Conversation, say: Any, effects: Any
) -> None:
    alone, shared = make.upload(alice), make.upload(alice, size=(64, 65))
    said = say(alice, direct, "", kind="image", uploads=[str(alone.pk), str(shared.pk)])
    Upload.objects.get(pk=alone.pk)
    other = say(alice, direct, "", kind="image", uploads=[str(make.upload(alice).pk)])
    services.forward_messages(sender=bob, messages=[other], to=[group], client_id=said.client_id)
    with effects():
        recall(alice, said)
        recall(alice, other)
    assert list(Upload.objects.values_list("pk", flat=True)) == list(
        Message.objects.get(conversation=group, kind="image").attachments.values_list("upload", flat=True)
    )


@pytest.mark.covers("J3")
def test_a_retry_of_what_was_recalled_is_known(alice: User, direct: Conversation, say: Any) -> None:
    said = say(alice, direct, "Hello")
    recall(alice, said)
    body = {"client_id": str(said.client_id), "text": "Hello"}
    again = Api(alice).post(f"/api/v1/conversations/{direct.pk}/messages/", body)
    assert (again.status_code, again.json()["id"]) == (200, str(said.pk))
    assert again.json()["text"] == ""


def test_it_counts_as_unread_no_more(alice: User, bob: User, direct: Conversation, say: Any) -> None:
    said = say(alice, direct)

    def unread() -> int:
        return Api(bob).get(f"/api/v1/conversations/{direct.pk}/").json()["unread"]

    before = unread()
    recall(alice, said)
    assert unread() == before - 1


def test_the_members_hear_of_it_at_once_and_not_what_it_said(
    device: Any, alice: User, bob: User, charlie: User
) -> None:
    direct = make.direct(alice, bob)
    said = make.message(alice, direct, "canary")
    socket, stranger = device(bob), device(charlie)
    recall(alice, said)
    event = socket.until("message.changed")
    assert event["message"]["recalled_at"]
    assert event["message"]["id"] == str(said.pk)
    assert "canary" not in json.dumps(event)
    stranger.texts()
    assert "message.changed" not in {frame["type"] for frame in stranger.received}
