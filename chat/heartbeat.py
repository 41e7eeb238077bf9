"""One pulse for all sockets of a process: are they still allowed, still there, and have they missed anything?

What is looked up for one socket is looked up for many at once, so that thousands of idle sockets cost a few queries.
"""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta

from django.conf import settings

from accounts.presence import mark_here
from superapp.kernel import live

from .models import Conversation, Member
from .sessions import person_of
from .threads import in_thread

logger = logging.getLogger(__name__)

SILENT_CODE = 4408
SILENT_BEATS = 2.4  # a device answers every beat; so long may it keep still
AT_ONCE = 200
# A transaction may commit some time after it took its number: heads are told a little longer than one beat.
LATE_COMMITS = timedelta(seconds=30)

Heads = dict[str, int]


@dataclass(eq=False, slots=True)
class Pulse:
    """What is known of one socket's life. Times are monotonic seconds."""

    socket: live.Socket
    session_key: str
    heard_at: float = field(default_factory=time.monotonic)
    due_at: float = 0.0

    def hurry(self) -> None:
        """Look at the session at the next tick."""
        self.due_at = 0.0


class Heart:
    """Lives on one event loop."""

    def __init__(self) -> None:
        self._pulses: set[Pulse] = set()
        self._beating: asyncio.Task[None] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    def add(self, pulse: Pulse) -> None:
        loop = asyncio.get_running_loop()
        if self._loop is not loop:
            self._pulses.clear()
            self._loop, self._beating = loop, None
        pulse.due_at = time.monotonic() + settings.LIVE_HEARTBEAT * random.uniform(0.5, 0.9)  # noqa: S311
        self._pulses.add(pulse)
        if self._beating is None or self._beating.done():
            self._beating = loop.create_task(self._beat())

    def remove(self, pulse: Pulse) -> None:
        self._pulses.discard(pulse)

    async def _beat(self) -> None:
        while self._pulses:
            tick = min(1.0, settings.LIVE_HEARTBEAT / 10)
            await asyncio.sleep(tick)
            now = time.monotonic()
            due = [pulse for pulse in self._pulses if pulse.due_at <= now]
            for start in range(0, len(due), AT_ONCE):
                try:
                    await self._look_after(due[start : start + AT_ONCE])
                except Exception:  # whatever is out of reach: the next beat must come, and sockets stay open
                    logger.exception("heartbeat: a beat has failed")

    async def _look_after(self, pulses: list[Pulse]) -> None:
        now = time.monotonic()
        for pulse in pulses:
            pulse.due_at = now + settings.LIVE_HEARTBEAT * 0.9
        valid, heads = await in_thread(
            _look, [(pulse.socket.user_id, pulse.session_key) for pulse in pulses], settings.LIVE_HEARTBEAT
        )
        for pulse in pulses:
            if pulse.session_key not in valid:
                pulse.socket.close(live.SIGNED_OUT)
            elif pulse.heard_at < now - settings.LIVE_HEARTBEAT * SILENT_BEATS:
                pulse.socket.close(SILENT_CODE)
            else:
                beat = {"type": "heartbeat", "heads": heads.get(pulse.socket.user_id, {})}
                pulse.socket.write(live.encode(beat))


def _look(sockets: Iterable[tuple[int, str]], heartbeat: float) -> tuple[set[str], dict[int, Heads]]:
    """Which sessions are good, and the heads of what has changed since the last beat."""
    valid = set()
    people = set()
    for user_id, session_key in sockets:
        person = person_of(session_key)
        if person is not None and person.pk == user_id:
            valid.add(session_key)
            people.add(user_id)
    mark_here(people)
    changed = Conversation.objects.changed_within(timedelta(seconds=heartbeat) + LATE_COMMITS)
    memberships = Member.objects.active().filter(user__in=people, conversation__in=changed)
    heads: dict[int, Heads] = defaultdict(dict)
    for user_id, pk, head in memberships.values_list("user_id", "conversation_id", "conversation__head"):
        heads[user_id][str(pk)] = head
    return valid, heads


heart = Heart()
