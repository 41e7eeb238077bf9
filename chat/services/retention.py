"""How long a group keeps what is said in it, and the night shift that deletes what is older."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from chat import events
from chat.models import Attachment, Conversation, Message, RecordFile, SavedFile, SavedItem
from chat.search import store
from superapp.kernel import live
from superapp.kernel.errors import Invalid
from uploads.services import discard_uncarried

from .conversations import lock_group, membership
from .lines import Line, announce_message, write_line
from .numbering import members_at, take_number
from .rules import OwnerOnly

BATCH = 500
DAYS_MAX = 3650


class BadRetention(Invalid):
    code = "bad_retention"
    sentence = _("Choose a number of days between 1 and %(max)s.")


@transaction.atomic
def change_retention(*, owner: User, conversation: Conversation, days: int | None) -> Conversation:
    """Keep what is said for so many days (None: no rule of the group's own). What is older is gone at once."""
    most = settings.RETENTION_DAYS_MAX or DAYS_MAX
    if days is not None and not 1 <= days <= most:
        raise BadRetention(errors={"days": BadRetention.sentence % {"max": most}})
    conversation = lock_group(conversation)
    if not membership(conversation, owner).is_owner:
        raise OwnerOnly
    if days == conversation.retention_days:
        return conversation
    numbers = take_number(conversation, count=2)
    conversation.retention_days, conversation.changed_seq = days, numbers.first
    conversation.save(update_fields=["retention_days", "changed_seq"])
    recipients = list(members_at(conversation.pk, numbers.member_epoch))
    live.publish(recipients, events.conversation_changed(conversation))
    kept = conversation.days_kept
    line = Line.RETENTION_ENDED if kept is None else Line.RETENTION_CHANGED
    title = "" if kept is None else str(kept)
    said = write_line(conversation, line, seq=numbers.last, at=numbers.taken_at, actor=owner, title=title)
    announce_message(said, recipients)
    return conversation


def purge_expired_messages() -> int:
    """Delete what is older than its conversation keeps, with the files that nothing else carries; how many messages."""
    ruled = Conversation.objects.all()
    if settings.RETENTION_DAYS_DEFAULT is None and settings.RETENTION_DAYS_MAX is None:
        ruled = ruled.filter(Q(retention_days__isnull=False))
    deleted = 0
    for conversation in ruled.order_by("pk").iterator(chunk_size=500):
        days = conversation.days_kept
        if days is None:
            continue
        before = now() - timedelta(days=days)
        while batch := _purge_batch(conversation, before):
            deleted += batch
            if batch < BATCH:
                break
    return deleted


@transaction.atomic
def _purge_batch(conversation: Conversation, before: datetime) -> int:
    """The oldest ones come first, because numbers follow time: so nothing is read that stays."""
    oldest = Message.objects.filter(conversation=conversation).order_by("seq").values_list("pk", "created_at")[:BATCH]
    expired = [pk for pk, created_at in oldest if created_at <= before]
    if not expired:
        return 0
    gone = set(expired)
    carried = list(Attachment.objects.filter(message__in=expired).values_list("upload_id", flat=True))
    carried += RecordFile.objects.filter(record__message__in=expired).values_list("upload_id", flat=True)
    carried += SavedFile.objects.filter(saved__message__in=expired).values_list("upload_id", flat=True)
    SavedItem.objects.filter(message__in=expired).delete()
    Message.objects.filter(pk__in=expired).delete()
    store.forget([store.Entry(pk, created_at) for pk, created_at in oldest if pk in gone])
    discard_uncarried(ids=carried)
    return len(expired)
