"""Everybody comes back at once (F18): FAULT_SOCKETS=2000 opens so many in five seconds."""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.client import connect

from .clients import fetch_all
from .sites import Embedded, embedded_profile
from .storm import PEOPLE, Town

SOCKETS = int(os.environ.get("FAULT_SOCKETS", "200"))
WITHIN, CURRENT_WITHIN = 5, 60  # seconds
pytestmark = [pytest.mark.faults, embedded_profile]


async def come_back(town: Town, number: int, heads: dict[str, int], outcome: Counter[str], took: list[float]) -> None:
    """Open a socket at one's own moment; current when its greeting names the heads."""
    await asyncio.sleep(number * WITHIN / SOCKETS)
    began = time.monotonic()
    handle = PEOPLE[number % len(PEOPLE)]
    protocols: Any = ["superapp.v1", f"token.{town.tokens[handle]}"]
    try:
        async with connect(
            f"ws://127.0.0.1:{town.site.nodes[0].live}/ws/",
            subprotocols=protocols,
            open_timeout=CURRENT_WITHIN,
            ping_interval=None,
            proxy=None,
        ) as socket:
            hello = json.loads(await asyncio.wait_for(socket.recv(), CURRENT_WITHIN))
            took.append(time.monotonic() - began)
            outcome["current" if hello["heads"].items() >= heads.items() else "behind"] += 1
            await asyncio.sleep(max(0.0, WITHIN - number * WITHIN / SOCKETS))  # all are there together
    except Exception as error:
        outcome[repr(error)[:80]] += 1


@pytest.mark.covers("F18", "J13")
def test_all_are_current_within_a_minute_and_none_is_turned_away(tmp_path: Path) -> None:
    site = Embedded(tmp_path)
    try:
        town = Town(site)
        town.ask("alice", "POST", f"/conversations/{town.all}/messages/", json={"client_id": KEY, "text": "before"})
        [(head,)] = site.rows(f"SELECT head FROM chat_conversation WHERE id = {town.all}")
        outcome: Counter[str] = Counter()
        took: list[float] = []

        async def storm() -> None:
            heads = {town.all: int(head)}
            await asyncio.gather(*(come_back(town, number, heads, outcome, took) for number in range(SOCKETS)))

        asyncio.run(storm())
        rows = fetch_all(town.line("erin"), town.all)
    finally:
        site.end()
    took.sort()
    p50, p99 = took[len(took) // 2], took[int(len(took) * 0.99)]
    print(f"{SOCKETS} sockets in {WITHIN} s: {dict(outcome)}, p50 {p50:.2f} s, p99 {p99:.2f} s, last {took[-1]:.2f} s")
    assert outcome == {"current": SOCKETS}
    assert took[-1] < CURRENT_WITHIN
    assert [row.tag for row in rows or []] == ["before"], "pages are answered as well"


KEY = "5d1f7a52-3c0e-4c55-9d0c-6f4c3f0f1c11"
