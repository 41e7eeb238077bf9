"""Who hears what: every event reaches those who may see it, and nobody else, whatever notice is lost."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from accounts import services as accounts
from accounts.models import User
from chat import services
from chat.models import Conversation
from superapp.kernel import live
from tests import make
from tests.live_server import Device

pytestmark = pytest.mark.django_db(transaction=True)
Devices = Callable[..., Device]


def numbered(device: Device, seconds: float = 0.6) -> list[tuple[str, int]]:
    """Every event with a number that has come."""
    device.texts(seconds)
    ours = {"message.created", "message.changed", "conversation.changed", "member.changed"}
    return [(frame["type"], frame["seq"]) for frame in device.received if frame["type"] in ours]


@pytest.mark.covers("A7")
def test_members_hear_and_others_do_not(
    device: Devices, alice: User, bob: User, carol: User, charlie: User, group: Conversation, say: Any
) -> None:
    inside, outside = [device(alice), device(bob), device(carol)], device(charlie)
    say(bob, group, "For the group")
    assert [one.texts() for one in inside] == [["For the group"]] * 3
    assert outside.texts() == []


@pytest.mark.covers("A7", "J2")
def test_events_carry_every_number_once_and_in_order(
    device: Devices, alice: User, bob: User, dora: User, group: Conversation, say: Any
) -> None:
    make.friends(alice, dora)
    phone = device(bob)
    head = group.head
    say(alice, group)
    services.change_group(actor=alice, conversation=group, title="Climbing", announcement="Saturday")
    services.add_members(actor=alice, conversation=group, members=[dora])
    services.change_role(actor=alice, conversation=group, member=group.member(dora), role="admin")
    services.change_own_membership(member=group.member(dora), nickname="Do")
    services.leave_group(person=alice, conversation=group)
    group.refresh_from_db()
    numbers = [number for _kind, number in numbered(phone)]
    assert numbers == list(range(head + 1, group.head + 1))


@pytest.mark.covers("A7", "A8")
@pytest.mark.parametrize("how", ["removed", "left"])
def test_after_the_removal_nothing_more_is_heard(
    how: str, device: Devices, alice: User, bob: User, group: Conversation, say: Any
) -> None:
    gone, stays = device(bob), device(alice)
    say(alice, group, "Before")
    if how == "removed":
        services.remove_member(actor=alice, conversation=group, member=group.member(bob))
    else:
        services.leave_group(person=bob, conversation=group)
    removal = group.members.get(user=bob).changed_seq
    say(alice, group, "After")
    services.change_group(actor=alice, conversation=group, title="Without Bob")
    gone.send({"type": "typing", "conversation": str(group.pk)})
    assert gone.until("error")["code"] == "not_found"
    assert gone.texts() == ["Before"]
    assert "After" in stays.texts()
    assert max(number for _kind, number in numbered(gone)) == removal


@pytest.mark.covers("A8")
def test_even_when_every_notice_of_the_removal_is_lost(
    device: Devices, alice: User, bob: User, group: Conversation, say: Any, monkeypatch: Any
) -> None:
    gone = device(bob)
    with monkeypatch.context() as deaf:
        deaf.setattr(live, "_carrier", lambda: None)  # what is published now reaches nobody
        services.remove_member(actor=alice, conversation=group, member=group.member(bob))
    say(alice, group, "After")
    assert gone.texts() == []
    assert gone.received == [gone.hello]


@pytest.mark.covers("A7")
def test_who_joins_hears_from_then_on(device: Devices, alice: User, dora: User, group: Conversation, say: Any) -> None:
    make.friends(alice, dora)
    phone = device(dora)
    say(alice, group, "Before")
    services.add_members(actor=alice, conversation=group, members=[dora])
    say(alice, group, "After")
    assert phone.texts() == ["Alice added Dora.", "After"]


@pytest.mark.covers("A7", "F7")
def test_typing_is_shown_to_the_other_members_and_to_friends_alone(
    device: Devices, alice: User, bob: User, charlie: User, direct: Conversation, group: Conversation
) -> None:
    writer, reader, stranger = device(alice), device(bob), device(charlie)
    for conversation in (direct, group):
        writer.send({"type": "typing", "conversation": str(conversation.pk)})
        assert reader.until("typing", conversation=str(conversation.pk))["from"] == "alice"
    accounts.block_person(blocker=bob, blocked=alice)
    again = device(alice)
    again.send({"type": "typing", "conversation": str(direct.pk)})
    assert again.until("error")["code"] == "rejected"
    stranger.send({"type": "typing", "conversation": str(direct.pk)})
    assert stranger.until("error")["code"] == "not_found"
    reader.texts()
    typed = [frame["conversation"] for frame in reader.received if frame["type"] == "typing"]
    assert typed == [str(direct.pk), str(group.pk)]
    assert not any(frame["type"] == "typing" for frame in [*writer.received, *stranger.received])


def test_typing_is_told_at_most_every_two_seconds(
    device: Devices, alice: User, bob: User, direct: Conversation
) -> None:
    writer, reader = device(alice), device(bob)
    for _ in range(10):
        writer.send({"type": "typing", "conversation": str(direct.pk)})
    reader.texts()
    assert sum(frame["type"] == "typing" for frame in reader.received) == 1


@pytest.mark.covers("A7", "J10")
def test_read_marks_reach_one_s_own_devices_alone(
    device: Devices, alice: User, bob: User, direct: Conversation, say: Any
) -> None:
    seq = say(bob, direct).seq
    phone, laptop, other = device(alice), device(alice), device(bob)
    phone.send({"type": "read", "conversation": str(direct.pk), "seq": seq})
    assert laptop.until("read") == {"type": "read", "conversation": str(direct.pk), "seq": seq}
    assert direct.member(alice).read_seq == seq
    other.texts()
    assert not any(frame["type"] == "read" for frame in other.received)


@pytest.mark.covers("A7")
def test_a_photo_is_told_without_an_address(device: Devices, alice: User, bob: User, direct: Conversation) -> None:
    from uuid import uuid4

    photo = make.upload(alice)
    phone = device(bob)
    services.send_message(sender=alice, conversation=direct, client_id=uuid4(), kind="image", uploads=[str(photo.pk)])
    event = phone.until("message.created")
    [upload] = event["message"]["uploads"]
    assert (upload["id"], upload["width"], upload["height"]) == (str(photo.pk), photo.width, photo.height)
    assert "/files/" not in json.dumps(event)


@pytest.mark.covers("J6")
def test_a_gap_is_filled_by_sync(
    device: Devices, alice: User, bob: User, direct: Conversation, say: Any, monkeypatch: Any
) -> None:
    from tests.conftest import Api

    phone = device(bob)
    last = phone.hello["heads"][str(direct.pk)]
    with monkeypatch.context() as deaf:
        deaf.setattr(live, "_carrier", lambda: None)
        say(alice, direct, "Lost")
    say(alice, direct, "Heard")
    assert phone.until("message.created")["seq"] == last + 2
    changes = Api(bob).get(f"/api/v1/conversations/{direct.pk}/sync/?since={last}").json()
    assert [message["text"] for message in changes["messages"]] == ["Lost", "Heard"]


if settings.REDIS_URL:

    @pytest.mark.covers("A7", "J12")
    def test_what_another_process_says_is_heard_here(
        device: Devices, alice: User, bob: User, charlie: User, direct: Conversation
    ) -> None:
        phone, stranger = device(bob), device(charlie)
        program = f"""
import time, uuid, django
from django.conf import settings
settings.DATABASES["default"]["NAME"] = {connection.settings_dict["NAME"]!r}
settings.DATABASES["default"]["USER"] = {connection.settings_dict["USER"]!r}
django.setup()
from chat import services
from chat.models import Conversation
from accounts.models import User
services.send_message(
    sender=User.objects.get(handle="alice"), conversation=Conversation.objects.get(pk={direct.pk}),
    client_id=uuid.uuid4(), text="From elsewhere",
)
time.sleep(1)  # the publishing thread is a daemon
"""
        subprocess.run(
            [sys.executable, "-c", program],
            check=True,
            timeout=60,
            env={**os.environ, "DJANGO_SETTINGS_MODULE": "superapp.settings"},
        )
        assert phone.texts(2) == ["From elsewhere"]
        assert stranger.texts() == []
