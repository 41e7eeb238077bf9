from __future__ import annotations

import uuid

from celery import shared_task

from superapp.kernel import outbox

from . import services
from .models import Upload


@outbox.task
def remove_files(uploads: list[str]) -> None:
    """The rows are gone; what is left of them lies in the storage under names made of their ids."""
    for key in uploads:
        services.remove_files(Upload(pk=uuid.UUID(key)))


@outbox.task
def convert(upload: str) -> None:
    services.convert_upload(uuid.UUID(upload))


@shared_task
def purge_unused_uploads() -> None:
    while services.purge_unused() == services.PURGE_BATCH:
        pass
    while services.forget_failed_sources():
        pass
