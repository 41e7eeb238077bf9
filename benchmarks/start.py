"""The embedded profile: from the command to the first page, and what it weighs; against Django's own start."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time

from benchmarks.processes import ROOT, Process, free_port
from benchmarks.stage import Site
from benchmarks.table import Row, progress

_SETUP = """
import django, pathlib
django.setup()
print(next(line.split()[1] for line in pathlib.Path("/proc/self/status").open() if line.startswith("VmRSS")))
"""


def rows(site: Site) -> list[Row]:
    progress("the embedded profile's start")
    with tempfile.TemporaryDirectory(prefix="superapp-bench-") as folder:
        environment = {"DATA_DIR": folder, "DATABASE_URL": "", "REDIS_URL": ""}
        _start(environment)  # makes the database
        starts = [_start(environment) for _ in range(3)]
        bare = [_setup(environment) for _ in range(3)]
    seconds, memory, cpu = (statistics.median(values) for values in zip(*starts, strict=True))
    limit_seconds, limit_memory = (statistics.median(values) for values in zip(*bare, strict=True))
    return [
        Row("second start to first page, embedded", seconds, "s", limit_seconds, "django.setup()", "≤ 5", cpu * 1000),
        Row("idle memory, embedded", memory, "MiB", limit_memory, "django.setup()", "≤ 250"),
    ]


def _start(environment: dict[str, str]) -> tuple[float, float, float]:
    """Seconds to the sign-in page, MiB a moment later, seconds of CPU."""
    began = time.perf_counter()
    port = free_port()
    process = Process("manage.py", "serve", "--empty", "--port", str(port), port=port, **environment)
    try:
        process.wait("/account/login/")
        took, cpu = time.perf_counter() - began, process.cpu()
        time.sleep(1)
        return took, process.memory() / 1024, cpu
    finally:
        process.stop()


def _setup(environment: dict[str, str]) -> tuple[float, float]:
    began = time.perf_counter()
    told = subprocess.run(
        [sys.executable, "-c", _SETUP],
        cwd=ROOT,
        env=os.environ | environment,
        check=True,
        capture_output=True,
        text=True,
    )
    return time.perf_counter() - began, int(told.stdout) / 1024
