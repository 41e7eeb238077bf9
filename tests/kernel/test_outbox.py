"""Work owed after a commit: written with the change, never lost, harmless when it comes twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from superapp.celery import app
from superapp.kernel import outbox
from superapp.kernel.models import OutboxRow
from superapp.kernel.tasks import sweep_outbox

done: list[int] = []


@outbox.task
def greet(*, number: int) -> None:
    done.append(number)


@outbox.task
def stumble(*, number: int) -> None:
    raise ValueError(f"cannot greet {number}")


@pytest.fixture(autouse=True)
def nothing_done() -> None:
    done.clear()


@pytest.fixture
def broker_down(broker_at: Callable[[int], None]) -> None:
    """Celery hands over to a port where nobody listens."""
    broker_at(1)


def hours_later(row: OutboxRow) -> None:
    OutboxRow.objects.filter(pk=row.pk).update(due_at=timezone.now() - timedelta(seconds=1))


@pytest.mark.django_db(transaction=True)
@pytest.mark.covers("K1")
def test_a_task_runs_after_the_commit_and_is_struck_off() -> None:
    with transaction.atomic():
        outbox.enqueue(greet, number=1)
        assert OutboxRow.objects.count() == 1
        assert done == []

    assert done == [1]
    assert OutboxRow.objects.count() == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.covers("K1")
def test_a_rollback_leaves_nothing_owed() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        outbox.enqueue(greet, number=1)
        _ = 1 / 0

    assert OutboxRow.objects.count() == 0
    assert done == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.covers("K1", "K4")
def test_what_a_broken_broker_lost_is_handed_over_by_the_sweep(broker_down: None) -> None:
    with transaction.atomic():
        outbox.enqueue(greet, number=1)
    assert outbox.courier.finish(30), "the courier gives up and leaves it to the sweep"
    row = OutboxRow.objects.get()
    assert done == []

    app.conf.task_always_eager = True  # the broker is back
    assert outbox.sweep() == 0, "a row just handed over is left alone for a while"
    hours_later(row)
    sweep_outbox()

    assert done == [1]
    assert OutboxRow.objects.count() == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.covers("K2")
def test_a_delivery_that_comes_twice_acts_once() -> None:
    row = OutboxRow.objects.create(task=greet.name, arguments={"number": 1}, due_at=timezone.now())

    outbox.hand_over(row)
    outbox.hand_over(row)

    assert done == [1]


@pytest.mark.django_db(transaction=True)
def test_a_delayed_task_waits_until_it_is_due() -> None:
    with transaction.atomic():
        outbox.enqueue(greet, delay=timedelta(hours=1), number=1)
    outbox.sweep()
    assert done == []

    hours_later(OutboxRow.objects.get())
    outbox.sweep()

    assert done == [1]


@pytest.mark.django_db(transaction=True)
def test_a_failing_task_is_tried_again_later_and_later() -> None:
    with transaction.atomic():
        outbox.enqueue(stumble, number=1)

    row = OutboxRow.objects.get()
    assert row.attempts == 1
    assert row.last_error == "ValueError: cannot greet 1"
    first_wait = row.due_at - timezone.now()
    hours_later(row)
    outbox.sweep()
    row.refresh_from_db()
    assert row.attempts == 2
    assert row.due_at - timezone.now() > first_wait


@pytest.mark.django_db(transaction=True)
def test_a_task_that_keeps_failing_is_parked_and_the_rest_flows() -> None:
    poison = OutboxRow.objects.create(
        task=stumble.name, arguments={"number": 1}, due_at=timezone.now(), attempts=outbox.MAX_ATTEMPTS - 1
    )
    OutboxRow.objects.create(task=greet.name, arguments={"number": 2}, due_at=timezone.now())

    outbox.sweep()

    assert done == [2]
    poison.refresh_from_db()
    assert poison.parked_at is not None
    hours_later(poison)
    assert outbox.sweep() == 0


@pytest.mark.django_db(transaction=True)
def test_after_a_restart_what_the_old_process_held_is_due_at_once_and_delayed_work_is_not() -> None:
    now = timezone.now()
    held = OutboxRow.objects.create(task=greet.name, arguments={"number": 1}, due_at=now + outbox.PATIENCE)
    later = OutboxRow.objects.create(task=greet.name, arguments={"number": 2}, due_at=now + timedelta(hours=24))

    outbox.reclaim()
    outbox.sweep()

    assert done == [1]
    assert not OutboxRow.objects.filter(pk=held.pk).exists()
    assert OutboxRow.objects.filter(pk=later.pk).exists()
