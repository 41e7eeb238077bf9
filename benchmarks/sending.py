"""Sending a message: over REST and over the socket, against the same statements through the bare driver."""

from __future__ import annotations

import asyncio
import itertools
import json
import time
import uuid
from collections.abc import Callable
from typing import Any

from benchmarks import clients, replay
from benchmarks.clients import TEXT
from benchmarks.load import measure, request
from benchmarks.people import Town
from benchmarks.stage import Site
from benchmarks.table import Row, progress
from chat import services
from superapp.kernel import limits


def rows(site: Site) -> list[Row]:
    progress("the statements of sending, through the bare driver")
    statements, limit = _bare(site)
    note = f"{statements} statements"
    progress("send a message over REST")
    rest = measure(site.pages, requests(site.town), expect=(201,))
    progress("send a message over the socket")
    socket, cpu = asyncio.run(_over_sockets(site))
    name = "same SQL, bare driver"
    return [
        Row(
            "send a message, REST",
            rest.rate,
            "messages/s",
            limit,
            name,
            "≥ 670",
            rest.cpu,
            None,
            f"{note}, {rest.spread}",
        ),
        Row("send a message, socket", socket, "messages/s", limit, name, "≥ 670", cpu, None, note),
    ]


def requests(town: Town) -> Callable[[], bytes]:
    """Each of the friends in turn says something to the reader."""
    turns = itertools.cycle(zip(town.directs, town.keys[1:], strict=True))

    def make() -> bytes:
        direct, key = next(turns)
        body = json.dumps({"client_id": str(uuid.uuid4()), "text": TEXT}).encode()
        headers = {"X-Session-Token": key, "Content-Type": "application/json"}
        path = f"/api/v1/conversations/{direct.pk}/messages/"
        return request(path, host="127.0.0.1", headers=headers, method="POST", body=body)

    return make


async def _over_sockets(site: Site) -> tuple[float, float]:
    """Messages a second from the friends to the reader, and the server's CPU milliseconds for each."""
    town = site.town
    async with clients.opened(site.sockets.port, town.keys[1:]) as sockets:
        pairs = itertools.cycle(zip(sockets, town.directs, strict=True))
        turns = ((socket, clients.message(direct.pk)) for socket, direct in pairs)
        await clients.say(turns, seconds=1, workers=8)
        before, began = site.sockets.cpu(), time.perf_counter()
        done = await clients.say(turns, seconds=3, workers=8)
        return done / (time.perf_counter() - began), (site.sockets.cpu() - before) * 1000 / done


def _bare(site: Site) -> tuple[int, float]:
    town = site.town
    statements: list[replay.Statement] = []
    client_id, spare = uuid.uuid4(), town.directs[-1]
    # Once before, so that what a process asks once only is not counted.
    with limits.lifted():
        services.send_message(sender=town.friends[-1], conversation=spare, client_id=uuid.uuid4(), text=TEXT)
        with replay.noted(statements):
            sent, _ = services.send_message(sender=town.friends[-1], conversation=spare, client_id=client_id, text=TEXT)
    turns = itertools.cycle(zip(town.directs, town.friends, strict=True))

    def make() -> Callable[[], None]:
        driver = replay.Driver()

        def again() -> None:
            direct, friend = next(turns)
            known: dict[Any, Any] = {spare.pk: direct.pk, town.friends[-1].pk: friend.pk}

            def work(ask: Callable[..., Any]) -> None:
                for sql, params in statements:
                    answer = ask(sql, _changed(sql, params, known, sent.seq, client_id))
                    if sql.startswith("UPDATE chat_conversation"):
                        known["seq"] = answer.fetchone()[0]

            driver.transaction(work)

        again.close = driver.close  # type: ignore[attr-defined]
        return again

    rate, _ = replay.rate(make, workers=1 if site.embedded else 8)
    return len(statements), rate


def _changed(
    sql: str, params: tuple[Any, ...], known: dict[Any, Any], seq: int, client_id: uuid.UUID
) -> tuple[Any, ...]:
    """The parameters of another message: its conversation and sender where they stand, its own number and id."""
    columns = sql[sql.find("(") + 1 : sql.find(")")].replace('"', "").split(", ") if sql.startswith("INSERT") else []

    def other(place: int, value: Any) -> Any:
        column = columns[place] if place < len(columns) else ""
        if column in ("seq", "changed_seq"):
            return known["seq"]
        if column == "client_id":
            return uuid.uuid4() if isinstance(value, uuid.UUID) else uuid.uuid4().hex
        if columns and column not in ("conversation_id", "sender_id"):
            return value
        return known.get(value, value) if type(value) is int else value

    return tuple(other(place, value) for place, value in enumerate(params))
