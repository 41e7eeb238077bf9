"""From what a client names to the row it may see, or NotFound. Every door starts here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import AnonymousUser

from accounts.models import User
from superapp.kernel.errors import NotFound
from superapp.kernel.prepared import Prepared

from .models import Conversation, Member, Message

ID_MAX = 2**63 - 1


def parse_id(value: Any) -> int:
    """An id as JSON carries it: digits in a string."""
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) < 20:
        number = int(value)
        if 0 < number <= ID_MAX:
            return number
    raise NotFound


_conversation = Prepared(lambda viewer, pk: Conversation.objects.for_member(viewer).filter(pk=pk))
_membership = Prepared(
    lambda viewer, conversation: (
        Member.objects.active().filter(conversation=conversation, user=viewer).select_related("conversation")
    )
)


def find_conversation(viewer: User | AnonymousUser, conversation_id: Any) -> Conversation:
    pk = conversation_id if isinstance(conversation_id, int) else parse_id(conversation_id)
    found = _conversation.first(viewer=viewer, pk=pk) if viewer.is_authenticated and pk <= ID_MAX else None
    if found is None:
        raise NotFound
    return found


def find_membership(viewer: User | AnonymousUser, conversation_id: int) -> Member:
    """The viewer's own place in a conversation, with the conversation."""
    if viewer.is_authenticated and conversation_id <= ID_MAX:
        found = _membership.first(viewer=viewer, conversation=conversation_id)
        if found is not None:
            found.user = viewer
            return found
    raise NotFound


def find_message(viewer: User | AnonymousUser, message_id: Any) -> Message:
    pk = message_id if isinstance(message_id, int) else parse_id(message_id)
    found = Message.objects.visible_to(viewer).filter(pk=pk).first() if pk <= ID_MAX else None
    if found is None:
        raise NotFound
    return found


def find_messages(viewer: User | AnonymousUser, ids: Iterable[Any]) -> list[Message]:
    """Each of them, in the order given; all, or NotFound."""
    wanted = [parse_id(one) for one in ids]
    found = Message.objects.visible_to(viewer).in_bulk(wanted)
    if len(found) != len(set(wanted)):
        raise NotFound
    return [found[pk] for pk in wanted]


def find_conversations(viewer: User | AnonymousUser, ids: Iterable[Any]) -> list[Conversation]:
    wanted = [parse_id(one) for one in ids]
    found = Conversation.objects.for_member(viewer).in_bulk(wanted)
    if len(found) != len(set(wanted)):
        raise NotFound
    return [found[pk] for pk in wanted]


def find_reply(viewer: User, conversation: Conversation, message_id: Any) -> Message | None:
    """The message that is answered; None when none is named."""
    if message_id is None:
        return None
    found = (
        Message.objects.visible_to(viewer)
        .filter(conversation=conversation, pk=parse_id(message_id))
        .select_related("sender")
        .first()
    )
    if found is None:
        raise NotFound
    return found
