"""The statements a service asks of the database, noted once and then asked again by the bare driver."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import connection

Statement = tuple[str, tuple[Any, ...]]


@contextmanager
def noted(statements: list[Statement]):  # type: ignore[no-untyped-def]
    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if not sql.startswith(("BEGIN", "SAVEPOINT", "RELEASE")):
            statements.append((sql, tuple(params or ())))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield


class Driver:
    """One connection without Django in between."""

    def __init__(self) -> None:
        if connection.vendor == "sqlite":
            import sqlite3

            self._own = sqlite3.connect(settings.DATABASES["default"]["NAME"], timeout=10, isolation_level=None)
            self._own.executescript(settings.DATABASES["default"]["OPTIONS"]["init_command"])
        else:
            import os

            import psycopg

            self._own = psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)  # type: ignore[assignment]

    def transaction(self, work: Callable[[Callable[..., Any]], None]) -> None:
        self._own.execute("BEGIN IMMEDIATE" if connection.vendor == "sqlite" else "BEGIN")
        work(self.ask)
        self._own.execute("COMMIT")

    def ask(self, sql: str, params: tuple[Any, ...]) -> Any:
        if connection.vendor == "sqlite":
            sql = sql.replace("%s", "?").replace("%%", "%")
        return self._own.execute(sql, params)

    def close(self) -> None:
        self._own.close()


def rate(make: Callable[[], Callable[[], None]], *, workers: int, seconds: float = 1.5) -> tuple[float, list[float]]:
    """How often a second the work that `make` prepares in each thread is done by all of them, and how long each took.
    A worker that raises StopIteration has nothing left to do."""
    gate, times = threading.Barrier(workers + 1), list[float]()
    until = [0.0]

    def run() -> None:
        work = make()
        gate.wait()
        try:
            while (began := time.perf_counter()) < until[0]:
                work()
                times.append(time.perf_counter() - began)
        except StopIteration:
            pass
        finally:
            if close := getattr(work, "close", None):
                close()

    threads = [threading.Thread(target=run, daemon=True) for _ in range(workers)]
    for thread in threads:
        thread.start()
    until[0] = time.perf_counter() + 10 + seconds
    gate.wait()
    began = time.perf_counter()
    until[0] = began + seconds
    for thread in threads:
        thread.join()
    return len(times) / (time.perf_counter() - began), sorted(times)
