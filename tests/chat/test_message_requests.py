"""What strangers say waits in a box: without links, media, marks of reading, or a number on any badge."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from accounts import services as accounts
from accounts.models import User
from chat import services
from chat.models import Conversation, Message
from chat.services.conversations import NotFriends
from chat.services.hearing import Rejected, RequestWaits, TextOnly
from notifications.models import Notification
from notifications.services import badges
from superapp.kernel import live
from superapp.kernel.errors import NotFound, RateLimited
from tests import make
from tests.conftest import Api, Web


@pytest.fixture
def request_of_charlie(alice: User, charlie: User, say: Any) -> Conversation:
    """Charlie has said a word to Alice, whom he does not know."""
    opened = services.open_direct(person=charlie, other=alice)
    say(charlie, opened, "Hello, I saw your photos. https://photos.example/")
    return opened


def fresh(conversation: Conversation) -> Conversation:
    return Conversation.objects.get(pk=conversation.pk)


def box_of(person: User) -> list[str]:
    return [one["id"] for one in Api(person).get("/api/v1/message-requests/").json()["results"]]


def list_of(person: User) -> list[str]:
    return [one["id"] for one in Api(person).get("/api/v1/conversations/").json()["results"]]


def told(monkeypatch: pytest.MonkeyPatch) -> list[tuple[list[int], dict[str, Any]]]:
    """What is published from here on, to whom. Listens at the hub."""
    heard: list[tuple[list[int], dict[str, Any]]] = []
    publish = live.publish
    monkeypatch.setattr(live, "publish", lambda who, event: (heard.append((list(who), event)), publish(who, event)))
    return heard


def test_a_stranger_s_word_lies_in_the_box_and_nowhere_else(
    alice: User, charlie: User, request_of_charlie: Conversation
) -> None:
    pk = str(request_of_charlie.pk)
    assert (box_of(alice), list_of(alice)) == ([pk], [])
    assert (box_of(charlie), list_of(charlie)) == ([], [pk])
    assert badges(alice)["chats"] == 0
    assert not Notification.objects.filter(recipient=alice).exists()
    assert f'href="/chats/{pk}/"' not in Web(alice).get(reverse("chat:list")).content.decode()
    assert reverse("chat:requests") in Web(alice).get(reverse("chat:list")).content.decode()
    assert f'href="/chats/{pk}/"' in Web(alice).get(reverse("chat:requests")).content.decode()
    assert f'href="/chats/{pk}/"' in Web(charlie).get(reverse("chat:list")).content.decode()
    assert Api(alice).get(f"/api/v1/conversations/{pk}/").json()["request"] == "received"
    assert Api(charlie).get(f"/api/v1/conversations/{pk}/").json()["request"] == "sent"


def test_an_empty_knock_is_not_heard(alice: User, charlie: User) -> None:
    services.open_direct(person=charlie, other=alice)
    assert box_of(alice) == []


def test_a_stranger_s_link_is_text_until_he_is_accepted(
    alice: User, charlie: User, request_of_charlie: Conversation
) -> None:
    page = reverse("chat:detail", args=[request_of_charlie.pk])
    assert "https://photos.example/" in Web(alice).get(page).content.decode()
    assert 'href="https://photos.example/"' not in Web(alice).get(page).content.decode()
    services.accept_message_request(person=alice, conversation=request_of_charlie)
    assert 'href="https://photos.example/"' in Web(alice).get(page).content.decode()


def test_a_stranger_sends_words_alone_and_few_of_them(
    alice: User, charlie: User, request_of_charlie: Conversation, say: Any
) -> None:
    card = {"kind": "moment", "title": "Snow", "text": "", "image": "", "url": "/moments/7/"}
    make.funds(charlie, 1000)
    head = fresh(request_of_charlie).head
    for act in [
        lambda: say(charlie, request_of_charlie, "", kind="image", uploads=[str(make.upload(charlie).pk)]),
        lambda: services.send_card(sender=charlie, conversation=request_of_charlie, card=card),
        lambda: services.send_red_envelope(
            sender=charlie, conversation=request_of_charlie, kind="normal", amount=100, shares=1, key="k"
        ),
    ]:
        with pytest.raises(TextOnly):
            act()
    assert fresh(request_of_charlie).head == head
    say(charlie, request_of_charlie, "Two")
    say(charlie, request_of_charlie, "Three")
    with pytest.raises(RequestWaits):
        say(charlie, request_of_charlie, "Four")
    assert Message.objects.filter(conversation=request_of_charlie, sender=charlie).count() == 3
    page = Web(charlie).get(reverse("chat:detail", args=[request_of_charlie.pk])).content.decode()
    assert "data-closed" in page


@pytest.mark.covers("A7")
def test_neither_is_shown_anything_of_the_other_before_they_talk(
    alice: User, charlie: User, request_of_charlie: Conversation, say: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard = told(monkeypatch)
    say(charlie, request_of_charlie, "Are you there?")
    services.mark_read(reader=alice, conversation=fresh(request_of_charlie), seq=99)
    services.tell_typing(person=alice, conversation=fresh(request_of_charlie))
    services.tell_typing(person=charlie, conversation=fresh(request_of_charlie))
    to_alice = [event["type"] for who, event in heard if alice.pk in who]
    to_charlie = [event["type"] for who, event in heard if charlie.pk in who]
    assert (set(to_alice), set(to_charlie)) == ({"message_request", "read"}, {"message.created"})
    assert all("Are you there?" not in str(event) for who, event in heard if alice.pk in who)


def test_accepting_makes_it_an_ordinary_conversation_of_people_who_are_no_friends(
    alice: User, charlie: User, request_of_charlie: Conversation, say: Any
) -> None:
    pk = str(request_of_charlie.pk)
    assert Api(charlie).post(f"/api/v1/message-requests/{pk}/accept/").status_code == 404
    assert Api(alice).post(f"/api/v1/message-requests/{pk}/accept/").json()["request"] is None
    assert (box_of(alice), list_of(alice)) == ([], [pk])
    assert not alice.is_friend_of(charlie)
    say(charlie, request_of_charlie, "", kind="image", uploads=[str(make.upload(charlie).pk)])
    for number in range(5):
        say(charlie, request_of_charlie, f"More {number}")
    say(alice, request_of_charlie, "Nice")
    assert Message.objects.filter(payload__event="request_accepted").count() == 1
    assert Api(alice).post(f"/api/v1/message-requests/{pk}/accept/").status_code == 404


def test_to_answer_is_to_accept(alice: User, charlie: User, request_of_charlie: Conversation, say: Any) -> None:
    head = fresh(request_of_charlie).head
    say(alice, request_of_charlie, "Hello to you")
    assert fresh(request_of_charlie).accepted_at is not None
    assert list_of(alice) == [str(request_of_charlie.pk)]
    say(charlie, request_of_charlie, "Thank you")
    synced = Api(charlie).get(f"/api/v1/conversations/{request_of_charlie.pk}/sync/?since={head}").json()
    assert (synced["conversation"]["request"], len(synced["messages"])) == (None, 2)


def test_declining_is_silent_and_looks_unanswered_to_the_one_who_asked(
    alice: User, charlie: User, request_of_charlie: Conversation, say: Any
) -> None:
    seen_before = Api(charlie).get(f"/api/v1/conversations/{request_of_charlie.pk}/").json()
    Web(alice).post(reverse("chat:decline_request", args=[request_of_charlie.pk]))
    assert (box_of(alice), list_of(alice)) == ([], [])
    assert Api(charlie).get(f"/api/v1/conversations/{request_of_charlie.pk}/").json() == seen_before
    say(charlie, request_of_charlie, "Hello?")
    assert (box_of(alice), badges(alice)["chats"]) == ([], 0)
    say(alice, request_of_charlie, "Oh, sorry")  # who has declined may still think better of it
    assert list_of(alice) == [str(request_of_charlie.pk)]


@pytest.mark.covers("F7")
def test_a_block_holds_before_and_after(
    alice: User, charlie: User, mallory: User, request_of_charlie: Conversation, say: Any
) -> None:
    with pytest.raises(NotFound):
        services.open_direct(person=mallory, other=alice)
    assert Api(mallory).post("/api/v1/conversations/", {"kind": "direct", "with": "alice"}).status_code == 404
    with pytest.raises(NotFriends):
        services.open_direct(person=alice, other=mallory)
    services.accept_message_request(person=alice, conversation=request_of_charlie)
    accounts.block_person(blocker=alice, blocked=charlie)
    head = fresh(request_of_charlie).head
    with pytest.raises(Rejected):
        say(charlie, request_of_charlie, "Hello?")
    assert fresh(request_of_charlie).head == head


def test_a_blocked_asker_vanishes_from_the_box(alice: User, charlie: User, request_of_charlie: Conversation) -> None:
    accounts.block_person(blocker=alice, blocked=charlie)
    assert box_of(alice) == []


def test_who_wants_friends_alone_is_not_written_to(alice: User, charlie: User) -> None:
    assert Api(alice).get("/api/v1/me/chat-privacy/").json() == {"strangers": "ask", "groups": "friends"}
    assert Api(alice).patch("/api/v1/me/chat-privacy/", {"strangers": "nobody"}).json()["strangers"] == "nobody"
    before = Conversation.objects.count()
    answer = Api(charlie).post("/api/v1/conversations/", {"kind": "direct", "with": "alice"})
    assert (answer.status_code, answer.json()["code"]) == (403, "not_friends")
    assert Conversation.objects.count() == before
    Web(alice).post(reverse("chat:privacy"), {"strangers": "ask", "groups": "ask"})
    assert Api(alice).get("/api/v1/me/chat-privacy/").json() == {"strangers": "ask", "groups": "ask"}
    assert Api(charlie).post("/api/v1/conversations/", {"kind": "direct", "with": "alice"}).status_code == 201


@pytest.mark.covers("F2", "F3")
def test_strangers_are_greeted_five_times_an_hour(charlie: User, rate_limits: None) -> None:
    strangers = [make.person(f"stranger{number}") for number in range(6)]
    opened = [services.open_direct(person=charlie, other=other) for other in strangers[:5]]
    with pytest.raises(RateLimited):
        services.open_direct(person=charlie, other=strangers[5])
    assert services.open_direct(person=charlie, other=strangers[0]) == opened[0]
    assert Conversation.objects.filter(requested_by=charlie).count() == 5


def test_friendship_makes_an_end_of_the_request_and_its_end_makes_strangers_again(
    alice: User, charlie: User, request_of_charlie: Conversation, say: Any
) -> None:
    make.friends(charlie, alice)
    assert not fresh(request_of_charlie).is_request
    assert list_of(alice) == [str(request_of_charlie.pk)]
    accounts.remove_friend(owner=alice, friend=charlie)
    with pytest.raises(NotFriends):
        say(charlie, request_of_charlie, "Still there?")


def test_the_profile_of_a_stranger_has_a_way_to_write(alice: User, charlie: User) -> None:
    opening = reverse("chat:open_direct", args=["alice"])
    assert opening in Web(charlie).get("/people/alice/").content.decode()
    answer = Web(charlie).post(opening)
    page = Web(charlie).get(answer["Location"]).content.decode()
    assert "You are not friends" in page
    Web(charlie).post(f"{answer['Location']}messages/", {"text": "Hello", "client_id": str(uuid4())})
    asked = Web(alice).get(answer["Location"]).content.decode()
    assert reverse("chat:accept_request", args=[Conversation.objects.get(requested_by=charlie).pk]) in asked
