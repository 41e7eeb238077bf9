"""What a bot says: like anybody, through the services of the chat, and cut to what a message can hold."""

from __future__ import annotations

import uuid

from django.conf import settings

from accounts.models import User
from bots.models import Bot
from chat.models import Conversation, Message
from chat.services import send_message
from notifications.services import notify

ANSWER_MAX = 300


def say(*, bot: Bot, conversation: Conversation, text: str, client_id: uuid.UUID) -> Message:
    """The same `client_id` once more says nothing more."""
    words = text.replace("\r\n", "\n").replace("\x00", "").strip()
    most = settings.MESSAGE_LENGTH_MAX
    words = words if len(words) <= most else words[: most - 1] + "…"
    return send_message(sender=bot.user, conversation=conversation, client_id=client_id, text=words)[0]


def answer_privately(*, bot: Bot, conversation: Conversation, caller: User, text: str, answer_to: uuid.UUID) -> None:
    """A word for the one alone who used a command: a notification, which nobody else gets."""
    data = {"text": " ".join(text.split())[:ANSWER_MAX], "conversation": conversation.pk, "event": str(answer_to)}
    notify(recipient=caller, kind="bot_answered", actor=bot.user, data=data)
