"""Servers under measurement: started in a group of their own, so that all of them can be counted and stopped."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_TICKS = os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Process:
    def __init__(self, *command: str, port: int, **environment: str) -> None:
        self.port = port
        self._process = subprocess.Popen(
            [sys.executable, *command],
            cwd=ROOT,
            env=os.environ | environment,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )

    def wait(self, path: str = "/livez", seconds: float = 60) -> Process:
        """Until it answers, whatever it answers."""
        until = time.monotonic() + seconds
        while time.monotonic() < until and self._process.poll() is None:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10).read()
            except urllib.error.HTTPError:
                return self
            except OSError:
                time.sleep(0.02)
            else:
                return self
        raise RuntimeError(f"{self._process.args} did not answer")

    def cpu(self) -> float:
        """Seconds of CPU that the group has used."""
        return sum(int(fields[11]) + int(fields[12]) for _, fields in self._group()) / _TICKS

    def memory(self) -> int:
        """Resident KiB of the group."""
        pages = (int((place / "statm").read_text().split()[1]) for place, _ in self._group())
        return sum(pages) * os.sysconf("SC_PAGE_SIZE") // 1024

    def _group(self) -> list[tuple[Path, list[str]]]:
        found = []
        for place in Path("/proc").glob("[0-9]*"):
            try:
                fields = (place / "stat").read_text().rpartition(") ")[2].split()
            except OSError:  # ended meanwhile
                continue
            if int(fields[2]) == self._process.pid:
                found.append((place, fields))
        return found

    def stop(self) -> None:
        if self._process.poll() is None:
            self._process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(10)
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
