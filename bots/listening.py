"""What chats tell the bots in them, inside the transaction of every message: a group without bots costs nothing."""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

from chat import events
from chat.above import Command
from chat.models import Conversation, Member, Message

from . import services
from .models import Bot, SlashCommand
from .models.bot import Event

_CALL = re.compile(r"/([a-z][a-z0-9_-]{0,31})(?:@([a-z][a-z0-9_]{2,29}))?(?:\s+(.*))?\Z", re.IGNORECASE | re.DOTALL)
KEPT = 1024


class _Seated:
    """Whether there are bots in a conversation, kept for each state of its membership. An epoch never names two states,
    so nothing in here can be stale."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._kept: OrderedDict[tuple[int, int], bool] = OrderedDict()

    def any_in(self, conversation: Conversation) -> bool:
        key = (conversation.pk, conversation.member_epoch)
        with self._guard:
            if (kept := self._kept.get(key)) is not None:
                self._kept.move_to_end(key)
                return kept
        found = Member.objects.active().filter(conversation=conversation, user__is_bot=True).exists()
        with self._guard:
            self._kept[key] = found
            if len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return found


_seated = _Seated()


def message_created(message: Message, people: Sequence[int]) -> None:
    if message.is_system or not _seated.any_in(message.conversation) or _is_a_bots(message):
        return
    called = _called(message)
    if called is not None:
        command, arguments = called
        told = {"command": {"name": command.name, "text": arguments}, **_told(message)}
        services.owe_event(
            bot=command.bot, event=Event.COMMAND, told=told, conversation=message.conversation, caller=message.sender
        )
    for bot in _listeners(message.conversation, people, Event.MESSAGE_CREATED):
        if called is None or bot.pk != called[0].bot_id:
            services.owe_event(
                bot=bot, event=Event.MESSAGE_CREATED, told=_told(message), conversation=message.conversation
            )


def message_changed(message: Message, people: Sequence[int]) -> None:
    if message.is_system or not _seated.any_in(message.conversation) or _is_a_bots(message):
        return
    for bot in _listeners(message.conversation, people, Event.MESSAGE_CHANGED):
        services.owe_event(bot=bot, event=Event.MESSAGE_CHANGED, told=_told(message), conversation=message.conversation)


def member_changed(member: Member, people: Sequence[int]) -> None:
    if not _seated.any_in(member.conversation):
        return
    for bot in _listeners(member.conversation, people, Event.MEMBER_CHANGED):
        services.owe_event(
            bot=bot,
            event=Event.MEMBER_CHANGED,
            told={"member": events.member_json(member)},
            conversation=member.conversation,
        )


def commands_in(conversation: Conversation) -> list[Command]:
    """The bot that was here first comes first."""
    if not _seated.any_in(conversation):
        return []
    found = _commands(conversation).select_related("bot__user")
    return [Command(one.name, one.hint, one.description, one.bot.user) for one in found]


def _told(message: Message) -> dict[str, Any]:
    return {"message": events.message_json(message)}


def _is_a_bots(message: Message) -> bool:
    """Bots do not hear one another: two that answer everything would never stop."""
    return message.sender is not None and message.sender.is_bot


def _listeners(conversation: Conversation, people: Sequence[int], event: Event) -> list[Bot]:
    bots = Bot.objects.at_work().in_conversation(conversation).filter(user__in=list(people)).exclude(url="")
    return [bot for bot in bots.select_related("user") if bot.hears(event)]


def _called(message: Message) -> tuple[SlashCommand, str] | None:
    """The command that a message uses, with what comes after it."""
    if message.kind != Message.Kind.TEXT or not message.text.startswith("/"):
        return None
    call = _CALL.match(message.text)
    if call is None:
        return None
    found = (
        _commands(message.conversation).filter(name=call[1].lower()).exclude(bot__url="").select_related("bot__user")
    )
    if call[2]:
        found = found.filter(bot__user__handle=call[2].lower())
    command = found.select_related("bot__user").first()
    return (command, call[3] or "") if command is not None else None


def _commands(conversation: Conversation) -> Any:
    bots = Bot.objects.at_work().in_conversation(conversation)
    return SlashCommand.objects.filter(bot__in=bots).order_by("bot__created_at", "bot", "name")
