"""Kill -9 of the one process in the middle of things (F2, F26). What was acknowledged is there, once, in order; the
money adds up; nothing owed is forgotten; and a copy of the files taken meanwhile opens.

Run again with the seed that a failure names: make faults SEED=7
"""

from __future__ import annotations

import shutil
import signal
import sqlite3
from pathlib import Path

import pytest

from .sites import Embedded, embedded_profile
from .storm import Storm, Town, seeds

KILLS = 3
pytestmark = [pytest.mark.faults, embedded_profile]


@pytest.mark.covers("J1", "J2", "J3", "J4", "J5", "J7", "G3", "G6", "K1", "F2", "F26")
@pytest.mark.parametrize("seed", seeds())
def test_nothing_is_lost_doubled_or_out_of_order_through_kills(tmp_path: Path, seed: int) -> None:
    site = Embedded(tmp_path)
    try:
        with Storm(Town(site), seed) as storm:
            storm.until_acknowledged(10)
            storm.put_out("erin")
            for _ in range(KILLS):
                storm.wait(0.3, 1.5)
                site.kill()
                site.restart()
                storm.until_acknowledged(5)
        verdict = storm.verdict()
        assert site.rows("PRAGMA integrity_check") == [("ok",)]
    finally:
        site.end()
    print(f"seed {seed}: {verdict}")
    assert verdict.findings == [], f"seed {seed}\n{verdict}"
    assert verdict.counts["say ok"] > 20
    assert verdict.counts["retried"] > 0, "the kills struck nobody"


@pytest.mark.covers("F26")
def test_a_copy_of_the_files_taken_in_the_middle_holds_what_was_acknowledged_before(tmp_path: Path) -> None:
    site = Embedded(tmp_path / "site")
    copy = tmp_path / "copy"
    copy.mkdir()
    try:
        with Storm(Town(site), 1) as storm:
            storm.until_acknowledged(15)
            before = {d.key for w in storm.writers for d in list(w.deeds) if d.kind == "say" and d.answer}
            site.site.process.send_signal(signal.SIGSTOP)  # SIGSTOP: as files lie when the machine loses its power
            for file in ("superapp.sqlite3", "superapp.sqlite3-wal"):
                shutil.copy(tmp_path / "site" / file, copy / file)
            site.site.process.send_signal(signal.SIGCONT)
    finally:
        site.end()
    with sqlite3.connect(copy / "superapp.sqlite3") as database:
        kept = {text for (text,) in database.execute("SELECT text FROM chat_message")}
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert len(before) >= 15
    assert before <= kept
