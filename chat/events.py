"""Rows as JSON, the same for every reader: for the socket, and as the base of what REST answers.

Nothing here may depend on who reads. Addresses of photos are signed for one reader and are not here.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from accounts.models import User
from uploads.models import Upload
from wallet.models import RedEnvelope

from .mentions import mentions_of
from .models import Conversation, LinkPreview, Member, Message
from .models.reaction import Reacted, reactions_of


def time_json(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z") if at else None


def person_json(person: User) -> dict[str, Any]:
    return {
        "handle": person.handle,
        "display_name": person.display_name,
        "avatar": person.avatar_url,
        "is_bot": person.is_bot,
    }


def photo_json(upload: Upload) -> dict[str, Any]:
    return {
        "id": str(upload.pk),
        "kind": upload.kind,
        "width": upload.width,
        "height": upload.height,
        "blurhash": upload.blurhash,
        "alt": upload.alt,
    }


def red_envelope_json(envelope: RedEnvelope) -> dict[str, Any]:
    return {
        "id": str(envelope.pk),
        "kind": envelope.kind,
        "greeting": envelope.greeting,
        "shares": envelope.share_count,
        "state": envelope.state,
    }


def reacted_json(reacted: Reacted) -> dict[str, Any]:
    """Who chose it first; all of them are at `…/reactions/`."""
    return {
        "emoji": reacted.emoji,
        "count": reacted.count,
        "people": [person.handle for person in reacted.people],
    }


def _recaller(message: Message) -> str | None:
    """Mostly its sender; in a group perhaps who manages it."""
    if message.recalled_by_id is None or message.sender is None:
        return None
    return message.sender.handle if message.recalled_by_id == message.sender_id else message.recalled_by.handle


def preview_json(preview: LinkPreview) -> dict[str, Any]:
    return {
        "url": preview.url,
        "title": preview.title,
        "description": preview.description,
        "site_name": preview.site_name,
        "image": preview.image_url or None,
        "width": preview.image_width,
        "height": preview.image_height,
    }


def message_json(message: Message, photos: Iterable[Upload] | None = None) -> dict[str, Any]:
    reply = message.reply_to
    return {
        "id": str(message.pk),
        "conversation": str(message.conversation_id),
        "seq": message.seq,
        "changed_seq": message.changed_seq,
        "sender": person_json(message.sender) if message.sender else None,
        "client_id": str(message.client_id) if message.client_id else None,
        "kind": message.kind,
        "text": message.text,
        "uploads": [photo_json(upload) for upload in photos_of(message, photos)],
        "reply_to": {"id": str(reply.pk), "seq": reply.seq} if reply else None,
        "card": message.payload if message.kind == Message.Kind.CARD else None,
        "red_envelope": red_envelope_json(message.red_envelope) if message.red_envelope else None,
        "preview": preview_json(message.preview) if message.preview and not message.recalled_at else None,
        "event": message.payload if message.is_system else None,
        "created_at": time_json(message.created_at),
    }


def photos_of(message: Message, known: Iterable[Upload] | None = None) -> Iterable[Upload]:
    if known is not None:
        return known
    return message.uploads if message.kind == Message.Kind.IMAGE else ()


def member_json(member: Member) -> dict[str, Any]:
    return {
        "person": person_json(member.user),
        "role": member.role,
        "nickname": member.nickname,
        "joined_at": time_json(member.joined_at),
        "left": member.left_at is not None,
        "changed_seq": member.changed_seq,
    }


def message_created(message: Message, photos: Iterable[Upload] | None = None) -> dict[str, Any]:
    return _event("message.created", message.conversation_id, message.seq, message=message_json(message, photos))


def message_changed(message: Message) -> dict[str, Any]:
    return _event("message.changed", message.conversation_id, message.changed_seq, message=message_json(message))


def conversation_changed(conversation: Conversation) -> dict[str, Any]:
    return _event(
        "conversation.changed",
        conversation.pk,
        conversation.changed_seq,
        title=conversation.title,
        announcement=conversation.announcement,
    )


def member_changed(member: Member) -> dict[str, Any]:
    return _event("member.changed", member.conversation_id, member.changed_seq, member=member_json(member))


def red_envelope_changed(message: Message) -> dict[str, Any]:
    """`seq` is the message's own: this takes no number, and may be lost."""
    assert message.red_envelope is not None
    return _event(
        "red_envelope.changed",
        message.conversation_id,
        message.seq,
        red_envelope=red_envelope_json(message.red_envelope),
    )


def read(conversation_id: int, seq: int) -> dict[str, Any]:
    return _event("read", conversation_id, seq)


def typing(conversation_id: int, person: User) -> dict[str, Any]:
    return {
        "type": "typing",
        "conversation": str(conversation_id),
        "from": person.handle,
        "name": person.display_name,
    }


def _event(kind: str, conversation_id: int, seq: int, **body: Any) -> dict[str, Any]:
    return {"type": kind, "conversation": str(conversation_id), "seq": seq, **body}
