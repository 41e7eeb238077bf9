"""Takes outbox rows to the broker in a thread of its own, so that no request ever waits for the broker."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

logger = logging.getLogger(__name__)

Row = TypeVar("Row")

PAUSE = 1  # seconds, after the broker could not be reached


class Courier(Generic[Row]):
    def __init__(self, hand_over: Callable[[Row], None]) -> None:
        self._hand_over = hand_over
        self._queue: queue.Queue[Row] = queue.Queue(maxsize=10_000)
        threading.Thread(target=self._work, name="outbox-courier", daemon=True).start()

    def carry(self, row: Row) -> None:
        """What finds no room stays owed, and the sweep hands it over."""
        try:
            self._queue.put_nowait(row)
        except queue.Full:
            logger.warning("outbox: the broker cannot follow")

    def _work(self) -> None:
        while True:
            row = self._queue.get()
            try:
                self._hand_over(row)
            except Exception:  # whatever a broker's client raises
                logger.warning("outbox: the broker is out of reach, the sweep will hand over", exc_info=True)
                time.sleep(PAUSE)
                self._forget()

    def _forget(self) -> None:
        """Leave what has piled up to the sweep: trying each of them would take longer than that."""
        try:
            while True:
                self._queue.get_nowait()
        except queue.Empty:
            return
