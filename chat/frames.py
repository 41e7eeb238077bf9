"""What a device may say over its socket. Runs in a thread that may use the database."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable
from typing import Any

from django.db import Error as DatabaseError
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.presence import in_words, presence_of
from superapp.kernel import errors

from . import events, services
from .lookup import find_conversation, find_reply, parse_id
from .models import Conversation, Message

logger = logging.getLogger(__name__)

Frame = dict[str, Any]
REF_MAX = 64


class UnknownType(errors.Invalid):
    code = "unknown_type"


class Unavailable(errors.Refused):
    code = "unavailable"
    sentence = gettext_lazy("This is not possible right now. Please try again in a moment.")
    status = 503


def answer(person: User, frame: Frame) -> Frame | None:
    """Do what the frame asks for. The answer to its sender, if it calls for one."""
    with translation.override(person.language):
        try:
            reply = _handler_of(frame)(person, frame)
        except errors.Refused as refusal:
            return refused(frame, refusal)
        except DatabaseError:
            logger.exception("a frame met a database that is out of reach")
            return refused(frame, Unavailable())
    return {**reply, "ref": ref_of(frame)} if reply else None


def refused(frame: Frame, refusal: errors.Refused) -> Frame:
    reply: Frame = {"type": "error", "ref": ref_of(frame), "code": refusal.code, "detail": str(refusal.sentence)}
    if refusal.errors:
        reply["errors"] = {name: str(sentence) for name, sentence in refusal.errors.items()}
    if isinstance(refusal, errors.RateLimited):
        reply["retry_after"] = refusal.retry_after
    return reply


def ref_of(frame: Frame) -> str | None:
    ref = frame.get("ref")
    return ref if isinstance(ref, str) and len(ref) <= REF_MAX else None


def _handler_of(frame: Frame) -> Callable[[User, Frame], Frame | None]:
    wanted = frame.get("type")
    handler = _HANDLERS.get(wanted) if isinstance(wanted, str) else None
    if handler is None:
        raise UnknownType(_("There is no such type of frame."))
    return handler


def _send(person: User, frame: Frame) -> Frame:
    client_id = _client_id(frame)
    kind, text = _text(frame, "kind", "text"), _text(frame, "text")
    uploads = frame.get("uploads") or []
    if not isinstance(uploads, list) or not all(isinstance(one, str) for one in uploads):
        raise errors.Invalid(errors={"uploads": _("A list of ids is expected here.")})
    conversation = find_conversation(person, frame.get("conversation"))
    if kind == "sticker":
        return _acknowledged(_send_sticker(person, frame, conversation, client_id))
    message, _created = services.send_message(
        sender=person,
        conversation=conversation,
        client_id=client_id,
        kind=kind,
        text=text,
        uploads=uploads,
        reply_to=find_reply(person, conversation, frame.get("reply_to")),
        mentions=_mentions(frame),
        silent=frame.get("silent") is True,
        clears_draft=frame.get("clears_draft") is True,
    )
    return _acknowledged(message)


def _send_sticker(person: User, frame: Frame, conversation: Conversation, client_id: uuid.UUID) -> Message:
    message, _created = services.send_sticker(
        sender=person,
        conversation=conversation,
        client_id=client_id,
        sticker_id=parse_id(frame.get("sticker")),
        reply_to=find_reply(person, conversation, frame.get("reply_to")),
    )
    return message


def _acknowledged(message: Message) -> Frame:
    return {
        "type": "ack",
        "id": str(message.pk),
        "seq": message.seq,
        "created_at": events.time_json(message.created_at),
    }


def _mentions(frame: Frame) -> list[str]:
    mentions = frame.get("mentions") or []
    if not isinstance(mentions, list) or not all(isinstance(one, str) for one in mentions):
        raise errors.Invalid(errors={"mentions": _("A list of handles is expected here.")})
    return mentions


def _read(person: User, frame: Frame) -> None:
    seq = frame.get("seq")
    if type(seq) is not int or not 0 <= seq < 2**63:
        raise errors.Invalid(errors={"seq": _("A whole number is expected here.")})
    services.mark_read(reader=person, conversation=find_conversation(person, frame.get("conversation")), seq=seq)


def _typing(person: User, frame: Frame) -> None:
    services.tell_typing(person=person, conversation=find_conversation(person, frame.get("conversation")))


def _presence(person: User, frame: Frame) -> Frame:
    """Whether the other one of a conversation of two is here, for who has it open and asks now and then."""
    conversation = find_conversation(person, frame.get("conversation"))
    other = User.objects.filter(pk__in=conversation.face_ids).exclude(pk=person.pk).first()
    seen = presence_of(other, person) if other is not None and conversation.is_direct else None
    return {
        "type": "presence",
        "conversation": str(conversation.pk),
        "online": seen.online if seen else None,
        "last_seen_at": events.time_json(seen.last_seen_at) if seen else None,
        "text": in_words(seen) if seen else "",
    }


_HANDLERS: dict[str, Callable[[User, Frame], Frame | None]] = {
    "message.send": _send,
    "read": _read,
    "typing": _typing,
    "presence": _presence,
}


def _client_id(frame: Frame) -> uuid.UUID:
    try:
        return uuid.UUID(_text(frame, "client_id"))
    except ValueError as error:
        raise errors.Invalid(errors={"client_id": _("A UUID is expected here.")}) from error


def _text(frame: Frame, name: str, default: str = "") -> str:
    value = frame.get(name, default)
    if not isinstance(value, str):
        raise errors.Invalid(errors={name: _("Text is expected here.")})
    return value
