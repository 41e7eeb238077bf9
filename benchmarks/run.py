from __future__ import annotations

import argparse
import importlib
import signal
import sys

from benchmarks import stage, table

FAMILIES = ["pages", "sending", "live", "storm", "money", "start"]
LONG = ["search", "history"]  # takes minutes: only when it is asked for by name


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure, each figure beside its limit.")
    parser.add_argument("families", nargs="*", metavar="family", help=" ".join([*FAMILIES, *LONG]))
    wanted = parser.parse_args().families or FAMILIES
    if unknown := set(wanted) - {*FAMILIES, *LONG}:
        parser.error(f"there is no {', '.join(sorted(unknown))}; there are {', '.join([*FAMILIES, *LONG])}")
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    rows: list[table.Row] = []
    with stage.set_up() as site:
        for family in [*FAMILIES, *LONG]:
            if family in wanted:
                rows += importlib.import_module(f"benchmarks.{family}").rows(site)
    print(table.drawn(rows, site.database))
