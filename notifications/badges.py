from __future__ import annotations

from collections.abc import Callable

from django.db.models import Count
from django.utils.timezone import now

from accounts.models import FriendRequest, User
from superapp.kernel import live
from superapp.kernel.prepared import Prepared

from . import kinds
from .models import Notification

UNREAD_SHOWN_MAX = 1000  # the badge counts no further

_counts: dict[str, Callable[[User], int]] = {}


def register_badge(name: str, count: Callable[[User], int]) -> None:
    """Let an app above put a number of its own (unread chats) beside ours."""
    _counts[name] = count


_unread = Prepared(
    lambda user: (
        Notification.objects.filter(
            pk__in=Notification.objects.filter(recipient=user).unread().order_by("-pk").values("pk")[:UNREAD_SHOWN_MAX]
        )
        .from_visible_people(user)
        .order_by()
        .values("kind", "target_id")
        .annotate(count=Count("pk"))
        .values_list("kind", "target_id", "count")
    )
)
_requests = Prepared(
    lambda user, at: (
        FriendRequest.objects.pending(at)
        .filter(receiver=user)
        .visible_to(user)
        .values("receiver")
        .annotate(count=Count("pk"))
        .values_list("count")
    )
)


def badges(user: User) -> dict[str, int]:
    """What waits for the person: each app's own number, unread notifications, friend requests to answer."""
    return {
        "chats": 0,
        **{name: count(user) for name, count in _counts.items()},
        "notifications": _count_notifications(user),
        "contacts": sum(count for (count,) in _requests.tuples(user=user, at=now())),
    }


def _count_notifications(user: User) -> int:
    """Those of the latest unread ones whose target may be seen: mostly there are none, and nothing more is asked."""
    counts = {(kind, target_id): count for kind, target_id, count in _unread.tuples(user=user)}
    about: dict[str, set[str]] = {}
    for kind, target_id in counts:
        if target_id:
            about.setdefault(kind, set()).add(target_id)
    for codes, hidden in kinds.hidden_targets(user, about):
        counts = {(kind, of): count for (kind, of), count in counts.items() if kind not in codes or of not in hidden}
    return sum(counts.values())


def publish_badges(person: User) -> None:
    """Tell every open page of the person what waits now."""
    live.publish([person.pk], {"type": "badge", **badges(person)})
