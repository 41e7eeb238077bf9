"""Saying something later."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils.timezone import localtime, now

from accounts.models import User
from accounts.services import remove_friend, suspend_person
from chat import services, tasks
from chat.models import Conversation, Message, ScheduledMessage
from notifications.models import Notification
from tests.conftest import Api, Web
from tests.wallet.crowd import at_once


def schedule(user: User, conversation: Conversation, hours: float = 1, **more: Any) -> ScheduledMessage:
    words = {"text": "Good morning", **more}
    return services.schedule_message(
        sender=user, conversation=conversation, send_at=now() + timedelta(hours=hours), **words
    )


def come_due(*rows: ScheduledMessage) -> None:
    ScheduledMessage.objects.filter(pk__in=[row.pk for row in rows]).update(send_at=now() - timedelta(seconds=1))


def said() -> list[str]:
    return list(Message.objects.filter(kind="text").order_by("seq").values_list("text", flat=True))


def test_it_is_said_when_its_time_has_come_and_once(alice: User, group: Conversation, effects: Any) -> None:
    row = schedule(alice, group)
    with effects():
        tasks.send_due_messages()
    assert said() == []

    come_due(row)
    with effects():
        tasks.send_due_messages()
    with effects():
        tasks.send_due_messages()
        services.send_due_message(row.pk)

    message = Message.objects.get(kind="text")
    assert (message.text, message.sender, message.client_id) == ("Good morning", alice, row.client_id)
    assert not ScheduledMessage.objects.exists()


@pytest.mark.covers("J3", "K2")
@pytest.mark.django_db(transaction=True)
def test_the_task_and_the_person_at_once_say_it_once(alice: User, bob: User) -> None:
    direct = Conversation.objects.direct_between(alice, bob).get()
    row = schedule(alice, direct)
    come_due(row)

    at_once(
        [lambda: services.send_due_message(row.pk) for _ in range(8)]
        + [lambda: services.send_scheduled(sender=alice, scheduled=row) for _ in range(8)]
    )

    assert said() == ["Good morning"]


def test_what_is_said_later_names_people_and_is_silent(alice: User, bob: User, group: Conversation) -> None:
    row = schedule(alice, group, text="@bob wake up", silent=True)
    come_due(row)
    services.send_due_message(row.pk)

    message = Message.objects.get(kind="text")
    assert (message.mentions, message.silent) == ([bob.pk], True)


def fails(row: ScheduledMessage, why: str) -> None:
    come_due(row)
    services.send_due_message(row.pk)
    services.send_due_message(row.pk)

    row.refresh_from_db()
    assert row.failure == why
    assert str(row.why_not)
    assert said() == []
    notice = Notification.objects.get(kind="scheduled_failed")
    assert notice.recipient == row.sender
    assert Notification.objects.visible_to(row.sender).filter(pk=notice.pk).exists()


def test_who_has_left_the_group_is_told_that_it_was_not_sent(bob: User, group: Conversation) -> None:
    row = schedule(bob, group)
    services.leave_group(person=bob, conversation=group)

    fails(row, "not_a_member")
    page = Web(bob).get("/scheduled/").content.decode()
    assert "Good morning" in page
    assert "You are not in this conversation any more." in page
    assert Web(bob).post(f"/scheduled/{row.pk}/send/").status_code == 404
    assert Web(bob).post(f"/scheduled/{row.pk}/delete/").url == "/scheduled/"
    assert not Notification.objects.filter(kind="scheduled_failed").exists()


def test_former_friends_are_not_written_to(alice: User, bob: User, direct: Conversation) -> None:
    row = schedule(alice, direct)
    remove_friend(owner=alice, friend=bob)

    fails(row, "not_friends")


def test_where_only_admins_write_it_is_not_sent(alice: User, bob: User, group: Conversation) -> None:
    row = schedule(bob, group)
    Conversation.objects.filter(pk=group.pk).update(only_admins_speak=True)

    fails(row, "only_admins_speak")


def test_the_suspended_say_nothing(alice: User, mod: User, group: Conversation) -> None:
    row = schedule(alice, group)
    suspend_person(moderator=mod, person=alice)
    come_due(row)
    services.send_due_message(row.pk)

    row.refresh_from_db()
    assert row.failure == "suspended"
    assert said() == []


def test_who_says_too_much_at_once_waits(alice: User, group: Conversation, rate_limits: None, settings: Any) -> None:
    rows = [schedule(alice, group, text=f"Number {number}") for number in range(40)]
    come_due(*rows)
    for row in rows:
        services.send_due_message(row.pk)

    assert len(said()) == 20  # the scheduling has been counted too
    assert ScheduledMessage.objects.waiting().count() == 20


def test_one_that_failed_can_be_given_another_time(alice: User, bob: User, direct: Conversation) -> None:
    row = schedule(alice, direct)
    remove_friend(owner=alice, friend=bob)
    fails(row, "not_friends")

    path = f"/api/v1/scheduled/{row.pk}/"
    assert Api(alice).patch(path, {"text": "Still there?"}).json()["code"] == "not_in_future"
    answer = Api(alice).patch(path, {"text": "Still there?", "send_at": (now() + timedelta(days=2)).isoformat()})

    assert (answer.status_code, answer.json()["failure"], answer.json()["text"]) == (200, "", "Still there?")
    assert not Notification.objects.filter(kind="scheduled_failed").exists()


def test_times_are_to_come_and_within_a_year(alice: User, group: Conversation) -> None:
    path = f"/api/v1/conversations/{group.pk}/scheduled/"
    for at, code in ((now() - timedelta(minutes=1), "not_in_future"), (now() + timedelta(days=366), "too_far_ahead")):
        body = {"client_id": str(uuid4()), "text": "Hi", "send_at": at.isoformat()}
        answer = Api(alice).post(path, body)
        assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert not ScheduledMessage.objects.exists()


def test_a_person_has_a_hundred_at_most(alice: User, direct: Conversation, group: Conversation) -> None:
    first = schedule(alice, group)
    ScheduledMessage.objects.bulk_create(
        ScheduledMessage(sender=alice, conversation=direct, text="x", send_at=first.send_at) for _ in range(99)
    )
    body = {"client_id": str(uuid4()), "text": "Hi", "send_at": first.send_at.isoformat()}
    answer = Api(alice).post(f"/api/v1/conversations/{group.pk}/scheduled/", body)

    assert (answer.status_code, answer.json()["code"]) == (409, "too_many")


def test_scheduling_again_answers_the_first(alice: User, group: Conversation) -> None:
    at = (now() + timedelta(hours=3)).isoformat()
    body = {"client_id": str(uuid4()), "text": "Hi", "send_at": at}
    path = f"/api/v1/conversations/{group.pk}/scheduled/"
    first, again = Api(alice).post(path, body), Api(alice).post(path, body)
    other = Api(alice).post(path, body | {"text": "Ho"})

    assert first.json() == again.json()
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_mismatch")
    assert Api(alice).post(f"/api/v1/scheduled/{first.json()['id']}/send/").status_code == 201
    sent = Api(alice).post(path, body)
    assert (sent.status_code, sent.json()["code"]) == (409, "already_sent")


def test_it_is_nobody_elses(alice: User, bob: User, group: Conversation) -> None:
    row = schedule(alice, group)
    path = f"/api/v1/scheduled/{row.pk}/"

    assert Api(alice).get(path).status_code == 200
    for answer in (
        Api(bob).get(path),
        Api(bob).patch(path, {"text": "x"}),
        Api(bob).delete(path),
        Api(bob).post(path + "send/"),
    ):
        assert answer.status_code == 404
    assert Api(bob).get(f"/api/v1/conversations/{group.pk}/scheduled/").json()["results"] == []
    assert [one["id"] for one in Api(alice).get("/api/v1/scheduled/").json()["results"]] == [str(row.pk)]


def test_the_composer_schedules_without_scripts(alice: User, group: Conversation) -> None:
    web, path = Web(alice), f"/chats/{group.pk}/scheduled/"
    page = web.get(f"/chats/{group.pk}/").content.decode()
    assert f'formaction="{path}"' in page

    answer = web.post(path, {"text": "Tea?", "when": "hour", "client_id": str(uuid4()), "reply_to": ""})
    assert answer.url == f"/chats/{group.pk}/"
    assert timedelta(minutes=59) < ScheduledMessage.objects.get().send_at - now() <= timedelta(hours=1)

    web.post(path, {"text": "Breakfast?", "when": "tomorrow"})
    tomorrow = localtime(ScheduledMessage.objects.get(text="Breakfast?").send_at)
    assert (tomorrow.hour, tomorrow.minute, tomorrow.date()) == (9, 0, (localtime() + timedelta(days=1)).date())
    assert "Breakfast?" in web.get(path).content.decode()


def test_a_time_of_ones_own_is_in_ones_own_zone(alice: User, group: Conversation) -> None:
    alice.timezone = "Asia/Shanghai"
    alice.save(update_fields=["timezone"])
    web, path = Web(alice), f"/chats/{group.pk}/scheduled/"
    asks = web.post(path, {"text": "Later", "reply_to": ""})  # the composer's "Choose a time"
    assert asks.status_code == 200
    assert ">Later</textarea>" in asks.content.decode()
    day = (now() + timedelta(days=3)).date()

    assert web.post(path, {"text": "Later", "when": "own", "send_at": f"{day}T08:30"}).status_code == 302
    assert ScheduledMessage.objects.get().send_at.isoformat() == f"{day}T00:30:00+00:00"
    assert web.post(path, {"text": "Later", "when": "own", "send_at": ""}).status_code == 422


def test_a_page_changes_sends_and_deletes(alice: User, group: Conversation) -> None:
    web = Web(alice)
    one, two = schedule(alice, group, text="One"), schedule(alice, group, text="Two")

    web.post(f"/scheduled/{one.pk}/", {"text": "Uno", "when": "hour", "silent": "on"})
    one.refresh_from_db()
    assert (one.text, one.silent) == ("Uno", True)
    assert web.post(f"/scheduled/{one.pk}/send/").url == f"/chats/{group.pk}/"
    assert web.post(f"/scheduled/{two.pk}/delete/").url == f"/chats/{group.pk}/scheduled/"
    assert said() == ["Uno"]
    assert not ScheduledMessage.objects.exists()


def test_an_answer_to_what_is_gone_is_sent_without_it(alice: User, bob: User, group: Conversation) -> None:
    first = services.send_message(sender=bob, conversation=group, client_id=uuid4(), text="Before")[0]
    row = schedule(alice, group, reply_to=first)
    first.delete()
    row.refresh_from_db()
    come_due(row)
    services.send_due_message(row.pk)

    assert Message.objects.get(kind="text").reply_to is None


def test_a_silent_message_is_not_counted(alice: User, bob: User, group: Conversation) -> None:
    services.mark_read(reader=bob, conversation=group, seq=99)
    Web(alice).post(f"/chats/{group.pk}/messages/", {"text": "Psst", "client_id": str(uuid4()), "silent": "on"})

    shown = Api(bob).get(f"/api/v1/conversations/{group.pk}/").json()
    assert (shown["unread"], shown["last_message"]["silent"]) == (0, True)
    assert 'class="dot"' in Web(bob).get("/chats/").content.decode()
    services.mark_read(reader=bob, conversation=group, seq=99)
    assert 'class="dot"' not in Web(bob).get("/chats/").content.decode()
