"""The checker itself is tried: five bugs are planted in the server, and each has to be caught; without one, and with a
broker that delivers everything twice (F13), nothing is found."""

from __future__ import annotations

from pathlib import Path

import pytest

from .hooks import ENVELOPE_SECONDS, SHORT
from .sites import Embedded, embedded_profile, within
from .storm import Storm, Town

pytestmark = [pytest.mark.faults, embedded_profile]

BUGS = {
    "ack_before_commit": {"lost"},
    "numbers_without_lock": {"refused", "server error", "duplicate"},  # the database lets no number be given twice
    "task_acts_twice": {"told twice"},
    "sync_leaves_out": {"lost", "seen live, not kept"},
    "refund_without_guard": {"books", "owed"},
}


def caught(folder: Path, hook: str) -> tuple[set[str], str]:
    """What the checker finds after some talk, some money, a device that was away for a while, and a kill."""
    site = Embedded(folder, f"{hook},{SHORT}")
    try:
        with Storm(Town(site), seed=1) as storm:
            for writer in storm.writers:
                writer.money = 0.2
            storm.readers[1].asleep.set()
            storm.until_acknowledged(15)
            site.kill()
            site.restart()
            storm.readers[1].asleep.clear()
            storm.until_acknowledged(5)
        if hook in {"refund_without_guard", "deliver_twice"}:
            open_ones = "SELECT count(*) FROM wallet_redenvelope WHERE refunded_at IS NULL"
            within(3 * ENVELOPE_SECONDS, lambda: site.rows(open_ones) == [(0,)])
        verdict = storm.verdict()
    finally:
        site.end()
    print(f"{hook}: {verdict}")
    return {finding.partition(":")[0] for finding in verdict.findings}, str(verdict)


@pytest.mark.parametrize("bug", BUGS)
def test_a_planted_bug_is_caught(tmp_path: Path, bug: str) -> None:
    found, told = caught(tmp_path, bug)
    assert found & BUGS[bug], f"{bug} has not been caught\n{told}"


@pytest.mark.covers("F13", "K2")
def test_without_a_bug_nothing_is_found_though_every_task_comes_twice(tmp_path: Path) -> None:
    found, told = caught(tmp_path, "deliver_twice")
    assert found == set(), told
