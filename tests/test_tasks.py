"""A broker delivers at least once, so every background task may run twice, and at a bad moment."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from bots import services as bots
from bots.models import Delivery
from chat import services as chat
from chat.models import Conversation, Export, LinkPreview, Message, Poll, RecalledText, ScheduledMessage
from notifications.models import Notification
from publicaccounts.models import Broadcast
from superapp.celery import app
from superapp.kernel import outbox
from superapp.kernel.models import OutboxRow
from tests import films, make
from uploads.models import Upload
from uploads.services import receive_file

app.autodiscover_tasks(force=True)
OURS = sorted(name for name in app.tasks if not name.startswith(("celery.", "tests.")))


def state() -> dict[str, list[Any]]:
    """Every row of every table."""
    return {
        model._meta.label: sorted(map(str, model._default_manager.values_list()))
        for model in apps.get_models()
        if model._meta.app_label not in {"sessions", "admin", "contenttypes", "auth"}
    }


def a_notification() -> dict[str, Any]:
    make.friends(make.person("alice"), make.person("bob"))
    return {"notification_ids": list(Notification.objects.values_list("pk", flat=True)) or [1]}


def an_old_notification() -> dict[str, Any]:
    a_notification()
    Notification.objects.update(created_at=timezone.now() - timedelta(days=400), read_at=timezone.now())
    return {}


def an_expired_envelope() -> int:
    return int(make.expire(make.red_envelope(make.person("alice"))).pk)


def an_expired_envelope_to_name() -> dict[str, Any]:
    return {"red_envelope_id": an_expired_envelope()}


def an_expired_envelope_to_find() -> dict[str, Any]:
    an_expired_envelope()
    return {}


def a_removed_upload() -> dict[str, Any]:
    upload = make.upload(make.person("alice"))
    Upload.objects.filter(pk=upload.pk).delete()
    return {"uploads": [str(upload.pk)]}


def a_forgotten_upload() -> dict[str, Any]:
    upload = make.upload(make.person("alice"))
    Upload.objects.filter(pk=upload.pk).update(created_at=timezone.now() - timedelta(days=3))
    return {}


def a_received_voice_message() -> dict[str, Any]:
    alice = make.person("alice")
    upload = receive_file(owner=alice, file=films.file(films.voice()), kind="voice")
    OutboxRow.objects.all().delete()
    return {"upload": str(upload.pk)}


def a_broadcast() -> dict[str, Any]:
    alice, dora = make.person("alice"), make.person("dora")
    account = make.public_account(alice)
    make.follower(account, dora)
    make.article(account)
    return {"broadcast_id": Broadcast.objects.get().pk}


def a_vote() -> dict[str, Any]:
    alice, bob = make.person("alice"), make.person("bob")
    make.friends(alice, bob)
    group = make.group(alice, bob)
    message, _new = chat.send_poll(
        sender=alice, conversation=group, client_id=uuid4(), question="Why?", options=["A", "B"],
        closes_at=timezone.now() + timedelta(hours=1),
    )  # fmt: skip
    poll = chat.vote(voter=bob, message=message, options=[1])
    Poll.objects.update(is_announcement_owed=True)
    return {"what": "poll", "thing_id": poll.pk}


def a_poll_whose_time_has_come() -> dict[str, Any]:
    a_vote()
    Poll.objects.update(closes_at=timezone.now() - timedelta(seconds=1))
    return {}


def a_due_message() -> dict[str, Any]:
    alice, bob = make.person("alice"), make.person("bob")
    make.friends(alice, bob)
    scheduled = chat.schedule_message(
        sender=alice, conversation=make.direct(alice, bob), text="Hi", send_at=timezone.now() + timedelta(hours=1)
    )
    ScheduledMessage.objects.update(send_at=timezone.now() - timedelta(seconds=1))
    return {"scheduled_id": scheduled.pk}


def a_due_message_to_find() -> dict[str, Any]:
    a_due_message()
    return {}


def something_said() -> dict[str, Any]:
    alice, bob = make.person("alice"), make.person("bob")
    make.friends(alice, bob)
    make.message(alice, make.group(alice, bob), "Hi")
    return {}


def an_old_message() -> dict[str, Any]:
    something_said()
    group = Conversation.objects.get(kind="group")
    chat.change_retention(owner=group.created_by, conversation=group, days=7)
    Message.objects.filter(conversation=group).update(created_at=timezone.now() - timedelta(days=9))
    return {}


def a_wanted_export() -> dict[str, Any]:
    something_said()
    group = Conversation.objects.get(kind="group")
    export = chat.request_export(person=group.created_by, conversation=group)
    OutboxRow.objects.all().delete()
    return {"export_id": str(export.pk)}


def an_expired_export() -> dict[str, Any]:
    a_wanted_export()
    Export.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    return {}


def a_message_with_a_link() -> dict[str, Any]:
    alice, bob = make.person("alice"), make.person("bob")
    make.friends(alice, bob)
    return {"message_id": make.message(alice, make.direct(alice, bob), "http://10.0.0.1/").pk}


def words_taken_back_long_ago() -> dict[str, Any]:
    alice = make.person("alice")
    chat.recall_message(actor=alice, message=make.message(alice, make.direct(alice, alice)))
    RecalledText.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    return {}


def an_unused_preview() -> dict[str, Any]:
    LinkPreview.objects.create(key="k", url="http://10.0.0.1/", fetched_at=timezone.now() - timedelta(days=9))
    return {}


def an_event_for_a_bot_that_is_gone() -> dict[str, Any]:
    alice = make.person("alice")
    bot = bots.create_bot(owner=alice, handle="robot_bot", name="Robot")
    bots.change_bot(owner=alice, bot=bot, url="http://10.0.0.1/")
    delivery = bots.send_ping(owner=alice, bot=bot)
    bots.remove_bot(owner=alice, bot=bot)
    OutboxRow.objects.all().delete()
    return {"delivery_id": str(delivery.pk)}


def an_old_delivery() -> dict[str, Any]:
    an_event_for_a_bot_that_is_gone()
    Delivery.objects.update(created_at=timezone.now() - timedelta(days=30))
    return {}


def an_owed_row() -> dict[str, Any]:
    name = "wallet.tasks.refund_red_envelope"
    OutboxRow.objects.create(task=name, arguments={"red_envelope_id": an_expired_envelope()}, due_at=timezone.now())
    return {}


PREPARED: dict[str, Callable[[], dict[str, Any]]] = {
    "bots.tasks.deliver": an_event_for_a_bot_that_is_gone,
    "bots.tasks.forget_old_deliveries": an_old_delivery,
    "chat.tasks.build_export": a_wanted_export,
    "chat.tasks.forget_recalled_texts": words_taken_back_long_ago,
    "chat.tasks.forget_unused_previews": an_unused_preview,
    "chat.tasks.index_messages": something_said,
    "chat.tasks.purge_expired_exports": an_expired_export,
    "chat.tasks.purge_expired_messages": an_old_message,
    "chat.tasks.preview_link": a_message_with_a_link,
    "chat.tasks.announce": a_vote,
    "chat.tasks.close_due_polls": a_poll_whose_time_has_come,
    "chat.tasks.send_due_messages": a_due_message_to_find,
    "chat.tasks.send_scheduled_message": a_due_message,
    "notifications.tasks.deliver_notifications": a_notification,
    "notifications.tasks.forget_old_notifications": an_old_notification,
    "publicaccounts.tasks.tell_followers": a_broadcast,
    "superapp.kernel.tasks.sweep_outbox": an_owed_row,
    "uploads.tasks.convert": a_received_voice_message,
    "uploads.tasks.purge_unused_uploads": a_forgotten_upload,
    "uploads.tasks.remove_files": a_removed_upload,
    "wallet.tasks.refund_expired_red_envelopes": an_expired_envelope_to_find,
    "wallet.tasks.refund_red_envelope": an_expired_envelope_to_name,
    "wallet.tasks.verify_ledger": an_expired_envelope_to_find,
}


@pytest.mark.covers("K2")
def test_every_task_is_tried_here() -> None:
    assert sorted(PREPARED) == OURS


@pytest.mark.covers("K2")
@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(PREPARED))
def test_a_task_that_runs_twice_acts_once(name: str) -> None:
    arguments = PREPARED[name]()

    app.tasks[name](**arguments)
    once = state()
    app.tasks[name](**arguments)

    assert state() == once


@pytest.mark.covers("K2")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", sorted(PREPARED))
def test_a_task_that_runs_twice_at_once_acts_once(name: str) -> None:
    arguments = PREPARED[name]()

    def run(_: int) -> None:
        try:
            app.tasks[name](**arguments)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(run, range(2)))
    twice_at_once = state()
    app.tasks[name](**arguments)

    assert state() == twice_at_once


@pytest.mark.covers("K2")
@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(PREPARED))
def test_a_task_tolerates_that_its_row_is_gone(name: str) -> None:
    gone = {
        "notification_ids": [10**9],
        "broadcast_id": 10**9,
        "red_envelope_id": 10**9,
        "message_id": 10**9,
        "delivery_id": "8f14e45f-ceea-467f-8a52-1d9b0f3c2a11",
        "scheduled_id": 10**9,
        "export_id": "8f14e45f-ceea-467f-8a52-1d9b0f3c2a11",
        "what": "poll",
        "thing_id": 10**9,
        "upload": "8f14e45f-ceea-467f-8a52-1d9b0f3c2a11",
        "uploads": ["8f14e45f-ceea-467f-8a52-1d9b0f3c2a11"],
    }
    arguments = {key: gone[key] for key in PREPARED[name]()}

    app.tasks[name](**arguments)


@pytest.mark.covers("K2", "K3")
def test_the_broker_is_told_to_give_work_back_and_no_task_runs_for_ever() -> None:
    conf = app.conf
    assert conf.task_acks_late
    assert conf.task_reject_on_worker_lost
    assert 0 < conf.task_soft_time_limit < conf.task_time_limit
    assert conf.accept_content == ["json"]
    if settings.REDIS_URL:
        assert conf.broker_transport_options["visibility_timeout"] > conf.task_time_limit


def test_the_schedule_names_tasks_that_exist() -> None:
    assert {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()} <= set(OURS)


@pytest.mark.django_db(transaction=True)
def test_what_is_enqueued_can_be_run(effects: Any) -> None:
    """Arguments survive JSON."""
    with transaction.atomic():
        outbox.enqueue(app.tasks["wallet.tasks.refund_red_envelope"], red_envelope_id=10**9)

    assert OutboxRow.objects.count() == 0
