"""Live delivery to everybody in a group, and what an idle socket costs; against a broadcast that stores nothing."""

from __future__ import annotations

import asyncio
import itertools
import json
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from benchmarks.clients import TEXT, Frame, Socket, message, opened, say
from benchmarks.people import BAND
from benchmarks.processes import Process
from benchmarks.stage import Site
from benchmarks.table import Row, progress

IDLE = 400  # more sockets, to see what one costs
PACE = 20  # messages a second while it is measured how late they come


@dataclass
class Found:
    messages: float = 0.0
    deliveries: float = 0.0
    cpu: float = 0.0  # milliseconds for a thousand deliveries
    late: list[float] | None = None
    idle: float = 0.0  # KiB

    def percentile(self, share: float) -> float:
        assert self.late
        return sorted(self.late)[int(len(self.late) * share)] * 1000

    @property
    def median(self) -> float:
        return statistics.median(self.late or [0]) * 1000


def rows(site: Site) -> list[Row]:
    town = site.town
    return [
        *_of(site, town.keys[1:BAND], town.band.pk, "≥ 1,500 messages/s"),
        *_of(site, town.keys[1:], town.group.pk, "≥ 110,000 deliveries/s"),
    ]


def _of(site: Site, keys: list[str], group: int, target: str) -> list[Row]:
    progress(f"live: {len(keys)} sockets on a bare server")
    bare = asyncio.run(_measured(site.bare_sockets, [""] * len(keys), _bare_frames()))
    progress(f"live: {len(keys)} sockets")
    ours = asyncio.run(_measured(site.sockets, keys, lambda text: message(group, text)))
    raw = "raw ASGI, nothing stored"
    late = f"p99 {ours.percentile(0.99):.1f} ms, bare {bare.percentile(0.99):.1f} ms"
    return [
        Row(f"live to {len(keys)} members", ours.messages, "messages/s", bare.messages, raw, target),
        Row("the same, deliveries (CPU for 1,000)", ours.deliveries, "deliveries/s", bare.deliveries, raw, "",
            ours.cpu, bare.cpu),
        Row("the same at 20 messages/s", ours.median, "ms (median)", bare.median, raw, "≤ 6 ms", note=late),
        Row("idle socket", ours.idle, "KiB", bare.idle, "raw ASGI", "≤ 25"),
    ]  # fmt: skip


def _bare_frames() -> Callable[[str], Frame]:
    """As long as what the product sends."""
    numbers = itertools.count()

    def make(text: str) -> Frame:
        name = f"{next(numbers)}"
        body = {"type": "message.created", "ref": name, "text": text, "more": "x" * 340}
        return json.dumps(body, separators=(",", ":")), f'"ref":"{name}"'.encode()

    return make


async def _measured(server: Process, keys: list[str], make: Callable[[str], Frame]) -> Found:
    sent: dict[int, float] = {}
    found = Found(late=[])

    def note(frame: bytes) -> None:
        start = frame.find(b"#n=")
        if start > 0:
            found.late.append(time.perf_counter() - sent[int(frame[start + 3 : frame.index(b"#", start + 3)])])  # type: ignore[union-attr]

    async with opened(server.port, keys, note) as sockets:
        memory = server.memory()
        async with opened(server.port, (keys * 3)[:IDLE]):
            found.idle = (server.memory() - memory) / IDLE
        turns: Iterator[tuple[Socket, Frame]] = ((socket, make(TEXT)) for socket in itertools.cycle(sockets))
        await say(turns, seconds=1)
        before, heard, began = server.cpu(), sum(socket.heard for socket in sockets), time.perf_counter()
        done = await say(turns, seconds=3)
        took = time.perf_counter() - began
        await asyncio.sleep(0.5)
        heard = sum(socket.heard for socket in sockets) - heard
        if heard < done * len(sockets):
            progress(f"live: {done * len(sockets) - heard} of {done * len(sockets)} deliveries are missing")
        found.messages, found.deliveries = done / took, heard / took
        found.cpu = (server.cpu() - before) * 1_000_000 / heard
        for number in range(PACE * 3):
            sent[number] = time.perf_counter()
            sockets[number % len(sockets)].send(make(f"{TEXT} #n={number}#")[0])
            await asyncio.sleep(max(0, sent[0] + (number + 1) / PACE - time.perf_counter()))
        await asyncio.sleep(0.5)
    return found
