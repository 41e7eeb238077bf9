from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from accounts.models import User
from chat import above, events
from chat.models import Attachment, Conversation, Message
from superapp.kernel import limits, live
from superapp.kernel.errors import Invalid, NotFound, Refused
from superapp.kernel.prepared import insert
from uploads.models import Upload
from uploads.services import carry_again, claim

from .commands import help_with_commands
from .conversations import NotAMember
from .drafts import clear_draft
from .hearing import let_speak
from .kinds import CARRIES, EmptyMessage, check_carried, facts_of_carried
from .mentions import name_people
from .numbering import members_at, take_number, who_may_see
from .previews import ask_for_preview


class TooLong(Invalid):
    code = "too_long"
    sentence = ngettext_lazy("A message has one character at most.", "A message has at most %(max)s characters.", "max")


class UnknownKind(Invalid):
    code = "unknown_kind"
    sentence = _("There is no such kind of message.")


class UnknownReply(Invalid):
    code = "unknown_reply"
    sentence = _("The message you answer is not there.")


class IdempotencyMismatch(Refused):
    code = "idempotency_mismatch"
    sentence = _("Another message has been sent under this client_id.")
    status = 422


def send_message(
    *,
    sender: User,
    conversation: Conversation,
    client_id: uuid.UUID,
    kind: str = Message.Kind.TEXT,
    text: str = "",
    uploads: Sequence[str] = (),
    reply_to: Message | None = None,
    mentions: Sequence[str] = (),
    silent: bool = False,
    clears_draft: bool = False,
) -> tuple[Message, bool]:
    """Say something. The message, and whether this call made it: a retry with the same `client_id` answers what the
    first try made. `uploads` are ids of the sender's own photos, `mentions` handles of members (or `all`) beside those
    that the text names. What is `silent` arrives without a notification. `clears_draft`: what was kept of it while it
    was being written is done with."""
    limits.count("message", sender.pk)
    text = _checked(kind, text, uploads)
    help_with_commands(sender=sender, conversation=conversation, text=text)
    payload = facts_of_carried(sender, kind, uploads)
    draft = Message(kind=kind, client_id=client_id, text=text, reply_to=reply_to, silent=silent, payload=payload)
    if clears_draft:
        clear_draft(writer=sender, conversation=conversation)
    try:
        return write_message(
            sender=sender, conversation=conversation, draft=draft, uploads=uploads, mentions=mentions
        ), True
    except IntegrityError:
        return _sent_before(sender, conversation, draft, uploads), False


@transaction.atomic
def write_message(
    *,
    sender: User,
    conversation: Conversation,
    draft: Message,
    uploads: Sequence[str] = (),
    carried: Sequence[uuid.UUID] = (),
    mentions: Sequence[str] | None = None,
) -> Message:
    """Number, store and announce a message whose own content has been checked. Every message passes through here.
    Where it is said in one's own words (`mentions` is not None) it may name people. `uploads` are the sender's own and
    new, those `carried` are of a message that the sender forwards."""
    number = take_number(conversation, even_dissolved=True)
    members = members_at(conversation.pk, number.member_epoch)
    if sender.pk not in members:
        raise NotAMember
    _check_reply(draft.reply_to, conversation, members[sender.pk])
    draft.conversation = conversation
    draft.sender = sender
    draft.seq = draft.changed_seq = number.last
    draft.created_at = number.taken_at
    insert(draft)
    told = let_speak(draft, number, members)
    photos = claim_for(draft, uploads) if uploads else carry_again(ids=carried) if carried else []
    Attachment.objects.bulk_create(
        Attachment(message=draft, conversation=conversation, upload=upload, position=position)
        for position, upload in enumerate(photos)
    )
    if mentions is not None:
        name_people(draft, wanted=mentions, heard_by=told)
    recipients = who_may_see(told, draft.seq)
    live.publish(recipients, events.message_created(draft, photos))
    for hear in above.on_message_created:
        hear(draft, recipients)
    if told is members:  # what a stranger links to is not looked at, before anybody wants to hear him
        ask_for_preview(draft)
    return draft


def claim_for(draft: Message, uploads: Sequence[str]) -> list[Upload]:
    carries = CARRIES[draft.kind]
    return claim(owner=draft.sender, ids=uploads, limit=carries.most, kinds=carries.kinds)  # type: ignore[arg-type]


def checked_text(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\x00", "").strip()
    if len(text) > settings.MESSAGE_LENGTH_MAX:
        raise TooLong(errors={"text": TooLong.sentence % {"max": settings.MESSAGE_LENGTH_MAX}})
    return text


def _checked(kind: str, text: str, uploads: Sequence[str]) -> str:
    """The text as it is kept. Line breaks within it stay."""
    if kind != Message.Kind.TEXT and kind not in CARRIES:
        raise UnknownKind(errors={"kind": UnknownKind.sentence})
    text = checked_text(text)
    check_carried(kind, uploads)
    if kind == Message.Kind.VOICE:
        return ""
    if not text and kind == Message.Kind.TEXT:
        raise EmptyMessage(errors={"text": EmptyMessage.sentence})
    return text


def _check_reply(reply_to: Message | None, conversation: Conversation, joined_seq: int) -> None:
    if reply_to is None:
        return
    if reply_to.conversation_id != conversation.pk or reply_to.seq < joined_seq or reply_to.is_system:
        raise UnknownReply(errors={"reply_to": UnknownReply.sentence})


def _sent_before(sender: User, conversation: Conversation, draft: Message, uploads: Sequence[str]) -> Message:
    sent = (
        Message.objects.visible_to(sender)
        .filter(conversation=conversation, sender=sender, client_id=draft.client_id)
        .for_display()
        .first()
    )
    if sent is None:
        raise NotFound
    sent.replayed = True
    if sent.is_recalled or sent.edited_at:
        return sent  # it does not say any more what it said at first
    same = (sent.kind, sent.text, sent.reply_to_id, sent.silent, [str(upload.pk) for upload in sent.uploads])
    if same != (draft.kind, draft.text, draft.reply_to_id, draft.silent, [_as_id(upload) for upload in uploads]):
        raise IdempotencyMismatch
    return sent


def _as_id(value: Any) -> str:
    try:
        return str(uuid.UUID(str(value)))
    except ValueError:
        return str(value)
