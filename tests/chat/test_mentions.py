"""Naming people in a message."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.services import block_person
from chat import services
from chat.models import Conversation, Member, Message
from notifications.badges import badges
from notifications.models import Notification
from tests import make
from tests.chat.conftest import say_in
from tests.conftest import Api, Web


def send(user: User, conversation: Conversation, **body: Any) -> Any:
    body = {"client_id": str(uuid4()), "text": "Hello", **body}
    return Api(user).post(f"/api/v1/conversations/{conversation.pk}/messages/", body)


def named_in(conversation: Conversation) -> set[str]:
    named = Member.objects.filter(conversation=conversation, mentioned_seq__gt=0)
    return set(named.values_list("user__handle", flat=True))


def told() -> set[str]:
    return set(Notification.objects.filter(kind="mention").values_list("recipient__handle", flat=True))


def test_a_member_named_by_handle_is_told(alice: User, bob: User, carol: User, group: Conversation) -> None:
    answer = send(alice, group, text="Ask @bob, or write to carol@example.org")

    assert answer.status_code == 201
    assert answer.json()["mentions"] == [{"handle": "bob", "name": "Bob"}]
    assert answer.json()["mentions_all"] is False
    assert named_in(group) == told() == {"bob"}
    notice = Notification.objects.get(kind="mention")
    assert notice.sentence() == "Alice mentioned you in Hiking"
    assert notice.url() == f"/chats/{group.pk}/?around={answer.json()['seq']}#message-{answer.json()['seq']}"


def test_names_stand_between_words_of_scripts_without_spaces(alice: User, bob: User, group: Conversation) -> None:
    say_in(alice, group, "请@bob看一下，@Carol也看")

    assert named_in(group) == {"bob", "carol"}


def test_a_program_names_members_beside_the_text(alice: User, bob: User, group: Conversation) -> None:
    assert send(alice, group, text="Look here", mentions=["bob"]).json()["mentions"] == [
        {"handle": "bob", "name": "Bob"}
    ]
    assert told() == {"bob"}


@pytest.mark.covers("A5")
def test_only_members_can_be_named(alice: User, bob: User, charlie: User, group: Conversation) -> None:
    before = Message.objects.count()
    stranger = send(alice, group, mentions=["charlie"])
    nobody = send(alice, group, mentions=["nobody_here"])

    assert stranger.status_code == nobody.status_code == 400
    assert stranger.json() == nobody.json()
    assert stranger.json()["code"] == "unknown_mention"
    assert Message.objects.count() == before
    assert send(alice, group, text="I met @charlie today").json()["mentions"] == []
    assert told() == set()


def test_the_owner_calls_everybody(alice: User, bob: User, carol: User, group: Conversation) -> None:
    answer = send(alice, group, text="@all the bus leaves at nine")

    assert answer.json()["mentions_all"] is True
    assert answer.json()["mentions"] == []
    assert named_in(group) == told() == {"bob", "carol"}


def test_a_plain_member_cannot_call_everybody(bob: User, carol: User, group: Conversation) -> None:
    refused = send(bob, group, mentions=["all"])

    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
    assert send(bob, group, text="Dear @all").json()["mentions_all"] is False  # a word like any other
    assert named_in(group) == told() == set()


def test_between_two_there_is_no_everybody(alice: User, direct: Conversation) -> None:
    assert send(alice, direct, mentions=["all"]).json()["code"] == "not_a_group"


def test_a_retry_is_known_when_the_one_named_has_left(alice: User, bob: User, carol: User, group: Conversation) -> None:
    body = {"client_id": str(uuid4()), "text": "Look", "mentions": ["bob"]}
    first = send(alice, group, **body)
    services.leave_group(person=bob, conversation=group)

    again = send(alice, group, **body)

    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json()["id"] == first.json()["id"]


def test_a_mention_reaches_who_has_muted_the_conversation(alice: User, bob: User, group: Conversation) -> None:
    bobs = group.member(bob)
    assert bobs is not None
    services.change_own_membership(member=bobs, muted=True)
    say_in(alice, group, "Nothing much")
    assert badges(bob)["chats"] == 0

    said = say_in(alice, group, "But this, @bob")

    assert badges(bob)["chats"] == 1
    assert told() == {"bob"}
    services.mark_read(reader=bob, conversation=group, seq=said.seq)
    assert badges(bob)["chats"] == 0
    assert not Notification.objects.filter(kind="mention").unread().exists()


def test_reading_up_to_an_earlier_message_keeps_the_notice_of_a_later_one(
    alice: User, bob: User, group: Conversation
) -> None:
    first = say_in(alice, group, "@bob one")
    say_in(alice, group, "@bob two")

    services.mark_read(reader=bob, conversation=group, seq=first.seq)

    assert Notification.objects.filter(kind="mention").unread().count() == 1


def test_a_block_keeps_mentions_away(alice: User, bob: User, carol: User, group: Conversation) -> None:
    block_person(blocker=carol, blocked=bob)
    say_in(bob, group, "@carol @alice hear me")

    assert named_in(group) == told() == {"alice"}


def test_a_silent_message_names_without_a_notification(alice: User, bob: User, group: Conversation) -> None:
    say_in(alice, group, "@bob when you wake up", silent=True)

    assert named_in(group) == {"bob"}
    assert told() == set()


def test_who_has_left_is_not_told_of_it(alice: User, bob: User, carol: User, group: Conversation) -> None:
    services.leave_group(person=bob, conversation=group)
    say_in(alice, group, "@bob @carol goodbye")

    assert told() == {"carol"}


def test_the_bubble_shows_the_name_and_leads_to_the_profile(alice: User, bob: User, group: Conversation) -> None:
    say_in(alice, group, "Ask @bob <b> https://example.org/@bob")
    page = Web(bob).get(f"/chats/{group.pk}/").content.decode()

    assert (
        'Ask <a class="mention" href="/people/bob/">@<bdi>Bob</bdi></a> &lt;b&gt; <a href="https://example.org/@bob"'
        in page
    )
    assert "names-me" in page
    assert "names-me" not in Web(alice).get(f"/chats/{group.pk}/").content.decode()


def test_the_list_of_chats_says_so_until_it_is_read(alice: User, bob: User, group: Conversation) -> None:
    said = say_in(alice, group, "Ask @bob")
    assert "[You were mentioned]" in Web(bob).get("/chats/").content.decode()
    assert "[You were mentioned]" not in Web(alice).get("/chats/").content.decode()
    assert "Ask @Bob" in Web(alice).get("/chats/").content.decode()

    services.mark_read(reader=bob, conversation=group, seq=said.seq)

    assert "[You were mentioned]" not in Web(bob).get("/chats/").content.decode()


def test_naming_everybody_takes_as_many_queries_in_a_large_group(alice: User) -> None:
    def queries(size: int) -> int:
        people = User.objects.bulk_create(
            User(handle=f"m{size}_{n}", display_name="M", email=f"m{size}_{n}@example.org", password="!")
            for n in range(size)
        )
        for person in people:
            make.friends(alice, person)
        group = make.group(alice, *people)
        with CaptureQueriesContext(
            connection,
        ) as caught:
            say_in(alice, group, "@all hello")
        assert Notification.objects.filter(kind="mention", recipient__in=people).count() == size
        return len(caught)

    assert queries(3) == queries(30)


def test_a_page_without_scripts_names_too(alice: User, bob: User, group: Conversation) -> None:
    Web(alice).post(f"/chats/{group.pk}/messages/", {"text": "Dear @bob", "client_id": str(uuid4())})

    assert told() == {"bob"}
