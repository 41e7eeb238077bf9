"""Two web nodes, PostgreSQL, a Redis and a worker, each of which breaks while people talk (F1, F2, F4 to F9, F12, F15
to F17).

A commit is tried with a few faults and one seed; `make faults SEEDS=10` goes through all of them ten times.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from . import nemesis
from .sites import Redis, TwoNodes
from .storm import Storm, Town, seeds

DATABASE_URL = os.environ.get("DATABASE_URL", "")
pytestmark = [
    pytest.mark.skipif(not DATABASE_URL or not Redis.is_installed(), reason="for the production profile"),
    pytest.mark.faults,
]


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    site = TwoNodes(tmp_path_factory.mktemp("nodes"), DATABASE_URL)
    try:
        yield Town(site)
    finally:
        site.end()


@pytest.mark.covers(
    "J1", "J2", "J3", "J4", "J5", "J6", "J7", "J12", "K1", "G3", "G6", "L2", "F1", "F4", "F6", "F8", "F15"
)
@pytest.mark.parametrize("seed", seeds())
def test_nothing_is_lost_doubled_or_out_of_order_whatever_breaks(town: Town, seed: int) -> None:
    site = town.site
    assert isinstance(site, TwoNodes)
    faults = list(nemesis.ALL if nemesis.IS_LONG else nemesis.EACH_COMMIT)
    with Storm(town, seed, pause=0.02) as storm:
        storm.dice.shuffle(faults)
        storm.until_acknowledged(10)
        for fault in faults:
            before = storm.acknowledged()
            fault(storm, site)
            site.heal()
            storm.until_acknowledged(10)
            print(f"  {fault.__name__}: {storm.acknowledged() - before} acknowledged meanwhile")
        slowest = storm.slowest()
    verdict = storm.verdict()
    print(f"seed {seed}: {verdict}\nslowest: {slowest}")
    assert verdict.findings == [], f"seed {seed}\n{verdict}\n{site.output[-4000:]}"
    assert verdict.counts["say ok"] > 50
