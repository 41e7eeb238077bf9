from __future__ import annotations

from collections.abc import Callable

from accounts.models import FriendRequest, User
from superapp.kernel import live

from .models import Notification

UNREAD_SHOWN_MAX = 1000  # the badge counts no further

_counts: dict[str, Callable[[User], int]] = {}


def register_badge(name: str, count: Callable[[User], int]) -> None:
    """Let an app above put a number of its own (unread chats) beside ours."""
    _counts[name] = count


def badges(user: User) -> dict[str, int]:
    """What waits for the person: each app's own number, unread notifications, friend requests to answer."""
    newest = Notification.objects.filter(recipient=user).unread().order_by("-pk").values("pk")[:UNREAD_SHOWN_MAX]
    return {
        "chats": 0,
        **{name: count(user) for name, count in _counts.items()},
        "notifications": Notification.objects.filter(pk__in=newest).visible_to(user).count(),
        "contacts": FriendRequest.objects.pending().filter(receiver=user).visible_to(user).count(),
    }


def publish_badges(person: User) -> None:
    """Tell every open page of the person what waits now."""
    live.publish([person.pk], {"type": "badge", **badges(person)})
