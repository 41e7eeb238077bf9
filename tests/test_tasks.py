"""A broker delivers at least once, so every background task may run twice, and at a bad moment."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

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


def an_owed_row() -> dict[str, Any]:
    name = "wallet.tasks.refund_red_envelope"
    OutboxRow.objects.create(task=name, arguments={"red_envelope_id": an_expired_envelope()}, due_at=timezone.now())
    return {}


PREPARED: dict[str, Callable[[], dict[str, Any]]] = {
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
