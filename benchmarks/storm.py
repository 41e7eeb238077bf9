"""Everybody comes back at once: sockets open within a few seconds, each learns what it has missed and fetches it."""

from __future__ import annotations

import asyncio
import itertools
import json
import time
from dataclasses import dataclass

from benchmarks.clients import Socket, message, opened, shake
from benchmarks.load import Connection, request
from benchmarks.stage import Site
from benchmarks.table import Row, progress

SOCKETS = 2000
WITHIN = 5.0  # seconds
FETCHERS = 32  # connections kept to the pages


@dataclass
class Found:
    seconds: float = 0.0  # from the first that knocks to the last that is current
    errors: int = 0
    late: list[float] | None = None  # of each, from knocking to being current


def rows(site: Site) -> list[Row]:
    progress(f"storm: {SOCKETS} sockets knock at a bare server")
    bare = asyncio.run(_knock(site.bare_sockets.port))
    progress(f"storm: {SOCKETS} sockets come back")
    ours = asyncio.run(_come_back(site))
    times = sorted(ours.late or [0.0])
    note = f"{ours.errors} errors, each took p50 {_at(times, 0.5):.0f} ms, p99 {_at(times, 0.99):.0f} ms"
    what = f"{SOCKETS} sockets come back in {WITHIN:.0f} s, all current"
    return [Row(what, ours.seconds, "s", bare.seconds, "raw ASGI, only opened", "≤ 20, 0 errors", note=note)]


def _at(times: list[float], share: float) -> float:
    return times[int((len(times) - 1) * share)] * 1000


async def _knock(port: int) -> Found:
    found = Found()
    began = time.perf_counter()

    async def one(number: int) -> Socket:
        await asyncio.sleep(number * WITHIN / SOCKETS)
        socket = await shake(port, "")
        await socket.opened
        return socket

    sockets = await asyncio.gather(*(one(number) for number in range(SOCKETS)))
    found.seconds = time.perf_counter() - began
    for socket in sockets:
        socket.transport.abort()
    return found


async def _come_back(site: Site) -> Found:
    """A message is sent while they are away; a socket is current when it has it, by its greeting and by sync."""
    town, group = site.town, str(site.town.group.pk)
    keys = list(itertools.islice(itertools.cycle(town.keys), SOCKETS))
    async with opened(site.sockets.port, town.keys[1:2]) as (speaker,):
        answer = json.loads(await speaker.ask(message(town.group.pk, "While you were away")))
    missed = answer["seq"]
    found = Found(late=[])
    idle: asyncio.Queue[Connection] = asyncio.Queue()
    loop = asyncio.get_running_loop()
    for _ in range(FETCHERS):
        idle.put_nowait((await loop.create_connection(Connection, "127.0.0.1", site.pages.port))[1])
    began = time.perf_counter()

    async def one(number: int, key: str) -> Socket | None:
        await asyncio.sleep(number * WITHIN / SOCKETS)
        knocked = time.perf_counter()
        socket = await shake(site.sockets.port, key)
        heads = json.loads(await asyncio.wait_for(socket.greeted, 60))["heads"]
        if int(heads[group]) < missed or not await fetch(key, missed - 1):
            found.errors += 1
        found.late.append(time.perf_counter() - knocked)  # type: ignore[union-attr]
        return socket

    async def fetch(key: str, since: int) -> bool:
        path = f"/api/v1/conversations/{group}/sync/?since={since}"
        connection = await idle.get()
        answer = await connection.ask(request(path, host="127.0.0.1", headers={"X-Session-Token": key}))
        idle.put_nowait(connection)
        return b" 200 " in answer[:16] and b"While you were away" in answer

    results = await asyncio.gather(*(one(n, key) for n, key in enumerate(keys)), return_exceptions=True)
    found.seconds = time.perf_counter() - began
    for socket in results:
        if isinstance(socket, Socket):
            socket.transport.abort()
        else:
            found.errors += 1
    return found
