"""The product as its own process, started the way people start it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).resolve().parent.parent
SUITE_ONLY = ("TESTING", "DATABASE_URL", "REDIS_URL", "SQLITE_SYNCHRONOUS", "SECRET_KEY", "DJANGO_ALLOW_ASYNC_UNSAFE")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(**changes: Any) -> dict[str, str]:
    """Ours without what belongs to the suite alone, and with `changes`."""
    plain = {name: value for name, value in os.environ.items() if name not in SUITE_ONLY}
    plain["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{plain['PATH']}"
    return plain | {name: str(value) for name, value in changes.items()}


class Running:
    """A process whose output is kept; in a group of its own, so that nothing outlives the test."""

    def __init__(self, command: list[str], env: dict[str, str]) -> None:
        self.lines: list[str] = []
        self.process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=env | {"PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        self.lines.extend(line.rstrip() for line in self.process.stdout)

    @property
    def output(self) -> str:
        return "\n".join(self.lines)

    def wait_for_line(self, part: str, seconds: float = 120) -> str:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            for line in list(self.lines):
                if part in line:
                    return line
            assert self.process.poll() is None, self.output
            time.sleep(0.02)
        raise AssertionError(f"no {part!r} in:\n{self.output}")

    def wait_for_answer(self, url: str, seconds: float = 60, status: int = 200) -> httpx.Response:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            assert self.process.poll() is None, self.output
            try:
                response = httpx.get(url, timeout=10)
                if response.status_code == status:
                    return response
            except httpx.TransportError:
                pass
            time.sleep(0.05)
        raise AssertionError(f"{url} did not answer {status}:\n{self.output}")

    def stop(self, number: int = signal.SIGTERM, seconds: float = 30) -> int:
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(seconds)

    def end(self) -> None:
        """Whatever happened, nothing of it is left."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)
        self._reader.join(5)


class Site(Running):
    """`manage.py serve` on its own data folder."""

    def __init__(self, folder: Path, port: int | None = None, *options: str, **changes: Any) -> None:
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        super().__init__(
            [sys.executable, "manage.py", "serve", *options],
            environment(DATA_DIR=folder, PORT=self.port, MODE="development", **changes),
        )

    def ready(self, seconds: float = 120) -> Site:
        self.wait_for_line("Superapp is ready", seconds)
        return self
