"""Saying, reading and syncing over REST."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.db.models import F

from accounts import services as accounts
from accounts.models import User
from chat import services
from chat.models import Conversation, Message
from tests import make
from tests.conftest import Api


def post(user: User, conversation: Conversation, **body: Any) -> Any:
    body = {"client_id": str(uuid4()), "text": "Hello", **body}
    return Api(user).post(f"/api/v1/conversations/{conversation.pk}/messages/", body)


def texts(user: User, conversation: Conversation, query: str = "") -> list[str]:
    answer = Api(user).get(f"/api/v1/conversations/{conversation.pk}/messages/{query}")
    assert answer.status_code == 200, answer.json()
    return [message["text"] for message in answer.json()["results"]]


def test_friends_begin_with_a_line_that_says_so(alice: User, bob: User, direct: Conversation) -> None:
    assert texts(bob, direct) == ["You are now friends. Say hello!"]


@pytest.mark.covers("J1")
def test_what_is_sent_is_numbered_and_read_by_the_other(alice: User, bob: User, direct: Conversation) -> None:
    answer = post(alice, direct, text="Lunch?")
    assert answer.status_code == 201
    body = answer.json()
    direct.refresh_from_db()
    assert body["seq"] == body["changed_seq"] == direct.head
    assert body["sender"]["handle"] == "alice"
    assert body["conversation"] == str(direct.pk)
    assert body["created_at"].endswith("Z")
    assert texts(bob, direct)[0] == "Lunch?"


def test_a_stranger_finds_no_conversation_and_writes_nothing(alice: User, charlie: User, group: Conversation) -> None:
    before = Message.objects.count()
    assert post(alice, group).status_code == 201
    for answer in [
        post(charlie, group),
        Api(charlie).get(f"/api/v1/conversations/{group.pk}/messages/"),
        Api(charlie).get(f"/api/v1/conversations/{group.pk}/sync/"),
        Api(charlie).get(f"/api/v1/conversations/{group.pk}/"),
        Api(charlie).get(f"/api/v1/conversations/{group.pk}/members/"),
        Api(charlie).post(f"/api/v1/conversations/{group.pk}/read/", {"seq": 1}),
        Api(charlie).patch(f"/api/v1/conversations/{group.pk}/", {"muted": True}),
        Api(charlie).delete(f"/api/v1/conversations/{group.pk}/members/bob/"),
        Api(charlie).get("/api/v1/conversations/99999999/messages/"),
        Api(charlie).get(f"/api/v1/conversations/{2**80}/messages/"),
    ]:
        assert answer.status_code == 404
        assert answer.json()["code"] == "not_found"
    assert Message.objects.count() == before + 1


@pytest.mark.covers("J3")
def test_a_retry_answers_the_first_message(alice: User, direct: Conversation) -> None:
    client_id = str(uuid4())
    first = post(alice, direct, client_id=client_id, text="Once")
    again = post(alice, direct, client_id=client_id, text="Once")
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.headers["Idempotent-Replay"] == "true"
    assert again.json() == first.json()
    assert Message.objects.filter(text="Once").count() == 1


def test_a_retry_is_known_even_when_the_two_are_friends_no_more(alice: User, bob: User, direct: Conversation) -> None:
    client_id = str(uuid4())
    first = post(alice, direct, client_id=client_id)
    accounts.remove_friend(owner=bob, friend=alice)
    again = post(alice, direct, client_id=client_id)
    assert again.status_code == 200
    assert again.json()["id"] == first.json()["id"]


def test_the_same_client_id_with_another_body_is_refused(alice: User, direct: Conversation) -> None:
    client_id = str(uuid4())
    post(alice, direct, client_id=client_id, text="One")
    head = Conversation.objects.get(pk=direct.pk).head
    answer = post(alice, direct, client_id=client_id, text="Two")
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_mismatch")
    assert Conversation.objects.get(pk=direct.pk).head == head


def test_another_person_may_use_the_same_client_id(alice: User, bob: User, direct: Conversation) -> None:
    client_id = str(uuid4())
    assert post(alice, direct, client_id=client_id).status_code == 201
    assert post(bob, direct, client_id=client_id).status_code == 201


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"text": "   \n "}, "empty_message"),
        ({"text": "x" * 5001}, "invalid"),
        ({"text": None}, "invalid"),
        ({"text": {"a": 1}}, "invalid"),
        ({"client_id": "no-uuid"}, "invalid"),
        ({"client_id": None}, "invalid"),
        ({"kind": "system"}, "invalid"),
        ({"kind": "card"}, "invalid"),
        ({"kind": "image"}, "empty_message"),
        ({"kind": "image", "uploads": ["nonsense"], "text": ""}, "unknown_upload"),
        ({"uploads": ["6f1d3f2e-6a0e-4c58-9d5c-0f6a5a3f1a11"]}, "invalid"),
        ({"uploads": "x"}, "invalid"),
        ({"kind": "image", "uploads": ["6f1d3f2e-6a0e-4c58-9d5c-0f6a5a3f1a11"] * 10}, "too_many_uploads"),
        ({"reply_to": "99999"}, "not_found"),
        ({"reply_to": "-1"}, "not_found"),
        ({"reply_to": "x"}, "not_found"),
        ({"reply_to": ["1"]}, "invalid"),
    ],
)
def test_a_refused_message_leaves_no_row_and_takes_no_number(
    body: dict[str, Any], code: str, alice: User, direct: Conversation
) -> None:
    assert post(alice, direct).status_code == 201
    head, count = Conversation.objects.get(pk=direct.pk).head, Message.objects.count()
    answer = post(alice, direct, **body)
    assert 400 <= answer.status_code < 500
    assert answer.json()["code"] == code, answer.json()
    assert (Conversation.objects.get(pk=direct.pk).head, Message.objects.count()) == (head, count)


@pytest.mark.covers("F7")
def test_who_is_no_friend_any_more_reads_but_is_not_heard(alice: User, bob: User, direct: Conversation) -> None:
    post(alice, direct, text="Before")
    accounts.remove_friend(owner=alice, friend=bob)
    head = Conversation.objects.get(pk=direct.pk).head
    for person in (alice, bob):
        answer = post(person, direct, text="After")
        assert (answer.status_code, answer.json()["code"]) == (403, "not_friends")
        assert texts(person, direct)[0] == "Before"
    assert Conversation.objects.get(pk=direct.pk).head == head


@pytest.mark.covers("F7")
def test_the_blocked_are_rejected_and_the_blocker_is_told_why(alice: User, bob: User, direct: Conversation) -> None:
    post(bob, direct, text="Before")
    accounts.block_person(blocker=alice, blocked=bob)
    assert post(bob, direct, text="After").json()["code"] == "rejected"
    assert post(alice, direct, text="After").json()["code"] == "blocked"
    assert not Message.objects.filter(text="After").exists()


def test_friends_once_more_go_on_in_the_same_conversation(alice: User, bob: User, direct: Conversation) -> None:
    post(alice, direct, text="Before")
    accounts.remove_friend(owner=alice, friend=bob)
    make.friends(bob, alice)
    assert texts(bob, direct)[:2] == ["You are now friends. Say hello!", "Before"]
    assert post(bob, direct, text="After").status_code == 201


@pytest.mark.covers("A6")
def test_only_a_message_of_the_same_conversation_is_answered(
    alice: User, bob: User, direct: Conversation, group: Conversation
) -> None:
    here, elsewhere = post(bob, direct).json(), post(bob, group).json()
    assert post(alice, direct, reply_to=elsewhere["id"]).status_code == 404
    reply = post(alice, direct, reply_to=here["id"], text="Yes").json()["reply_to"]
    assert (reply["id"], reply["sender"]["handle"], reply["text"]) == (here["id"], "bob", "Hello")


def test_a_system_line_cannot_be_answered(alice: User, direct: Conversation) -> None:
    line = Message.objects.get(conversation=direct)
    assert post(alice, direct, reply_to=str(line.pk)).json()["code"] == "unknown_reply"


def test_photos_are_shown_to_the_members_with_addresses_of_their_own(
    alice: User, bob: User, direct: Conversation
) -> None:
    photos = [make.upload(alice, alt="One"), make.upload(alice, alt="Two")]
    ids = [str(photo.pk) for photo in photos]
    sent = post(alice, direct, kind="image", text="", uploads=ids)
    assert sent.status_code == 201, sent.json()
    seen = Api(bob).get(f"/api/v1/conversations/{direct.pk}/messages/").json()["results"][0]
    assert [upload["id"] for upload in seen["uploads"]] == ids
    assert [upload["alt"] for upload in seen["uploads"]] == ["One", "Two"]
    assert seen["uploads"][0]["url"] != sent.json()["uploads"][0]["url"]
    browser = make_browser(bob)
    assert browser.get(seen["uploads"][0]["variants"]["thumb"]).status_code == 200
    assert browser.get(sent.json()["uploads"][0]["url"]).status_code == 404


def test_a_photo_of_somebody_else_or_one_already_used_cannot_be_sent(
    alice: User, bob: User, direct: Conversation
) -> None:
    photo = make.upload(bob)
    body = {"kind": "image", "uploads": [str(photo.pk)], "text": ""}
    assert post(alice, direct, **body).json()["code"] == "unknown_upload"
    assert post(bob, direct, **body).status_code == 201
    assert post(bob, direct, **body).json()["code"] == "unknown_upload"
    photo.refresh_from_db()
    assert Message.objects.filter(kind="image").count() == 1


def test_a_retry_with_photos_answers_the_first_message(alice: User, direct: Conversation) -> None:
    body = {"kind": "image", "uploads": [str(make.upload(alice).pk)], "client_id": str(uuid4()), "text": ""}
    first, again = post(alice, direct, **body), post(alice, direct, **body)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["id"] == again.json()["id"]


def make_browser(user: User) -> Any:
    from tests.conftest import Web

    return Web(user)


def test_pages_go_by_numbers_and_lead_to_one_another(alice: User, direct: Conversation, say: Any) -> None:
    for number in range(5):
        say(alice, direct, f"m{number}")
    api = Api(alice)
    first = api.get(f"/api/v1/conversations/{direct.pk}/messages/?limit=2").json()
    assert [message["text"] for message in first["results"]] == ["m4", "m3"]
    assert first["previous"] is None
    second = api.get(first["next"]).json()
    assert [message["text"] for message in second["results"]] == ["m2", "m1"]
    back = api.get(second["previous"]).json()
    assert [message["text"] for message in back["results"]] == ["m4", "m3"]
    last = api.get(second["next"]).json()
    assert (len(last["results"]), last["next"]) == (2, None)


@pytest.mark.parametrize("query", ["before=x", "after=-1", "limit=1e3", f"before={2**63}", "before=٣", "since=1.5"])
def test_a_number_that_is_none_is_refused(query: str, alice: User, direct: Conversation) -> None:
    name = "sync" if query.startswith("since") else "messages"
    answer = Api(alice).get(f"/api/v1/conversations/{direct.pk}/{name}/?{query}")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")


@pytest.mark.covers("J10")
def test_unread_counts_what_others_said_and_marks_never_go_back(
    alice: User, bob: User, direct: Conversation, say: Any
) -> None:
    def unread(person: User) -> int:
        listed = Api(person).get("/api/v1/conversations/").json()["results"]
        return next(one["unread"] for one in listed if one["id"] == str(direct.pk))

    said = [say(alice, direct), say(alice, direct), say(bob, direct)]
    assert (unread(alice), unread(bob)) == (1, 2)
    url = f"/api/v1/conversations/{direct.pk}/read/"
    assert Api(bob).post(url, {"seq": said[1].seq}).json() == {"seq": said[1].seq}
    assert unread(bob) == 0
    assert Api(bob).post(url, {"seq": said[0].seq}).json() == {"seq": said[1].seq}
    assert Api(bob).post(url, {"seq": 2**62}).json() == {"seq": said[2].seq}
    assert Api(bob).post(url, {"seq": 2**63}).status_code == 400
    say(alice, direct)
    assert unread(bob) == 1


def test_system_lines_are_told_in_the_language_of_the_reader(alice: User, bob: User, carol: User) -> None:
    group = services.create_group(owner=alice, title="", members=[bob, carol])
    body = Api(bob).get(f"/api/v1/conversations/{group.pk}/messages/").json()["results"][0]
    assert body["text"] == "Alice started the group with Bob and Carol."
    assert body["event"]["event"] == "group_created"
    assert body["event"]["people"] == ["bob", "carol"]
    assert body["sender"] is None


def test_numbers_that_were_stored_have_no_holes(alice: User, bob: User, carol: User, group: Conversation) -> None:
    services.change_group(actor=alice, conversation=group, title="Climbing", announcement="Saturday")
    services.leave_group(person=bob, conversation=group)
    group.refresh_from_db()
    numbers = {
        *Message.objects.filter(conversation=group).values_list("changed_seq", flat=True),
        *group.members.values_list("changed_seq", flat=True),
        group.changed_seq,
    }
    # Bob's row carried a lower number before he left, and the conversation's before its title changed.
    assert numbers == set(range(1, group.head + 1)) - {1, 3}
    assert not Message.objects.filter(conversation=group).exclude(seq=F("changed_seq")).exists()
