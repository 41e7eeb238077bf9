from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from chat.models import (
    AwaitedPreview,
    Member,
    Message,
    MessageEdit,
    Poll,
    Reaction,
    RecalledText,
    Record,
    RecordFile,
    SavedFile,
    SavedItem,
    SignUpList,
)
from notifications.services import take_back
from superapp.kernel.errors import Conflict, Forbidden
from uploads.services import discard_uncarried

from .changes import hold, number_change

# What goes with a message that is taken back.
BELONGINGS = (Reaction, MessageEdit, AwaitedPreview, Record, SavedItem, Poll, SignUpList)


class CannotRecall(Conflict):
    code = "cannot_recall"
    sentence = _("This cannot be recalled.")


class TooLateToRecall(Conflict):
    code = "too_late_to_recall"
    sentence = _("It is too late to recall this message.")


class NotYours(Forbidden):
    code = "not_your_message"
    sentence = _("Only the one who sent the message may do this.")


@transaction.atomic
def recall_message(*, actor: User, message: Message) -> Message:
    """Take a message back, for everybody. Nothing of what it said stays, but for its sender's own words, which wait a
    few minutes to be written better. Recalled once more it stays as it is."""
    message, member = hold(message, actor)
    if message.is_recalled:
        return message
    if not message.recallable_by(member):
        raise _refusal(message, actor)
    if message.kind == Message.Kind.TEXT and message.sender_id == actor.pk:
        _keep_for_sender(message, actor)
    uploads = _uploads_of(message)
    _unname(message)
    _empty(message)
    message.recalled_at, message.recalled_by = now(), actor
    message = number_change(
        message,
        "kind", "text", "payload", "reply_to", "preview", "mentions", "mentions_all", "silent", "forwarded",
        "reaction_count", "edited_at", "recalled_at", "recalled_by",
        with_quotes=True,
    )  # fmt: skip
    discard_uncarried(ids=uploads)
    return message


@transaction.atomic
def forget_recalled_texts() -> int:
    """Delete the words whose time is over; how many."""
    return RecalledText.objects.expired().delete()[0]


def _refusal(message: Message, actor: User) -> Exception:
    if message.kind in {Message.Kind.RED_ENVELOPE, Message.Kind.TRANSFER, Message.Kind.CALL, Message.Kind.SYSTEM}:
        return CannotRecall()
    return TooLateToRecall() if message.sender_id == actor.pk else NotYours()


def _keep_for_sender(message: Message, sender: User) -> None:
    RecalledText.objects.create(
        message=message,
        sender=sender,
        text=message.text,
        expires_at=now() + timedelta(seconds=settings.MESSAGE_REEDIT_SECONDS),
    )


def _uploads_of(message: Message) -> list[UUID]:
    """What it carries, and what others keep of it."""
    carried = message.attachments.values_list("upload", flat=True)
    in_record = RecordFile.objects.filter(record__message=message).values_list("upload", flat=True)
    saved = SavedFile.objects.filter(saved__message=message).values_list("upload", flat=True)
    return list({*carried, *in_record, *saved})


def _unname(message: Message) -> None:
    """Nobody has been called any more."""
    if message.mentions or message.mentions_all:
        take_back(kind="mention", target=message)
        Member.objects.filter(conversation=message.conversation, mentioned_seq=message.seq).update(mentioned_seq=0)


def _empty(message: Message) -> None:
    for model in BELONGINGS:
        model._default_manager.filter(message=message).delete()
    message.attachments.all().delete()
    message.kind, message.text, message.payload = Message.Kind.TEXT, "", {}
    message.reply_to = message.preview = None
    message.mentions, message.mentions_all, message.silent, message.forwarded = [], False, False, False
    message.reaction_count, message.edited_at = 0, None
