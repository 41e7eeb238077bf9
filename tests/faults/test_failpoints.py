"""The process dies at a chosen moment of a chosen deed (F3). Whoever asks again under the same key gets what the deed
made, once: as if nothing had happened.

Each commit tries the moments about the commit of three deeds; FAULTS=all tries every moment of every deed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from .clients import Unknown
from .hooks import ENVELOPE_SECONDS, SHORT
from .nemesis import IS_LONG
from .sites import Embedded, embedded_profile, within
from .storm import Town

pytestmark = [pytest.mark.faults, embedded_profile]
MOMENTS = ["before write", "before commit", "after commit", "after answer"]


class Deeds:
    """Each answers what came of it; asked twice under one key, twice the same. `count` says how often it was done."""

    def __init__(self, town: Town) -> None:
        self.town = town

    def ask(self, who: str, path: str, body: dict[str, Any], key: str) -> Any:
        response = self.town.line(who).ask("POST", path, json=body, headers={"Idempotency-Key": key}, timeout=30)
        assert response.status_code < 400, response.text
        return response.json()

    def send(self, key: str) -> Any:
        body = {"client_id": key, "kind": "text", "text": key}
        return self.ask("alice", f"/conversations/{self.town.all}/messages/", body, key)["seq"]

    def give(self, key: str) -> Any:
        body = {"kind": "normal", "amount": 300, "shares": 3, "greeting": key}
        return self.ask("alice", f"/conversations/{self.town.all}/red-envelopes/", body, key)["red_envelope"]["id"]

    def top_up(self, key: str) -> Any:
        return self.ask("bob", "/wallet/top-ups/", {"amount": 777}, key)["id"]

    def make_claim(self) -> Callable[[str], Any]:
        envelope = self.give(str(uuid4()))
        return lambda key: self.ask("carol", f"/red-envelopes/{envelope}/claim/", {}, key)["amount"]

    def is_refunded(self, envelope: str) -> bool:
        return self.town.site.rows(f"SELECT refunded_at IS NOT NULL FROM wallet_redenvelope WHERE id = {envelope}") == [
            (1,)
        ]


TABLES = {"send": "chat_message", "give": "wallet_redenvelope", "claim": "wallet_share", "top_up": "wallet_entry"}
ALL = list(product(TABLES, MOMENTS))
EACH_COMMIT = [pair for pair in ALL if pair[0] != "top_up" and pair[1] in {"before commit", "after commit"}]


def town_with(folder: Path, hooks: str) -> Iterator[Town]:
    site = Embedded(folder, hooks)
    try:
        yield Town(site)
    finally:
        site.end()


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    yield from town_with(tmp_path_factory.mktemp("failpoints"), "failpoints")


@pytest.fixture(scope="module")
def hasty_town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Where red envelopes end after some seconds."""
    yield from town_with(tmp_path_factory.mktemp("refunds"), f"failpoints,{SHORT}")


def arm(town: Town, moment: str, table: str) -> None:
    assert isinstance(town.site, Embedded)
    (town.site.folder / "failpoint").write_text(f"{moment} {table}")


def dead(town: Town, seconds: float = 30) -> None:
    """It has died of what was armed, and is started again."""
    assert isinstance(town.site, Embedded)
    assert town.site.site.process.wait(seconds) == -9, town.site.output
    assert not (town.site.folder / "failpoint").exists()
    town.site.restart()


@pytest.mark.covers("J1", "J3", "G3", "F3")
@pytest.mark.parametrize(("deed", "moment"), ALL if IS_LONG else EACH_COMMIT)
def test_a_deed_that_was_cut_short_is_done_once_when_it_is_asked_again(town: Town, deed: str, moment: str) -> None:
    deeds = Deeds(town)
    key = str(uuid4())
    act = deeds.make_claim() if deed == "claim" else getattr(deeds, deed)
    answered = None
    if moment == "after answer":
        answered = act(key)
        assert isinstance(town.site, Embedded)
        town.site.kill()
        town.site.restart()
    else:
        arm(town, moment, TABLES[deed])
        with pytest.raises(Unknown):
            act(key)
        dead(town)
    before = _rows(town, deed)

    first, second = act(key), act(key)

    assert first == second
    assert answered in (None, first)
    was_kept = moment in {"after commit", "after answer"}
    assert _rows(town, deed) == before + (0 if was_kept else 1)
    town.site.manage("verify_ledger")


def _rows(town: Town, deed: str) -> int:
    counted = {
        "send": "SELECT count(*) FROM chat_message",
        "give": "SELECT count(*) FROM wallet_redenvelope",
        "claim": "SELECT count(*) FROM wallet_share WHERE claimed_by_id IS NOT NULL",
        "top_up": "SELECT count(*) FROM wallet_transaction WHERE kind = 'top_up'",
    }
    [(number,)] = town.site.rows(counted[deed])
    return int(number)


@pytest.mark.covers("G4", "K1", "K2", "F3", "F4")
@pytest.mark.parametrize("moment", ["before commit", "after commit"] if not IS_LONG else MOMENTS[:3])
def test_a_refund_that_was_cut_short_is_given_once(hasty_town: Town, moment: str) -> None:
    """The task is in the worker when the process dies; the outbox still owes it."""
    town, deeds = hasty_town, Deeds(hasty_town)
    envelope = deeds.give(str(uuid4()))
    arm(town, moment, "wallet_redenvelope")
    dead(town, 10 * ENVELOPE_SECONDS)

    assert within(60, lambda: deeds.is_refunded(envelope))
    refunds = f"SELECT count(*) FROM wallet_transaction WHERE key = 'refund:{envelope}'"
    assert town.site.rows(refunds) == [(1,)]
    owed = "SELECT count(*) FROM kernel_outboxrow WHERE task = 'wallet.tasks.refund_red_envelope'"
    assert within(30, lambda: town.site.rows(owed) == [(0,)])
    town.site.manage("verify_ledger")
