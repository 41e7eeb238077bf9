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

WITH_UPLOADS = {Message.Kind.IMAGE, Message.Kind.VIDEO, Message.Kind.VOICE, Message.Kind.FILE}


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
        "state": upload.state,
        "duration": upload.duration,
        "peaks": upload.peaks,
        "name": upload.name,
        "bytes": upload.bytes,
        "failure": upload.failure or None,
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
    is_sender = message.recalled_by_id == message.sender_id
    recaller = message.sender if is_sender else message.recalled_by
    return recaller.handle if recaller is not None and message.is_recalled else None


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
        "place": message.payload if message.kind == Message.Kind.PLACE else None,
        "sticker": message.payload if message.kind == Message.Kind.STICKER else None,
        "red_envelope": red_envelope_json(message.red_envelope) if message.red_envelope else None,
        "preview": preview_json(message.preview) if message.preview and not message.recalled_at else None,
        "event": message.payload if message.is_system else None,
        "poll": message.payload if message.kind == Message.Kind.POLL and not message.recalled_at else None,
        "list": message.payload if message.kind == Message.Kind.LIST and not message.recalled_at else None,
        "mentions": [{"handle": handle, "name": name} for handle, name in mentions_of(message).items() if name],
        "mentions_all": message.mentions_all,
        "silent": message.silent,
        "forwarded": message.forwarded,
        "record": message.payload if message.kind == Message.Kind.RECORD else None,
        "reactions": [reacted_json(reacted) for reacted in reactions_of(message)],
        "edited_at": time_json(message.edited_at),
        "recalled_at": time_json(message.recalled_at),
        "recalled_by": _recaller(message),
        "created_at": time_json(message.created_at),
    }


def photos_of(message: Message, known: Iterable[Upload] | None = None) -> Iterable[Upload]:
    if known is not None:
        return known
    return message.uploads if message.kind in WITH_UPLOADS else ()


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
        picture=conversation.avatar_url,
        rules=rules_json(conversation),
        open_todos=conversation.open_todos,
        dissolved_at=time_json(conversation.dissolved_at),
    )


def rules_json(conversation: Conversation) -> dict[str, bool]:
    return {
        "joining_needs_approval": conversation.joining_needs_approval,
        "only_admins_invite": conversation.only_admins_invite,
        "only_admins_speak": conversation.only_admins_speak,
        "history_for_new_members": conversation.history_for_new_members,
    }


def message_request(conversation_id: int) -> dict[str, Any]:
    """A stranger has written into the box of requests. Without a number, and without what was said."""
    return {"type": "message_request", "conversation": str(conversation_id)}


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


def read_by(conversation_id: int, seq: int, reader: User) -> dict[str, Any]:
    """For the others, where they may know."""
    return _event("read", conversation_id, seq, **{"from": reader.handle})


def own_changed(member: Member) -> dict[str, Any]:
    """For the person's own devices."""
    return {
        "type": "own.changed",
        "conversation": str(member.conversation_id),
        "muted": member.is_muted,
        "muted_until": time_json(member.muted_until),
        "pinned": member.pinned,
        "folded": member.folded,
        "hidden": member.hidden_at is not None,
        "marked_unread": member.marked_unread,
    }


def draft_json(member: Member) -> dict[str, Any]:
    return {
        "text": member.draft,
        "reply_to": str(member.draft_reply_to) if member.draft_reply_to else None,
        "written_at": time_json(member.drafted_at),
    }


def draft_changed(member: Member) -> dict[str, Any]:
    """For the person's own devices."""
    return {"type": "draft.changed", "conversation": str(member.conversation_id), "draft": draft_json(member)}


def voice_heard(message: Message) -> dict[str, Any]:
    """For the listener's own devices. `seq` is the message's own."""
    return _event("voice.heard", message.conversation_id, message.seq)


def typing(conversation_id: int, person: User) -> dict[str, Any]:
    return {
        "type": "typing",
        "conversation": str(conversation_id),
        "from": person.handle,
        "name": person.display_name,
    }


def _event(kind: str, conversation_id: int, seq: int, **body: Any) -> dict[str, Any]:
    return {"type": kind, "conversation": str(conversation_id), "seq": seq, **body}
