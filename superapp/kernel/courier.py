"""Takes outbox rows to the broker in a thread of its own, so that no request waits for a broker that is slow or away.

What it cannot deliver is not lost: the row is in the database, and the sweep hands it over later (docs/adr/0015).
"""

from __future__ import annotations

import logging
import os
import threading
from collections import deque
from collections.abc import Callable
from multiprocessing.util import Finalize

logger = logging.getLogger(__name__)

Errand = Callable[[], None]  # gives one row to the broker

ROOM = 10_000  # errands; rows beyond that wait for the sweep
LAST_WORDS = 3  # seconds that a process which ends gives to what is still on the way


class Courier:
    """The thread is started by the first errand, in the process that has it: a fork takes none along."""

    def __init__(self, room: int = ROOM) -> None:
        self._room = room
        self._thread: threading.Thread | None = None
        self._start_afresh()
        os.register_at_fork(after_in_child=self._start_afresh)

    def carry(self, errand: Errand) -> None:
        """Returns at once. What finds no room stays owed, and the sweep hands it over."""
        with self._changed:
            if len(self._errands) >= self._room:
                logger.warning("outbox: the broker cannot follow, a row waits for the sweep")
                return
            self._errands.append(errand)
            if self._thread is None:
                self._thread = self._set_out()
            self._changed.notify_all()

    def finish(self, seconds: float = LAST_WORDS) -> bool:
        """Wait until nothing is on the way. False: the broker took longer than that."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._errands, seconds)

    def _start_afresh(self) -> None:
        """What the process that was forked had to carry is carried by that process."""
        self._changed = threading.Condition()
        self._errands: deque[Errand] = deque()
        self._thread = None
        self._away = False

    def _set_out(self) -> threading.Thread:
        thread = threading.Thread(target=self._work, name="outbox-courier", daemon=True)
        thread.start()
        Finalize(None, self.finish, exitpriority=0)  # unlike atexit, also in the forked workers of a web server
        return thread

    def _work(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._errands)
                errand = self._errands[0]
            reached = self._run(errand)
            with self._changed:
                if reached:
                    self._errands.popleft()
                else:  # trying each of those that have piled up would take longer than the sweep
                    self._errands.clear()
                self._changed.notify_all()

    def _run(self, errand: Errand) -> bool:
        try:
            errand()
        except Exception:  # whatever a broker's client raises
            if not self._away:
                logger.warning("outbox: the broker is out of reach, rows wait for the sweep", exc_info=True)
            self._away = True
        else:
            self._away = False
        return not self._away
