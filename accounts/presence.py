"""Who is here now, and since when somebody is gone.

Being here is a mark in the cache that lives a little longer than the heartbeat that renews it: in the process on the
embedded profile, in Redis in production. The database only hears of it every few minutes, for many at once.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from babel.dates import format_timedelta
from django.conf import settings
from django.core.cache import cache
from django.utils.timezone import now
from django.utils.translation import get_language, gettext, to_locale

from superapp.kernel.stores import OutOfReach

from .models import User

logger = logging.getLogger(__name__)

STORED_EVERY = timedelta(minutes=4)


@dataclass(frozen=True)
class Presence:
    online: bool
    last_seen_at: datetime | None

    def __str__(self) -> str:
        return in_words(self)


def presence_of(person: User, viewer: User) -> Presence | None:
    """As far as the two show each other; None where they do not."""
    if viewer.presence == User.Presence.NOBODY:
        return None
    shown = User.objects.sharing_presence_with(viewer).filter(pk=person.pk)
    row = shown.values_list("last_seen_at", flat=True)[:1]
    for last_seen_at in row:
        return Presence(is_here(person.pk), last_seen_at)
    return None


def in_words(presence: Presence) -> str:
    if presence.online:
        return gettext("Online")
    if presence.last_seen_at is None:
        return gettext("Offline")
    return gettext("Last seen %(when)s") % {"when": _ago(presence.last_seen_at)}


def is_here(user_id: int) -> bool:
    with _even_without_marks():
        return cache.get(_key(user_id)) is not None
    return False


def mark_here(user_ids: Iterable[int]) -> None:
    """Called at every beat for those whose sockets are open. Their times are stored when the last ones are old."""
    people = set(user_ids)
    if not people:
        return
    with _even_without_marks():
        cache.set_many({_key(user_id): 1 for user_id in people}, _kept_for())
    stale = now() - STORED_EVERY
    seen = User.objects.filter(pk__in=people, presence=User.Presence.FRIENDS)
    seen.exclude(last_seen_at__gt=stale).update(last_seen_at=now())


def mark_leaving(user_id: int) -> None:
    """The last socket of this process has gone. Another one, or the next page, may say otherwise within a beat."""
    with _even_without_marks():
        cache.set(_key(user_id), 1, settings.LIVE_HEARTBEAT)


@contextmanager
def _even_without_marks() -> Iterator[None]:
    """Whether somebody is here is worth no error: while Redis is away, nobody seems to be."""
    try:
        yield
    except OutOfReach:
        logger.warning("presence: Redis is out of reach")


def _ago(moment: datetime) -> str:
    locale = to_locale(get_language() or "en")
    return format_timedelta(moment - now(), add_direction=True, threshold=1.5, locale=locale)


def _kept_for() -> float:
    return float(settings.LIVE_HEARTBEAT * 2.4)


def _key(user_id: int) -> str:
    return f"here:{user_id}"
