"""Work that must happen after a commit, and cannot be lost.

`enqueue` writes a row in the caller's transaction and hands it to Celery after the commit. A sweep every minute
hands over again whatever the broker lost. Delivery is at least once, so tasks are idempotent.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from functools import partial, wraps
from typing import Any

from celery import Task, current_app, current_task, shared_task
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from .courier import Courier
from .models import OutboxRow

logger = logging.getLogger(__name__)

# A row handed to Celery is left alone this long before the sweep hands it over again.
PATIENCE = timedelta(seconds=90)
# A wait as short as this is kept by the broker.
SOON = timedelta(seconds=10)
MAX_ATTEMPTS = 8

courier = Courier()


def task(function: Callable[..., None]) -> Task[Any, None]:
    """A Celery task fed by the outbox: it runs the function, then strikes the row off.

    The function takes keyword arguments that JSON can hold (ids), loads by id and tolerates the row being gone.
    """

    @wraps(function)
    def run(*, outbox_id: int | None = None, **arguments: Any) -> None:
        if outbox_id is not None and not OutboxRow.objects.filter(pk=outbox_id).exists():
            return  # delivered twice, and the other delivery has finished
        try:
            function(**arguments)
        except Exception as error:
            if outbox_id is None:
                raise
            _note_failure(outbox_id, error)
            logger.exception("outbox task %s failed", function.__name__)
            return
        if outbox_id is not None:
            OutboxRow.objects.filter(pk=outbox_id).delete()

    return shared_task(name=f"{function.__module__}.{function.__name__}")(run)


def enqueue(owed: Task[Any, None], *, delay: timedelta = timedelta(0), **arguments: Any) -> None:
    """Owe a task made with `outbox.task`. A `delay` of some seconds is left to the broker; with a longer one it waits
    for the sweep that finds it due (within a minute)."""
    is_soon = delay <= SOON
    due_at = timezone.now() + (PATIENCE + delay if is_soon else delay)
    row = OutboxRow.objects.create(task=owed.name, arguments=arguments, due_at=due_at)
    if is_soon:
        transaction.on_commit(lambda: _send_off(row, delay), robust=True)


def _send_off(row: OutboxRow, delay: timedelta) -> None:
    """To a broker in this process at once, to any other by the courier. A task hands over itself: nobody waits for it,
    and the process of a worker may end with it."""
    conf = current_app.conf
    if conf.task_always_eager or conf.broker_write_url.startswith("memory") or current_task:
        hand_over(row, delay)
    else:
        courier.carry(partial(hand_over, row, delay))


def hand_over(row: OutboxRow, delay: timedelta = timedelta(0)) -> None:
    """Give a row to Celery. A broker that is down costs nothing but time: the sweep tries again."""
    current_app.tasks[row.task].apply_async(
        kwargs={**row.arguments, "outbox_id": row.pk}, countdown=delay.total_seconds(), retry=False
    )


def sweep(limit: int = 500) -> int:
    """Hand over every row that is due; the number of rows."""
    now = timezone.now()
    with transaction.atomic():
        rows = list(OutboxRow.objects.due(now).locked()[:limit])
        for row in rows:
            row.due_at = now + PATIENCE * 2**row.attempts
        OutboxRow.objects.bulk_update(rows, ["due_at"])
    for row in rows:
        hand_over(row)
    return len(rows)


def reclaim() -> None:
    """Make due again what was handed to a broker that lived in a process which has ended. Only for that case: rows
    that a living worker holds would run twice."""
    now = timezone.now()
    handed_over = OutboxRow.objects.filter(
        parked_at=None, due_at__lte=F("created_at") + PATIENCE + SOON + timedelta(seconds=1)
    )
    handed_over.update(due_at=now)


def _note_failure(outbox_id: int, error: Exception) -> None:
    """Count a failure; a row that keeps failing is parked for a person to look at, the rest flows on."""
    with transaction.atomic():
        row = OutboxRow.objects.filter(pk=outbox_id).locked().first()
        if row is None:
            return
        row.attempts += 1
        row.last_error = f"{type(error).__name__}: {error}"[:500]
        row.due_at = timezone.now() + PATIENCE * 2**row.attempts
        row.parked_at = timezone.now() if row.attempts >= MAX_ATTEMPTS else None
        row.save(update_fields=["attempts", "last_error", "due_at", "parked_at"])
