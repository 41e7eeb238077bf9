"""What has changed in a conversation after a number: its state now, not a log of how it came about."""

from __future__ import annotations

from dataclasses import dataclass

from superapp.kernel.prepared import Prepared

from .models import Conversation, Member, Message

PAGE_MAX = 500


@dataclass(frozen=True)
class Changes:
    """Everything that changed after the number asked for, up to and including `until`."""

    head: int
    until: int
    messages: list[Message]
    members: list[Member]
    conversation: Conversation | None

    @property
    def has_more(self) -> bool:
        return self.until < self.head


def changes_since(member: Member, since: int, limit: int = PAGE_MAX) -> Changes:
    """Rows whose last number is after `since`, at most `limit`, lowest first.

    `head` was read before the rows, and numbers become visible in their order: so nothing up to `head` is missing,
    and a row that is changed meanwhile has a number beyond it and comes with the next call.
    """
    conversation = member.conversation
    head = conversation.head
    span = {"changed_seq__gt": since, "changed_seq__lte": head}
    messages = list(Message.objects.seen_by(member).filter(**span).for_display().order_by("changed_seq")[:limit])
    members = list(Member.objects.seen_by(member).filter(**span).select_related("user").order_by("changed_seq")[:limit])
    is_changed = since < conversation.changed_seq <= head
    numbers = [row.changed_seq for row in messages] + [row.changed_seq for row in members]
    numbers = sorted([*numbers, conversation.changed_seq] if is_changed else numbers)
    is_whole = len(numbers) <= limit and max(len(messages), len(members)) < limit
    until = head if is_whole else numbers[limit - 1]
    return Changes(
        head=head,
        until=max(until, min(since, head)),
        messages=[message for message in messages if message.changed_seq <= until],
        members=[member for member in members if member.changed_seq <= until],
        conversation=conversation if is_changed and conversation.changed_seq <= until else None,
    )


_heads = Prepared(
    lambda user, limit: (
        Member.objects.active()
        .filter(user=user)
        .order_by("-conversation__active_at")
        .values_list("conversation_id", "conversation__head")[:limit]
    )
)


def heads_of(user_id: int, limit: int = 200) -> dict[str, int]:
    """Where the person's latest conversations stand."""
    return {str(pk): head for pk, head in _heads.tuples(user=user_id, limit=limit)}


__all__ = ["PAGE_MAX", "Changes", "changes_since", "heads_of"]
