"""Many people at the same moment: real threads, real transactions."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connection

from superapp.kernel.errors import Refused


def at_once(calls: Sequence[Callable[[], Any]]) -> list[Any]:
    """Run the calls on a thread each, all let go together. What each answered, or the code it was refused with; any
    other exception is raised here."""
    gate = threading.Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        try:
            gate.wait(30)
            return call()
        except Refused as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return [future.result() for future in [pool.submit(run, call) for call in calls]]
