"""What a person has begun to write, kept for all their devices. The latest writer wins, by the time of writing."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from chat import events
from chat.models import Conversation, Member, Message
from superapp.kernel import live
from superapp.kernel.errors import Invalid

from .conversations import NotAMember


class DraftTooLong(Invalid):
    code = "too_long"
    sentence = _("This is longer than a message can be.")


@transaction.atomic
def keep_draft(
    *,
    writer: User,
    conversation: Conversation,
    text: str,
    reply_to: Message | None = None,
    written_at: datetime | None = None,
) -> Member:
    """The draft as it stands now: this one, or a later one of another device. An empty text takes it away."""
    text = text.replace("\r\n", "\n").replace("\x00", "")
    if len(text) > settings.MESSAGE_LENGTH_MAX:
        raise DraftTooLong(errors={"text": DraftTooLong.sentence})
    if not text.strip():
        text, reply_to = "", None
    now = timezone.now()
    at = min(written_at or now, now)  # a clock that runs ahead must not win for ever
    mine = Member.objects.active().filter(conversation=conversation, user=writer)
    earlier = Q(drafted_at__isnull=True) | Q(drafted_at__lte=at)
    answers = reply_to.pk if reply_to is not None else None
    changed = mine.filter(earlier).update(draft=text, draft_reply_to=answers, drafted_at=at)
    member = mine.first()
    if member is None:
        raise NotAMember
    if changed:
        live.publish([writer.pk], events.draft_changed(member))
    return member


@transaction.atomic
def clear_draft(*, writer: User, conversation: Conversation) -> None:
    """It has been sent. Nothing is said where there was none."""
    mine = Member.objects.active().filter(conversation=conversation, user=writer).exclude(draft="")
    if mine.update(draft="", draft_reply_to=None, drafted_at=timezone.now()):
        member = Member.objects.active().get(conversation=conversation, user=writer)
        live.publish([writer.pk], events.draft_changed(member))
