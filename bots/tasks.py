from __future__ import annotations

from celery import shared_task

from superapp.kernel import outbox

from . import delivering, services


@outbox.task
def deliver(delivery_id: str) -> None:
    delivering.deliver(delivery_id)


@shared_task
def forget_old_deliveries() -> None:
    services.forget_old_deliveries()
