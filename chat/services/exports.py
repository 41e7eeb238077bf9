"""A conversation to take away: asked for by a member, put together by a task, fetched by its owner alone, then gone."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import get_language, override

from accounts.models import User
from chat import tasks
from chat.export.archive import write_archive
from chat.models import Conversation, Export, Message
from chat.models.export import TITLE_LENGTH_MAX
from superapp.kernel import limits, outbox

from .conversations import membership

ABANDONED_AFTER = timedelta(minutes=5)  # without a sign of the task that was at it
PURGE_BATCH = 100


@transaction.atomic
def request_export(*, person: User, conversation: Conversation) -> Export:
    """Have all that the person may read here put together. While one is on its way, that one."""
    member = membership(conversation, person)
    running = Export.objects.filter(owner=person, conversation=conversation).waiting().first()
    if running is not None:
        return running
    limits.count("export", person.pk)
    conversation = member.conversation
    with override(person.language or get_language()):
        title = conversation.title_for(person)[:TITLE_LENGTH_MAX]
    export = Export.objects.create(
        owner=person,
        conversation=conversation,
        title=title,
        first_seq=member.joined_seq,
        last_seq=max(conversation.head, member.joined_seq - 1),
        total=Message.objects.seen_by(member).count(),
        expires_at=now() + timedelta(days=settings.EXPORT_DAYS),
    )
    outbox.enqueue(tasks.build_export, export_id=str(export.pk))
    return export


def build_export(export_id: str) -> None:
    """Put the archive together and keep it. Run twice at once, the second comes back later to see that it is done."""
    export = _take_up(UUID(export_id))
    if export is None:
        return
    stored = write_archive(export, progress=_note_progress)
    ready_at = now()
    Export.objects.filter(pk=export.pk).update(
        state=Export.State.READY,
        bytes=stored,
        done=export.total,
        ready_at=ready_at,
        expires_at=ready_at + timedelta(days=settings.EXPORT_DAYS),
    )


def purge_expired_exports() -> int:
    """Forget exports whose time is over, the files first: a crash in between leaves a row that is found again."""
    expired = list(Export.objects.expired(now()).order_by("expires_at")[:PURGE_BATCH])
    for export in expired:
        default_storage.delete(export.file_name)
        export.delete()
    return len(expired)


@transaction.atomic
def _take_up(pk: UUID) -> Export | None:
    export = Export.objects.filter(pk=pk).waiting().locked().select_related("owner", "conversation").first()
    if export is None:
        return None
    at = now()
    if export.touched_at is not None and export.touched_at > at - ABANDONED_AFTER:
        outbox.enqueue(tasks.build_export, delay=ABANDONED_AFTER, export_id=str(pk))
        return None
    export.touched_at = at
    export.save(update_fields=["touched_at"])
    return export


def _note_progress(export: Export, done: int) -> None:
    Export.objects.filter(pk=export.pk).update(done=done, touched_at=now())
