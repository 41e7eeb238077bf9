from __future__ import annotations

import os
import platform
import sys
import time
from dataclasses import dataclass

_BEGAN = time.monotonic()


@dataclass(frozen=True)
class Row:
    what: str
    figure: float
    unit: str
    limit: float  # in the same unit, measured in the same run
    limit_is: str
    target: str = ""
    cpu: float | None = None  # milliseconds of the server's CPU for each
    limit_cpu: float | None = None
    note: str = ""

    def cells(self, database: str) -> list[str]:
        cpu = f"{self.cpu:.2f}" if self.cpu is not None else ""
        if self.limit_cpu is not None:
            cpu += f" / {self.limit_cpu:.2f}"
        ratio = f"{self.figure / self.limit:.3f}" if self.limit else "–"
        limit = f"{_number(self.limit)} {self.limit_is}"
        return [self.what, _number(self.figure), self.unit, limit, ratio, cpu, self.target, database, self.note]


HEADS = ["what", "figure", "unit", "its limit", "ratio", "CPU ms each / of limit", "target", "database", "note"]


def drawn(rows: list[Row], database: str) -> str:
    """All rows as one table."""
    lines = [HEADS, *(row.cells(database) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEADS))]
    texts = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines]
    load = " ".join(f"{value:.1f}" for value in os.getloadavg())
    about = f"{os.cpu_count()} cores, load {load}, Python {platform.python_version()}, {platform.system()}"
    return "\n".join(["", about, texts[0], "-" * len(texts[0]), *texts[1:]])


def progress(line: str) -> None:
    print(f"[{time.monotonic() - _BEGAN:5.1f} s] {line}", file=sys.stderr, flush=True)


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}"
