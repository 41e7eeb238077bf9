"""What people keep for themselves, and the conversation with oneself."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.models import User
from chat import services
from chat.models import Conversation, Message, SavedItem
from tests import make
from tests.conftest import Api, Web
from uploads.models import Upload


def save(user: User, message: Message) -> Any:
    return Api(user).post("/api/v1/saved/", {"message": str(message.pk)})


def listed(user: User, query: str = "") -> list[str]:
    return [item["text"] for item in Api(user).get(f"/api/v1/saved/{query}").json()["results"]]


def test_what_is_kept_is_kept_as_it_was_and_for_its_owner_alone(
    alice: User, bob: User, direct: Conversation, say: Any
) -> None:
    said = say(bob, direct, "The recipe")
    first, again = save(alice, said), save(alice, said)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert (first.json()["sender_name"], first.json()["source_name"]) == ("Bob", "Bob")
    assert first.json()["original"] == {"id": str(said.pk), "conversation": str(direct.pk), "seq": said.seq}
    services.edit_message(editor=bob, message=said, text="Another recipe")
    assert listed(alice) == ["The recipe"]
    assert listed(bob) == []
    item = first.json()["id"]
    for method in ("get", "delete"):
        assert getattr(Api(bob), method)(f"/api/v1/saved/{item}/").status_code == 404
    assert Api(alice).delete(f"/api/v1/saved/{item}/").status_code == 204
    assert listed(alice) == []


@pytest.mark.covers("J9")
def test_what_its_sender_recalls_is_kept_by_nobody(alice: User, bob: User, direct: Conversation, say: Any) -> None:
    said = say(bob, direct, "Regret")
    save(alice, said)
    services.recall_message(actor=bob, message=said)
    assert listed(alice) == []
    assert save(alice, said).json()["code"] == "cannot_save"


def test_it_outlives_the_conversation_but_leads_there_no_more(
    alice: User, bob: User, group: Conversation, say: Any, effects: Any
) -> None:
    said = say(alice, group, "", kind="image", uploads=[str(make.upload(alice).pk)])
    save(bob, said)
    services.leave_group(person=bob, conversation=group)
    [item] = Api(bob).get("/api/v1/saved/").json()["results"]
    assert item["original"] is None
    assert Web(bob).get(item["uploads"][0]["url"]).status_code == 200
    page = Web(bob).get("/me/saved/").content.decode()
    assert "Show in chat" not in page
    with effects():
        services.recall_message(actor=alice, message=said)
    assert not Upload.objects.exists()


def test_nobody_keeps_what_they_cannot_read_or_what_moves_money(
    alice: User, bob: User, charlie: User, direct: Conversation, say: Any
) -> None:
    said = say(bob, direct)
    make.funds(alice, 100)
    gift = services.send_red_envelope(sender=alice, conversation=direct, kind="normal", amount=100, shares=1, key="k")
    assert save(charlie, said).status_code == 404
    assert (save(alice, gift).status_code, save(alice, gift).json()["code"]) == (409, "cannot_save")
    assert not SavedItem.objects.exists()
    assert save(alice, said).status_code == 201


def test_it_is_found_by_kind_and_by_words(alice: User, bob: User, direct: Conversation, say: Any) -> None:
    save(alice, say(bob, direct, "Tomato soup"))
    save(alice, say(bob, direct, "Soup of lentils"))
    save(alice, say(bob, direct, "A pot", kind="image", uploads=[str(make.upload(bob).pk)]))
    assert listed(alice, "?kind=image") == ["A pot"]
    assert listed(alice, "?q=soup") == ["Soup of lentils", "Tomato soup"]
    assert listed(alice, "?q=soup+tomato") == ["Tomato soup"]
    assert listed(alice, "?q=bob&kind=text") == ["Soup of lentils", "Tomato soup"]
    page = Web(alice).get("/me/saved/?kind=text&q=lentils").content.decode()
    assert "Soup of lentils" in page and "Tomato" not in page


def test_there_is_room_for_so_much(alice: User, direct: Conversation, say: Any, settings: Any) -> None:
    settings.SAVED_MAX = 1
    assert save(alice, say(alice, direct)).status_code == 201
    assert save(alice, say(alice, direct)).json()["code"] == "saved_full"


def test_a_record_is_kept_whole(alice: User, bob: User, direct: Conversation, say: Any) -> None:
    said = say(bob, direct, "All of it", kind="image", uploads=[str(make.upload(bob).pk)])
    [made] = services.forward_messages(
        sender=alice, messages=[said], to=[direct], client_id=said.client_id, merged=True
    )
    item = save(bob, made).json()
    assert item["items"][0]["text"] == "All of it"
    assert len(item["uploads"]) == 1
    page = Web(bob).get(f"/me/saved/{item['id']}/").content.decode()
    assert "All of it" in page
    assert Web(alice).get(f"/me/saved/{item['id']}/").status_code == 404


def test_it_is_kept_and_removed_without_scripts(alice: User, bob: User, direct: Conversation, say: Any) -> None:
    one, two = say(bob, direct, "one"), say(bob, direct, "two")
    browser = Web(alice)
    assert browser.post(f"/chats/{direct.pk}/save/", {"message": [one.pk, two.pk]}).status_code == 302
    assert listed(alice) == ["two", "one"]
    item = SavedItem.objects.get(text="two")
    assert Web(bob).post(f"/me/saved/{item.pk}/remove/").status_code == 404
    assert browser.post(f"/me/saved/{item.pk}/remove/").status_code == 302
    assert listed(alice) == ["one"]


def test_everybody_has_a_conversation_with_themselves(alice: User, say: Any) -> None:
    body = {"kind": "direct", "with": "alice"}
    first, again = Api(alice).post("/api/v1/conversations/", body), Api(alice).post("/api/v1/conversations/", body)
    assert (first.status_code, again.status_code) == (201, 200)
    assert (first.json()["name"], first.json()["member_count"]) == ("File Transfer", 1)
    assert first.json()["id"] == again.json()["id"]
    own = Conversation.objects.get(pk=first.json()["id"])
    said = say(alice, own, "Milk, bread")
    assert Api(alice).get(f"/api/v1/conversations/{own.pk}/").json()["unread"] == 0
    browser = Web(alice)
    assert "File Transfer" in browser.get("/chats/").content.decode()
    for page in ("", "info/", f"messages/{said.pk}/"):
        assert browser.get(f"/chats/{own.pk}/{page}").status_code == 200
    assert browser.post("/chats/own/")["Location"] == f"/chats/{own.pk}/"
    assert browser.get("/contacts/").content.decode().count("/chats/own/") == 1


def test_what_only_oneself_has_read_can_be_taken_away_at_any_time(alice: User, say: Any) -> None:
    own = services.open_direct(person=alice, other=alice)
    said = say(alice, own, "Old note")
    Message.objects.filter(pk=said.pk).update(created_at="2020-01-01T00:00:00Z")
    services.recall_message(actor=alice, message=said)
    assert Message.objects.get(pk=said.pk).text == ""
