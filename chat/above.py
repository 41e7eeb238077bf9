"""What apps above wish to hear of chats, and what they offer in them. They add a function in their AppConfig.ready.

The first three run inside the transaction of the service, so whatever they write commits or fails with the cause. They
stand in the way of every message: each is quick to see that nobody is waiting for it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from accounts.models import User

from .models import Conversation, Member, Message


@dataclass(frozen=True)
class Command:
    """A word in a message that a bot answers: `/name`, and a hint of what comes after it."""

    name: str
    hint: str
    description: str
    bot: User


on_message_created: list[
    Callable[[Message, Sequence[int]], None]
] = []  # with the ids of the people in the conversation
on_message_changed: list[Callable[[Message, Sequence[int]], None]] = []
on_member_changed: list[Callable[[Member, Sequence[int]], None]] = []
commands: list[Callable[[Conversation], list[Command]]] = []


def commands_in(conversation: Conversation) -> list[Command]:
    """By name; of two bots with the same word, the one that was here first."""
    known: dict[str, Command] = {}
    for offer in commands:
        for command in offer(conversation):
            known.setdefault(command.name, command)
    return [known[name] for name in sorted(known)]
