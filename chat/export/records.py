"""A message as the JSON of an export has it. docs/operations.md documents the format; it only grows."""

from __future__ import annotations

from typing import Any

from chat.events import time_json
from chat.models import Export, Message
from chat.models.message import MessageQuerySet
from chat.models.retention import is_kept
from chat.system_lines import system_sentence
from uploads.models import Upload, Variant

FORMAT = "superapp.conversation"
VERSION = 1
_EXTENSIONS = {Upload.Kind.VIDEO: "mp4", Upload.Kind.VOICE: "m4a"}


def exported(export: Export) -> MessageQuerySet:
    """What its owner could read when he asked for it, and what is still there of it."""
    messages = Message.objects.filter(
        conversation=export.conversation_id, seq__gte=export.first_seq, seq__lte=export.last_seq
    )
    return messages.select_related("sender", "reply_to", "recalled_by", "record").prefetch_related(
        "attachments__upload", "reactions__user"
    )


def record(export: Export, message: Message) -> dict[str, Any]:
    """Complete: whatever the owner sees of a message."""
    recalled = message.is_recalled
    sender = message.sender
    return {
        "seq": message.seq,
        "kind": message.kind,
        "sender": {"handle": sender.handle, "name": sender.display_name} if sender else None,
        "text": "" if recalled else (system_sentence(message) if message.is_system else message.text),
        "created_at": time_json(message.created_at),
        "edited_at": time_json(message.edited_at),
        "recalled_at": time_json(message.recalled_at),
        "reply_to": _quoted(export, message),
        "forwarded": message.forwarded,
        "payload": {} if recalled else message.payload,
        "record": message.record.items if hasattr(message, "record") and not recalled else None,
        "reactions": [
            {"emoji": one.emoji, "handle": one.user.handle}
            for one in (message.reactions.all() if message.reaction_count else ())
        ],
        "files": [
            {"name": upload.name, "kind": upload.kind, "alt": upload.alt, "path": path_of(message, position, upload)}
            for position, upload in enumerate(() if recalled else message.uploads)
        ],
    }


def path_of(message: Message, position: int, upload: Upload) -> str:
    """In the archive: made of numbers and of an ending of our own choice, whatever the file was called."""
    return f"files/{message.seq}-{position + 1}.{_EXTENSIONS.get(Upload.Kind(upload.kind), _ending(upload))}"


def stored_as(upload: Upload) -> str:
    """The best form of it that is kept."""
    return upload.stored_name(str(upload.form)) if upload.form else upload.file_name(Variant.LARGE)


def _ending(upload: Upload) -> str:
    if upload.form is None:
        return "webp"
    ending = upload.name.rpartition(".")[2].lower()
    return ending if ending.isascii() and ending.isalnum() and len(ending) <= 8 else "bin"


def _quoted(export: Export, message: Message) -> int | None:
    quoted = message.reply_to
    if quoted is None or quoted.seq < export.first_seq:
        return None
    return quoted.seq if is_kept(export.conversation.retention_days, quoted.created_at) else None
