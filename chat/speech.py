"""May the viewer write here, and what stands over the composer."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.conf import settings

from accounts.models import User

from .models import Member


class Speech(StrEnum):
    FREE = ""
    DISSOLVED = "dissolved"
    ADMINS_ONLY = "admins_only"
    WAITING = "waiting"  # a stranger, for an answer
    SAID_ENOUGH = "said_enough"
    ASKED = "asked"  # who is asked answers, and so accepts


@dataclass(frozen=True)
class Composer:
    speech: Speech
    left: int = 0  # of what a stranger may still say

    @property
    def is_closed(self) -> bool:
        return self.speech in {Speech.DISSOLVED, Speech.ADMINS_ONLY, Speech.SAID_ENOUGH}


def composer_of(conversation: Any, viewer: User) -> Composer:
    """Of a conversation with the facts of `with_list_facts`."""
    if conversation.is_dissolved:
        return Composer(Speech.DISSOLVED)
    if conversation.is_group and conversation.only_admins_speak and conversation.role not in Member.MANAGERS:
        return Composer(Speech.ADMINS_ONLY)
    if not conversation.is_request:
        return Composer(Speech.FREE)
    if conversation.awaits(viewer):
        return Composer(Speech.ASKED)
    left = settings.MESSAGE_REQUEST_MESSAGES_MAX - conversation.messages.filter(sender=viewer).count()
    return Composer(Speech.WAITING if left > 0 else Speech.SAID_ENOUGH, max(left, 0))
