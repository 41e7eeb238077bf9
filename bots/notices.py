"""What bots have to tell one person alone."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from notifications import kinds
from notifications.models import Notification


def _conversation_url(notification: Notification) -> str:
    return reverse("chat:detail", args=[notification.data["conversation"]])


def register() -> None:
    kinds.register(
        "bot_answered",
        sentence=_("%(actor)s answers you alone: %(text)s"),
        url=_conversation_url,
        label=_("Answers of bots for you alone"),
        icon="bot",
    )
