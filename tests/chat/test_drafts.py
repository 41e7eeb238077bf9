"""What a person has begun to write is on all their devices; the latest writer wins; sending clears it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from accounts.models import User
from chat import services
from chat.models import Conversation
from tests.live_server import Device


def url(conversation: Conversation) -> str:
    return f"/api/v1/conversations/{conversation.pk}/draft/"


def draft_of(person: User, conversation: Conversation) -> str:
    member = conversation.member(person)
    assert member is not None
    return member.draft


def test_it_is_kept_and_shown_on_the_page_in_the_list_and_in_rest(
    alice: User, bob: User, direct: Conversation, group: Conversation, api: Any, web: Any, say: Any
) -> None:
    asked = say(bob, direct, "Sunday?")
    kept = api(alice).put(url(direct), {"text": "I think we", "reply_to": str(asked.pk)}, format="json").json()
    assert (kept["text"], kept["reply_to"]) == ("I think we", str(asked.pk))
    page = web(alice).get(f"/chats/{direct.pk}/").content.decode()
    assert ">I think we</textarea>" in page
    assert f'name="reply_to" value="{asked.pk}"' in page
    assert "[Draft]" in web(alice).get(f"/chats/{group.pk}/").content.decode()
    assert api(alice).get(f"/api/v1/conversations/{direct.pk}/").json()["draft"]["text"] == "I think we"
    assert "I think we" not in web(bob).get(f"/chats/{direct.pk}/").content.decode()


def test_the_latest_writer_wins_by_the_time_of_writing(alice: User, direct: Conversation, api: Any) -> None:
    now = timezone.now()
    api(alice).put(url(direct), {"text": "Later", "written_at": now.isoformat()}, format="json")
    late = {"text": "Earlier", "written_at": (now - timedelta(minutes=5)).isoformat()}
    assert api(alice).put(url(direct), late, format="json").json()["text"] == "Later"


def test_a_clock_that_runs_ahead_does_not_win_for_ever(alice: User, direct: Conversation, api: Any) -> None:
    ahead = {"text": "From tomorrow", "written_at": (timezone.now() + timedelta(days=1)).isoformat()}
    api(alice).put(url(direct), ahead, format="json")
    assert api(alice).put(url(direct), {"text": "Now"}, format="json").json()["text"] == "Now"


def test_sending_clears_it_where_the_sender_says_so(alice: User, direct: Conversation, web: Any, say: Any) -> None:
    services.keep_draft(writer=alice, conversation=direct, text="Half a tho")
    say(alice, direct, "Something else, from a bot of hers")
    assert draft_of(alice, direct) == "Half a tho"
    words = {"text": "Half a thought", "client_id": str(uuid4())}
    web(alice).post(f"/chats/{direct.pk}/messages/", words)
    assert draft_of(alice, direct) == ""


def test_taking_it_away(alice: User, direct: Conversation, api: Any) -> None:
    services.keep_draft(writer=alice, conversation=direct, text="Never mind")
    assert api(alice).delete(url(direct)).status_code == 204
    assert api(alice).delete(url(direct)).status_code == 204
    assert draft_of(alice, direct) == ""
    services.keep_draft(writer=alice, conversation=direct, text="Once more")
    services.keep_draft(writer=alice, conversation=direct, text="   ")
    assert draft_of(alice, direct) == ""


def test_the_page_s_own_door(alice: User, direct: Conversation, web: Any) -> None:
    door = f"/chats/{direct.pk}/draft/"
    assert web(alice).post(door, {"text": "By script", "written_at": "1763870000.5"}).status_code == 204
    assert draft_of(alice, direct) == "By script"
    assert web(alice).post(door, {"text": "x" * 6000}).status_code == 422
    assert web(alice).post(door, {"text": "x", "written_at": "nan"}).status_code == 422
    assert draft_of(alice, direct) == "By script"


def test_what_it_answers_must_be_there(
    alice: User, bob: User, direct: Conversation, group: Conversation, api: Any, say: Any
) -> None:
    elsewhere = say(bob, group)
    answer = api(alice).put(url(direct), {"text": "Hm", "reply_to": str(elsewhere.pk)}, format="json")
    assert answer.status_code == 404
    assert draft_of(alice, direct) == ""


def test_strangers_keep_nothing_there(charlie: User, direct: Conversation, api: Any, web: Any) -> None:
    assert api(charlie).put(url(direct), {"text": "Hi"}, format="json").status_code == 404
    assert web(charlie).post(f"/chats/{direct.pk}/draft/", {"text": "Hi"}).status_code == 404


@pytest.mark.django_db(transaction=True)
@pytest.mark.covers("A7")
def test_devices_of_one_person_hear_of_it_and_of_its_sending(
    device: Callable[..., Device], alice: User, bob: User, direct: Conversation
) -> None:
    phone, laptop, other = device(alice), device(alice), device(bob)
    services.keep_draft(writer=alice, conversation=direct, text="Begun")
    assert laptop.until("draft.changed")["draft"]["text"] == "Begun"
    frame = {"conversation": str(direct.pk), "client_id": str(uuid4()), "text": "Begun and done", "clears_draft": True}
    assert phone.ask(type="message.send", **frame)["type"] == "ack"
    assert laptop.until("draft.changed")["draft"]["text"] == ""
    assert other.texts() == ["Begun and done"]
    assert not any(frame["type"] == "draft.changed" for frame in other.received)
