from celery import shared_task

from . import outbox


@shared_task
def sweep_outbox() -> None:
    outbox.sweep()
