"""The place where the benchmarks happen: a data folder, a database, a town, and the servers of one profile."""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

from benchmarks.processes import Process, free_port
from benchmarks.table import progress

if TYPE_CHECKING:
    from benchmarks.people import Town

DATABASE = "superapp_bench"
UVICORN = ["--ws", "websockets-sansio", "--ws-per-message-deflate", "false", "--lifespan", "off", "--no-access-log"]


class Site:
    """Servers start when a family of rows first asks for them."""

    def __init__(self, stack: ExitStack, database: str) -> None:
        self._stack = stack
        self.database = database
        self.embedded = database == "SQLite"

    @cached_property
    def town(self) -> Town:
        progress("making people, messages and moments …")
        from benchmarks.people import Town

        return Town()

    @cached_property
    def pages(self) -> Process:
        """Pages and REST."""
        port = free_port()
        if self.embedded:
            return self._run("manage.py", "serve", "--empty", "--port", str(port), port=port)
        return self._run(*_granian(port), "superapp.wsgi:application", port=port)

    @cached_property
    def sockets(self) -> Process:
        if self.embedded:
            return self.pages
        return self._run(*_uvicorn(port := free_port()), "superapp.asgi:application", port=port)

    @cached_property
    def bare_pages(self) -> Process:
        """An application that says hello, behind the server that the pages have."""
        port = free_port()
        if self.embedded:
            return self._run(*_uvicorn(port), "benchmarks.bare:hello_in_threads", port=port)
        return self._run(*_granian(port), "benchmarks.bare:hello", port=port)

    @cached_property
    def bare_sockets(self) -> Process:
        return self._run(*_uvicorn(port := free_port()), "benchmarks.bare:broadcast", port=port)

    def _run(self, *command: str, port: int) -> Process:
        process = Process(*command, port=port)
        self._stack.callback(process.stop)
        return process.wait()


def _granian(port: int) -> list[str]:
    bind = ["--host", "127.0.0.1", "--port", str(port), "--log-level", "warning"]
    return ["-m", "granian", "--interface", "wsgi", "--workers", "1", "--blocking-threads", "4", *bind]


def _uvicorn(port: int) -> list[str]:
    return ["-m", "uvicorn", "--port", str(port), "--log-level", "warning", *UVICORN]


@contextmanager
def set_up() -> Iterator[Site]:
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="superapp-bench-"))
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "superapp.settings",
            "DATA_DIR": folder,
            "MODE": "development",
            "LOG_LEVEL": "ERROR",
            "CELERY_BROKER_URL": "memory://localhost/",  # nothing is left in anybody's queue
            "LIVE_CHANNEL": f"superapp:bench:{secrets.token_hex(4)}",
        }
        database = "SQLite"
        if url := os.environ.get("DATABASE_URL"):
            database = "PostgreSQL"
            os.environ["DATABASE_URL"] = stack.enter_context(_own_database(url))
        progress(f"preparing {database} …")
        _prepare(stack)
        yield Site(stack, database)


def _prepare(stack: ExitStack) -> None:
    import django
    from django.core.management import call_command
    from django.db import connections

    from superapp.translations import compile_stale

    django.setup()
    stack.callback(connections.close_all)
    call_command("migrate", verbosity=0)
    compile_stale()


@contextmanager
def _own_database(url: str) -> Iterator[str]:
    """An empty database on the same server, dropped at the end."""
    import psycopg

    parts = urlsplit(url)

    def run(statement: str) -> None:
        with psycopg.connect(urlunsplit(parts._replace(path="/postgres")), autocommit=True) as server:
            server.execute(statement)

    run(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
    run(f"CREATE DATABASE {DATABASE}")
    try:
        yield urlunsplit(parts._replace(path=f"/{DATABASE}"))
    finally:
        run(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
