"""What one reader has put into polls and sign-up lists, and under messages. Everybody is told the same of these; this
is asked beside it."""

from __future__ import annotations

from collections.abc import Sequence

from accounts.models import User

from .models import Message, PollVote, SignUp
from .models.heard import heard_by
from .models.reaction import attach_reactions


def own_parts(messages: Sequence[Message], reader_id: int) -> dict[int, list[int] | str | bool]:
    """By message: the numbers of the options chosen, or the line put on the list. One query for all polls among them,
    one for all lists; none where there are neither."""
    polls = [message.pk for message in messages if message.kind == Message.Kind.POLL]
    lists = [message.pk for message in messages if message.kind == Message.Kind.LIST]
    voices = [one.pk for one in messages if one.kind == Message.Kind.VOICE and one.sender_id != reader_id]
    found: dict[int, list[int] | str | bool] = {}
    if polls:
        votes = PollVote.objects.filter(poll__message__in=polls, user=reader_id).order_by("option")
        for message_id, option in votes.values_list("poll__message", "option"):
            found.setdefault(message_id, []).append(option)  # type: ignore[union-attr]
    if lists:
        lines = SignUp.objects.filter(sign_up_list__message__in=lists, user=reader_id)
        found |= dict(lines.values_list("sign_up_list__message", "text"))
    if voices:
        found |= dict.fromkeys(heard_by(reader_id, voices), True)
    return found


def attach_own_parts(messages: Sequence[Message], reader: User) -> None:
    """Give each poll and list among the messages what the reader has put into it (`own_part`), and each message the
    reactions to it."""
    attach_reactions(messages, reader.pk)
    parts = own_parts(messages, reader.pk)
    for message in messages:
        own = parts.get(message.pk)
        message.own_part = [] if own is None and message.kind == Message.Kind.POLL else own  # type: ignore[attr-defined]
