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
from superapp.kernel.errors import Forbidden, Invalid, NotFound, Refused
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

PHOTOS_MAX = 9
from .previews import ask_for_preview


class EmptyMessage(Invalid):
    code = "empty_message"
    sentence = _("There is nothing to send.")


class TooLong(Invalid):
    code = "too_long"
    sentence = ngettext_lazy("A message has one character at most.", "A message has at most %(max)s characters.", "max")


class UnknownKind(Invalid):
    code = "unknown_kind"
    sentence = _("There is no such kind of message.")


class UnknownReply(Invalid):
    code = "unknown_reply"
    sentence = _("The message you answer is not there.")


class Blocked(Forbidden):
    code = "blocked"
    sentence = _("You have blocked this person. Unblock them to write.")


class Rejected(Forbidden):
    code = "rejected"
    sentence = _("The message was rejected by the receiver.")


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
) -> tuple[Message, bool]:
    """Say something. The message, and whether this call made it: a retry with the same `client_id` answers what the
    first try made. `uploads` are ids of the sender's own photos."""
    limits.count("message", sender.pk)
    text = _checked(kind, text, uploads)
    help_with_commands(sender=sender, conversation=conversation, text=text)
    payload = facts_of_carried(sender, kind, uploads)
    draft = Message(kind=kind, client_id=client_id, text=text, reply_to=reply_to, silent=silent, payload=payload)
    if clears_draft:
        clear_draft(writer=sender, conversation=conversation)
    try:
        return write_message(sender=sender, conversation=conversation, draft=draft, uploads=uploads), True
    except IntegrityError:
        return _sent_before(sender, conversation, draft, uploads), False


@transaction.atomic
def write_message(*, sender: User, conversation: Conversation, draft: Message, uploads: Sequence[str] = ()) -> Message:
    """Number, store and announce a message whose own content has been checked. Every message passes through here."""
    number = take_number(conversation)
    members = members_at(conversation.pk, number.member_epoch)
    if sender.pk not in members:
        raise NotAMember
    _check_reply(draft.reply_to, conversation, members[sender.pk])
    draft.conversation = conversation
    draft.sender = sender
    draft.seq = draft.changed_seq = number.last
    draft.created_at = number.taken_at
    insert(draft)
    # After the insert, so that a retry of what was accepted is known as such whatever has changed since.
    if conversation.is_direct:
        refuse_unless_heard(sender, next(user_id for user_id in members if user_id != sender.pk))
    photos = claim(owner=sender, ids=uploads, limit=PHOTOS_MAX) if uploads else []
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


def refuse_unless_heard(sender: User, receiver_id: int) -> None:
    """In a conversation of two, only friends are heard. The friendship is held until the message is there."""
    if Friendship.objects.filter(owner=sender, friend=receiver_id).locked().exists():
        return
    receiver = User.objects.get(pk=receiver_id)
    if sender.has_blocked(receiver):
        raise Blocked
    if receiver.has_blocked(sender):
        raise Rejected
    raise NotFriends(_("You are not friends any more. Send a friend request to go on talking."))


def _checked(kind: str, text: str, uploads: Sequence[str]) -> str:
    """The text as it is kept. Line breaks within it stay."""
    if kind not in {Message.Kind.TEXT, Message.Kind.IMAGE}:
        raise UnknownKind(errors={"kind": UnknownKind.sentence})
    text = text.replace("\r\n", "\n").replace("\x00", "").strip()
    if len(text) > settings.MESSAGE_LENGTH_MAX:
        raise TooLong(errors={"text": TooLong.sentence % {"max": settings.MESSAGE_LENGTH_MAX}})
    if kind == Message.Kind.IMAGE:
        if not uploads:
            raise EmptyMessage(errors={"uploads": _("Choose at least one photo.")})
        if len(uploads) > PHOTOS_MAX:
            raise TooManyUploads(errors={"uploads": TooManyUploads.sentence})
        return text
    if uploads:
        raise Invalid(errors={"uploads": _("Photos go into messages of kind “image”.")})
    if not text:
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
    same = (sent.kind, sent.text, sent.reply_to_id, [str(upload.pk) for upload in sent.uploads])
    if same != (draft.kind, draft.text, draft.reply_to_id, [_as_id(upload) for upload in uploads]):
        raise IdempotencyMismatch
    return sent


def _as_id(value: Any) -> str:
    try:
        return str(uuid.UUID(str(value)))
    except ValueError:
        return str(value)
