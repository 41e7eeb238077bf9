"""Saying again elsewhere what has been said: message by message, or as a chat record."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from accounts import services as accounts
from accounts.models import User
from chat import services
from chat.models import Conversation, Message
from tests import make
from tests.conftest import Api, Web
from uploads.models import Upload


def forward(user: User, message: Message, *to: Conversation, **more: Any) -> Any:
    body = {"client_id": str(uuid4()), "to": [str(target.pk) for target in to], **more}
    return Api(user).post(f"/api/v1/messages/{message.pk}/forward/", body)


def latest(user: User, conversation: Conversation) -> Any:
    return Api(user).get(f"/api/v1/conversations/{conversation.pk}/messages/").json()["results"][0]


@pytest.fixture
def own(alice: User) -> Conversation:
    return services.open_direct(person=alice, other=alice)


def test_a_message_is_said_again_by_who_forwards_it(
    alice: User, bob: User, carol: User, direct: Conversation, group: Conversation, say: Any
) -> None:
    said = say(bob, direct, "Good news, @alice")
    answer = forward(alice, said, group)
    assert answer.status_code == 201, answer.json()
    seen = latest(carol, group)
    assert (seen["text"], seen["sender"]["handle"], seen["forwarded"]) == ("Good news, @Alice", "alice", True)
    assert (seen["mentions"], seen["reply_to"]) == ([], None)
    assert "Forwarded" in Web(carol).get(f"/chats/{group.pk}/").content.decode()


def test_its_photos_open_for_those_who_read_it_there_even_when_the_first_is_recalled(
    alice: User, bob: User, carol: User, direct: Conversation, group: Conversation, say: Any, effects: Any
) -> None:
    photo = make.upload(bob)
    said = say(bob, direct, "", kind="image", uploads=[str(photo.pk)])
    forward(alice, said, group)
    with effects():
        services.recall_message(actor=bob, message=said)
    [shown] = latest(carol, group)["uploads"]
    assert shown["id"] == str(photo.pk)
    assert Web(carol).get(shown["url"]).status_code == 200
    assert Web(carol).get(f"/files/{photo.pk}/large.webp").status_code == 404


def test_several_arrive_in_the_order_in_which_they_were_said(
    alice: User, bob: User, direct: Conversation, group: Conversation, own: Conversation, say: Any
) -> None:
    one, two, three = (say(bob, direct, text) for text in ("one", "two", "three"))
    answer = forward(alice, three, group, own, messages=[str(one.pk), str(two.pk)])
    assert len(answer.json()) == 6
    for target in (group, own):
        said = Message.objects.filter(conversation=target, forwarded=True).order_by("seq")
        assert list(said.values_list("text", flat=True)) == ["one", "two", "three"]


def test_a_retry_sends_nothing_twice(alice: User, direct: Conversation, own: Conversation, say: Any) -> None:
    said, client_id = say(alice, direct, "Once"), str(uuid4())
    first = forward(alice, said, own, client_id=client_id)
    again = forward(alice, said, own, client_id=client_id)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.headers["Idempotent-Replay"] == "true"
    assert first.json() == again.json()
    assert Message.objects.filter(text="Once").count() == 2


def test_a_record_holds_who_said_what_when_and_is_read_whole_by_its_readers_alone(
    alice: User, bob: User, carol: User, charlie: User, direct: Conversation, group: Conversation, say: Any
) -> None:
    accounts.change_friend(owner=alice, friend=bob, remark="Bobby, who owes me money")
    words = say(bob, direct, "Look at this")
    photo = say(alice, direct, "A lake", kind="image", uploads=[str(make.upload(alice, alt="Lake").pk)])
    answer = forward(alice, words, group, messages=[str(photo.pk)], merged=True)
    assert answer.status_code == 201, answer.json()
    [sent] = answer.json()
    assert sent["kind"] == "record"
    assert sent["record"]["names"] == ["Bob", "Alice"]
    assert sent["record"]["count"] == 2
    assert [line["text"] for line in sent["record"]["lines"]] == ["Look at this", "A lake"]
    whole = Api(carol).get(f"/api/v1/messages/{sent['id']}/record/").json()
    assert [(item["name"], item["kind"], item["text"]) for item in whole["items"]] == [
        ("Bob", "text", "Look at this"),
        ("Alice", "image", "A lake"),
    ]
    assert whole["items"][1]["files"] == [0]
    assert Web(carol).get(whole["uploads"][0]["url"]).status_code == 200
    assert Api(charlie).get(f"/api/v1/messages/{sent['id']}/record/").status_code == 404
    page = Web(carol).get(f"/chats/{group.pk}/messages/{sent['id']}/record/").content.decode()
    assert "Look at this" in page and 'alt="Lake"' in page
    assert Web(charlie).get(f"/chats/{group.pk}/messages/{sent['id']}/record/").status_code == 404
    shown = Web(carol).get(f"/chats/{group.pk}/").content.decode()
    assert "Chat record of Bob, Alice" in shown
    assert "owes me money" not in page + shown + str(whole)


def test_a_record_goes_on_and_into_other_records(
    alice: User, bob: User, direct: Conversation, own: Conversation, group: Conversation, say: Any, effects: Any
) -> None:
    photo = say(bob, direct, "Mine", kind="image", uploads=[str(make.upload(bob).pk)])
    [inner] = forward(alice, photo, own, merged=True).json()
    inner = Message.objects.get(pk=inner["id"])
    note = say(alice, own, "", kind="image", uploads=[str(make.upload(alice).pk)])
    [outer] = forward(alice, note, group, messages=[str(inner.pk)], merged=True).json()
    whole = Api(bob).get(f"/api/v1/messages/{outer['id']}/record/").json()
    assert [item["kind"] for item in whole["items"]] == ["record", "image"]
    assert whole["items"][0]["within"][0]["files"] == [0]
    assert whole["items"][1]["files"] == [1]
    assert len(whole["uploads"]) == 2
    [copy] = forward(alice, inner, group).json()
    with effects():
        for sender, message in ((alice, inner), (bob, photo)):
            services.recall_message(actor=sender, message=message)
    again = Api(bob).get(f"/api/v1/messages/{copy['id']}/record/").json()
    assert Web(bob).get(again["uploads"][0]["url"]).status_code == 200
    assert "Mine" in Web(bob).get(f"/chats/{group.pk}/messages/{outer['id']}/record/").content.decode()


def test_records_do_not_grow_without_end(alice: User, own: Conversation, say: Any) -> None:
    last = say(alice, own, "Seed")
    for _depth in range(4):
        [made] = forward(alice, last, own, merged=True).json()
        last = Message.objects.get(pk=made["id"])
    answer = forward(alice, last, own, merged=True)
    assert (answer.status_code, answer.json()["code"]) == (400, "too_many")


def test_money_lines_and_what_was_recalled_stay_where_they_are(
    alice: User, bob: User, direct: Conversation, own: Conversation, say: Any
) -> None:
    make.funds(alice, 100)
    gift = services.send_red_envelope(sender=alice, conversation=direct, kind="normal", amount=100, shares=1, key="k")
    line = Message.objects.get(conversation=direct, kind="system")
    gone, fine = say(alice, direct), say(alice, direct)
    services.recall_message(actor=alice, message=gone)
    for message in (gift, line, gone):
        for merged in (False, True):
            answer = forward(alice, message, own, messages=[str(fine.pk)], merged=merged)
            assert (answer.status_code, answer.json()["code"]) == (409, "cannot_forward")
    assert not Message.objects.filter(conversation=own).exists()
    assert forward(alice, fine, own).status_code == 201


@pytest.mark.covers("A6")
def test_only_what_one_reads_goes_only_where_one_is(
    alice: User, bob: User, charlie: User, direct: Conversation, group: Conversation, say: Any
) -> None:
    here, there = say(alice, direct, "Here"), say(alice, group, "There")
    elsewhere = services.open_direct(person=charlie, other=charlie)
    before = Message.objects.count()
    assert forward(charlie, here, elsewhere).status_code == 404
    assert forward(alice, here, elsewhere).status_code == 404
    assert forward(alice, here, group, elsewhere).status_code == 404
    assert forward(alice, here, direct, messages=[str(there.pk)]).status_code == 404, "of two conversations"
    assert forward(alice, here, direct, messages=["99999999"]).status_code == 404
    assert Message.objects.count() == before


@pytest.mark.covers("F7")
def test_all_of_it_arrives_or_nothing(
    alice: User, bob: User, direct: Conversation, group: Conversation, own: Conversation, say: Any
) -> None:
    said = say(alice, direct, "Wide")
    accounts.block_person(blocker=bob, blocked=alice)
    answer = forward(alice, said, own, group, direct)
    assert (answer.status_code, answer.json()["code"]) == (403, "rejected")
    assert Message.objects.filter(text="Wide").count() == 1
    assert forward(alice, said, own, group).status_code == 201


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"to": []}, "nothing_chosen"),
        ({"to": ["1"] * 10}, "invalid"),
        ({"to": "1"}, "invalid"),
        ({"to": ["x"]}, "not_found"),
        ({"client_id": "x"}, "invalid"),
        ({"messages": ["x"]}, "not_found"),
        ({"messages": [None]}, "invalid"),
        ({"merged": "perhaps"}, "invalid"),
    ],
)
def test_broken_wishes_are_refused(
    body: dict[str, Any], code: str, alice: User, direct: Conversation, own: Conversation, say: Any
) -> None:
    said = say(alice, direct)
    assert forward(alice, said, own, **body).json()["code"] == code
    assert not Message.objects.filter(conversation=own).exists()


def test_it_is_done_on_pages_without_scripts(
    alice: User, bob: User, charlie: User, direct: Conversation, own: Conversation, say: Any
) -> None:
    one, two = say(bob, direct, "one"), say(bob, direct, "two")
    browser = Web(alice)
    assert f'value="{two.pk}"' in browser.get(f"/chats/{direct.pk}/select/").content.decode()
    address = f"/chats/{direct.pk}/forward/?message={one.pk}&message={two.pk}&merged=1"
    chosen = {"message": [one.pk, two.pk], "merged": "1"}
    assert browser.post(f"/chats/{direct.pk}/select/", chosen)["Location"] == address
    assert browser.post(f"/chats/{direct.pk}/select/", {}).status_code == 404
    page = browser.get(address).content.decode()
    assert "File Transfer" in page
    body = {"client_id": str(uuid4()), "merged": "on"}
    assert browser.post(address, body).status_code == 422
    assert browser.post(address, body | {"to": str(own.pk)})["Location"] == f"/chats/{own.pk}/"
    assert Message.objects.get(conversation=own).payload["count"] == 2
    assert Web(charlie).get(address).status_code == 404
    assert browser.get(f"/chats/{direct.pk}/forward/").status_code == 404
    assert browser.get(f"/chats/{own.pk}/forward/?message={one.pk}").status_code == 404


def test_files_that_nothing_carries_any_more_are_discarded(
    alice: User, direct: Conversation, own: Conversation, say: Any, effects: Any
) -> None:
    said = say(alice, direct, "", kind="image", uploads=[str(make.upload(alice).pk)])
    [copy] = forward(alice, said, own).json()
    with effects():
        services.recall_message(actor=alice, message=said)
    assert Upload.objects.count() == 1
    with effects():
        services.recall_message(actor=alice, message=Message.objects.get(pk=copy["id"]))
    assert Upload.objects.count() == 0
