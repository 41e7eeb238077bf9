"""What chat adds to the apps below it."""

from __future__ import annotations

from django.db.models import Sum

from accounts.models import User

from .models import Conversation
from .services.conversations import greet_new_friends as greet


def greet_new_friends(asker: User, accepter: User) -> None:
    greet(asker=asker, accepter=accepter)


def count_unread(user: User) -> int:
    """The number on the tab: unread messages of conversations that are not muted."""
    loud = Conversation.objects.with_list_facts(user).filter(mine__muted=False)  # type: ignore[misc]
    return loud.aggregate(total=Sum("unread"))["total"] or 0
