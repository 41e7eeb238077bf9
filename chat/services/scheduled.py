from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.services.friendship import lock_people
from chat.models import Conversation, Message, ScheduledMessage
from chat.models.scheduled import SCHEDULED_AHEAD_MAX, SCHEDULED_MAX
from notifications.services import notify, take_back
from superapp.kernel import limits
from superapp.kernel.errors import Conflict, Invalid, NotFound, RateLimited, Refused

from .conversations import membership
from .mentions import MENTIONS_MAX, TooManyMentions
from .messages import EmptyMessage, IdempotencyMismatch, checked_text, send_message

SUSPENDED = "suspended"


class NotInFuture(Invalid):
    code = "not_in_future"
    sentence = _("Choose a time that is still to come.")


class TooFarAhead(Invalid):
    code = "too_far_ahead"
    sentence = _("A message can be scheduled for up to a year ahead.")


class TooManyScheduled(Conflict):
    code = "too_many"
    sentence = _("You have many scheduled messages already. Send or delete one first.")


class AlreadySent(Conflict):
    code = "already_sent"
    sentence = _("This message has been sent.")


@transaction.atomic
def schedule_message(
    *,
    sender: User,
    conversation: Conversation,
    text: str,
    send_at: datetime,
    client_id: uuid.UUID | None = None,
    reply_to: Message | None = None,
    mentions: Sequence[str] = (),
    silent: bool = False,
) -> ScheduledMessage:
    """Have something said later, in one's own name. A retry with the same `client_id` answers what the first made.
    Whether it may be said is asked when it is."""
    limits.count("message", sender.pk)
    draft = ScheduledMessage(
        sender=sender,
        conversation=conversation,
        client_id=client_id or uuid.uuid4(),
        text=_checked_words(text),
        reply_to=reply_to,
        mentions=_checked_mentions(mentions),
        silent=silent,
        send_at=_checked_time(send_at),
    )
    membership(conversation, sender)
    lock_people(sender)
    if kept := _kept_before(draft):
        return kept
    if ScheduledMessage.objects.visible_to(sender).count() >= SCHEDULED_MAX:
        raise TooManyScheduled
    draft.save(force_insert=True)
    return draft


@transaction.atomic
def change_scheduled(
    *,
    sender: User,
    scheduled: ScheduledMessage,
    text: str | None = None,
    send_at: datetime | None = None,
    silent: bool | None = None,
) -> ScheduledMessage:
    """Other words, another time. One that could not be sent waits again, for a time that is still to come."""
    scheduled = _held(sender, scheduled)
    membership(scheduled.conversation, sender)
    if text is not None:
        scheduled.text = _checked_words(text)
    if send_at is not None or scheduled.failure:
        scheduled.send_at = _checked_time(send_at or scheduled.send_at)
    if silent is not None:
        scheduled.silent = silent
    _forget_failure(scheduled)
    scheduled.save(update_fields=["text", "send_at", "silent", "failure"])
    return scheduled


@transaction.atomic
def delete_scheduled(*, sender: User, scheduled: ScheduledMessage) -> None:
    scheduled = _held(sender, scheduled)
    _forget_failure(scheduled)
    scheduled.delete()


@transaction.atomic
def send_scheduled(*, sender: User, scheduled: ScheduledMessage) -> Message:
    """Say it now."""
    scheduled = _held(sender, scheduled)
    _forget_failure(scheduled)
    return _say(scheduled)


@transaction.atomic
def send_due_message(scheduled_id: int) -> None:
    """Say it if its time has come. It goes in the same transaction, so nothing is said twice; what is refused is kept,
    and its writer told. Who says too much at once waits a little."""
    due = ScheduledMessage.objects.due(now()).filter(pk=scheduled_id)
    scheduled = due.select_related("sender", "conversation", "reply_to").locked().first()
    if scheduled is None:
        return
    failure = ""
    if scheduled.sender.is_active:
        try:
            _say(scheduled)
        except RateLimited:
            return
        except Refused as refusal:
            failure = refusal.code
    else:
        failure = SUSPENDED
    if failure:
        scheduled.failure = failure
        scheduled.save(update_fields=["failure"])
        notify(recipient=scheduled.sender, kind="scheduled_failed", actor=None, target=scheduled)


@transaction.atomic
def _say(scheduled: ScheduledMessage) -> Message:
    reply_to = scheduled.reply_to
    if reply_to is not None and not reply_to.is_visible_to(scheduled.sender):
        reply_to = None
    message, _created = send_message(
        sender=scheduled.sender,
        conversation=scheduled.conversation,
        client_id=scheduled.client_id,
        text=scheduled.text,
        reply_to=reply_to,
        mentions=scheduled.mentions,
        silent=scheduled.silent,
    )
    scheduled.delete()
    return message


def _held(sender: User, scheduled: ScheduledMessage) -> ScheduledMessage:
    mine = ScheduledMessage.objects.visible_to(sender).filter(pk=scheduled.pk)
    found = mine.select_related("sender", "conversation", "reply_to").locked().first()
    if found is None:
        raise NotFound
    return found


def _forget_failure(scheduled: ScheduledMessage) -> None:
    if scheduled.failure:
        take_back(kind="scheduled_failed", target=scheduled)
        scheduled.failure = ""


def _kept_before(draft: ScheduledMessage) -> ScheduledMessage | None:
    same = {"conversation": draft.conversation, "sender": draft.sender, "client_id": draft.client_id}
    if Message.objects.filter(**same).exists():
        raise AlreadySent
    kept = ScheduledMessage.objects.filter(**same).first()
    if kept is not None and (kept.text, kept.send_at, kept.silent) != (draft.text, draft.send_at, draft.silent):
        raise IdempotencyMismatch
    return kept


def _checked_words(text: str) -> str:
    text = checked_text(text)
    if not text:
        raise EmptyMessage(errors={"text": EmptyMessage.sentence})
    return text


def _checked_time(send_at: datetime) -> datetime:
    ahead = send_at - now()
    if ahead.total_seconds() <= 0:
        raise NotInFuture(errors={"send_at": NotInFuture.sentence})
    if ahead > SCHEDULED_AHEAD_MAX:
        raise TooFarAhead(errors={"send_at": TooFarAhead.sentence})
    return send_at


def _checked_mentions(mentions: Sequence[str]) -> list[str]:
    if len(mentions) > MENTIONS_MAX:
        raise TooManyMentions(errors={"mentions": TooManyMentions.sentence})
    return list(mentions)
