from __future__ import annotations

from celery import shared_task
from django.utils.timezone import now

from superapp.kernel import outbox
from superapp.kernel.models import OutboxRow

from . import previews, services
from .models import ScheduledMessage
from .search.indexing import index_everything

SENT_AT_ONCE = 500


@outbox.task
def preview_link(message_id: int) -> None:
    previews.preview_link(message_id)


@outbox.task
def announce(what: str, thing_id: int) -> None:
    services.announce_owed(what=what, thing_id=thing_id)


@outbox.task
def send_scheduled_message(scheduled_id: int) -> None:
    services.send_due_message(scheduled_id)


@shared_task
def send_due_messages() -> None:
    """Owe one task for each message whose time has come and that has none yet."""
    owed = OutboxRow.objects.filter(task=send_scheduled_message.name).values_list("arguments", flat=True)
    already = {arguments["scheduled_id"] for arguments in owed}
    due = ScheduledMessage.objects.due(now()).order_by("send_at").values_list("pk", flat=True)
    for scheduled_id in due[:SENT_AT_ONCE]:
        if scheduled_id not in already:
            outbox.enqueue(send_scheduled_message, scheduled_id=scheduled_id)


@shared_task
def close_due_polls() -> None:
    services.close_due_polls()


@shared_task
def forget_unused_previews() -> None:
    services.forget_unused_previews()


@shared_task
def forget_recalled_texts() -> None:
    services.forget_recalled_texts()


@outbox.task
def build_export(export_id: str) -> None:
    services.build_export(export_id)


build_export.time_limit, build_export.soft_time_limit = 3700, 3600  # years of talk, with their photos


@shared_task
def purge_expired_exports() -> None:
    services.purge_expired_exports()


@shared_task
def index_messages() -> None:
    index_everything()


@shared_task
def purge_expired_messages() -> None:
    services.purge_expired_messages()
