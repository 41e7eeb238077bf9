from __future__ import annotations

import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from superapp import demo, embedded, static_files, translations
from superapp.checks import refuse_if_unsafe


class Command(BaseCommand):
    help = "Runs all of Superapp in this process: pages, sockets, background work and its schedule."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default=settings.HOST)
        parser.add_argument("--port", type=int, default=settings.PORT)
        parser.add_argument("--empty", action="store_true", help="start without the demo town")

    def handle(self, *args: Any, host: str, port: int, empty: bool, **options: Any) -> None:
        try:
            refuse_if_unsafe()
            with embedded.only_one(settings.DATA_DIR):
                listener = embedded.bind(host, port)
                self._prepare(empty)
                lines = self._welcome(host, port)
                embedded.serve(listener, announce=lambda: self._say("\n".join(lines)))
        except embedded.CannotStart as error:
            raise CommandError(str(error)) from None
        self.stdout.write("Stopped.")

    def _prepare(self, empty: bool) -> None:
        with self._step("Translations"):
            translations.compile_stale()
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            with self._step("Preparing the database"):
                call_command("migrate", interactive=False, verbosity=0)
            refuse_if_unsafe()
        if not settings.DEVELOPMENT and static_files.are_stale():
            with self._step("Collecting static files (about a minute, after each upgrade)"):
                call_command("collectstatic", interactive=False, verbosity=0)
        if settings.DEVELOPMENT and not empty and demo.is_wanted():
            with self._step("Building the demo town"):
                demo.load(self._say)
        elif demo.is_unfinished():
            demo.clear()

    @contextmanager
    def _step(self, name: str) -> Iterator[None]:
        """Says the name only when it takes a moment, so that an ordinary start is quiet."""
        begun = time.monotonic()
        if name.startswith(("Preparing", "Building", "Collecting")):
            self._say(f"{name} …")
        yield
        took = time.monotonic() - begun
        if took > 1:
            self._say(f"{name}: done in {took:.1f} s")

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()

    def _welcome(self, host: str, port: int) -> list[str]:
        address = "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104  (not bound here)
        lines = ["", f"Superapp is ready: http://{address}:{port}/", *demo.how_to_sign_in()]
        if address != host and settings.DEVELOPMENT:
            lines.append(
                "Development mode, open to the network: anybody who reaches this port can sign in as a demo person."
            )
        return [*lines, "Stop with Ctrl-C."]
