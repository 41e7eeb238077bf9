from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from accounts.models import User
from chat import events, system_lines
from chat.models import Conversation, Message
from superapp.kernel import live

Line = system_lines.Line


def write_line(
    conversation: Conversation,
    line: Line,
    *,
    seq: int,
    at: datetime,
    actor: User,
    people: Iterable[User] = (),
    title: str = "",
) -> Message:
    """A system line, under a number already taken for it."""
    payload = system_lines.payload_of(line, actor=actor, people=people, title=title)
    return Message.objects.create(
        conversation=conversation,
        seq=seq,
        changed_seq=seq,
        kind=Message.Kind.SYSTEM,
        text=system_lines.fallback_text(payload),
        payload=payload,
        created_at=at,
    )


def announce_message(message: Message, recipients: Iterable[int]) -> None:
    live.publish(recipients, events.message_created(message))
