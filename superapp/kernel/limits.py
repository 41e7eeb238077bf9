"""How often a person may do a thing. One engine for pages, REST, sockets and tasks.

Rates live in `settings.RATE_LIMITS`. Counting is atomic: in Redis where there is one, else in this process.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import cache

from django.conf import settings
from limits import RateLimitItem, parse
from limits.storage import MemoryStorage, storage_from_string
from limits.storage.memory import Entry
from limits.strategies import MovingWindowRateLimiter

from .errors import RateLimited
from .stores import redis_options

logger = logging.getLogger(__name__)

FORGET_EVERY = 10_000  # counts
ASK_AGAIN_AFTER = 5  # seconds in which a store that did not answer is not asked: each question would be a wait


class _Memory(MemoryStorage):
    """The library's starts a thread at every count, to forget what is over. This one forgets while it counts."""

    _counts = 0

    def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        self._counts += 1
        if self._counts % FORGET_EVERY == 0:
            self._forget()
        uses, now = self.events.setdefault(key, []), time.time()
        while uses and uses[-1].atime < now - expiry:
            uses.pop()
        if len(uses) + amount > limit:
            return False
        uses[:0] = [Entry(expiry)] * amount
        return True

    def _forget(self) -> None:
        now = time.time()
        for key in [key for key, uses in self.events.items() if not uses or uses[0].expiry < now]:
            del self.events[key]


@cache
def _limiter() -> MovingWindowRateLimiter:
    url = settings.REDIS_URL
    return MovingWindowRateLimiter(storage_from_string(url, **redis_options()) if url else _Memory())


_memory = threading.Lock()


def _turn() -> AbstractContextManager[object]:
    """Redis counts in a script of its own; the counters in memory let parallel callers through without a lock."""
    return nullcontext() if settings.REDIS_URL else _memory


@cache
def _rate(name: str) -> tuple[RateLimitItem, str]:
    rate, when_down = settings.RATE_LIMITS[name]
    return parse(rate), when_down


_lifted = threading.Event()


@contextmanager
def lifted() -> Iterator[None]:
    """No limits in this process meanwhile: for loading prepared data before anybody is served."""
    _lifted.set()
    try:
        yield
    finally:
        _lifted.clear()


class _OutOfReach(Exception):
    pass


_silent_until = 0.0  # monotonic


def _hit(rate: RateLimitItem, keys: tuple[str, ...]) -> bool:
    global _silent_until  # noqa: PLW0603  (one store, one knowledge of it in a process)
    if time.monotonic() < _silent_until:
        raise _OutOfReach
    try:
        with _turn():
            return _limiter().hit(rate, *keys)
    except Exception as error:  # whatever the store of counters raises when it is out of reach
        logger.exception("the store of rate limits is out of reach")
        _silent_until = time.monotonic() + ASK_AGAIN_AFTER
        raise _OutOfReach from error


def count(name: str, *who: object) -> None:
    """Count one use of rule `name` by `who`. Raises RateLimited when the rate is used up."""
    if not settings.RATE_LIMITS_ENABLED or _lifted.is_set():
        return
    rate, when_down = _rate(name)
    keys = (name, *map(str, who))
    try:
        allowed = _hit(rate, keys)
    except _OutOfReach:
        if when_down == "open":
            return
        raise RateLimited(ASK_AGAIN_AFTER) from None
    if not allowed:
        raise RateLimited(int(_limiter().get_window_stats(rate, *keys).reset_time - time.time()) + 1)
