"""Live events: to the sockets of the people they are meant for, after the commit, and never in anybody's way."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import transaction

from superapp.kernel import live

ALICE, BOB = 900_001, 900_002


class Wire:
    """The far end of a socket."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []
        self.open = asyncio.Event()
        self.open.set()

    async def send(self, message: dict[str, Any]) -> None:
        await self.open.wait()
        self.sent.append(message)

    @property
    def events(self) -> list[dict[str, Any]]:
        return [json.loads(message["text"]) for message in self.sent if message["type"] == "websocket.send"]

    @property
    def close_codes(self) -> list[int]:
        return [message["code"] for message in self.sent if message["type"] == "websocket.close"]

    async def until(self, condition: Callable[[Wire], bool], seconds: float = 3) -> None:
        async with asyncio.timeout(seconds):
            while not condition(self):
                await asyncio.sleep(0.01)


@pytest.fixture
async def hub() -> AsyncIterator[live.Hub]:
    """The hub of the process, listening on this test's loop."""
    probe, wire = live.hub, Wire()
    socket = live.Socket(0, wire.send)
    probe.register(socket)
    if settings.REDIS_URL:  # wait until the listener hears
        async with asyncio.timeout(5):
            while not wire.sent:
                await publish([0], {"type": "probe"})
                await asyncio.sleep(0.05)
    probe.unregister(socket)
    yield probe
    if probe._listener is not None:
        probe._listener.cancel()
    probe._loop = None


def join(hub: live.Hub, person: int) -> tuple[live.Socket, Wire]:
    wire = Wire()
    socket = live.Socket(person, wire.send)
    hub.register(socket)
    return socket, wire


async def publish(recipients: list[int], event: dict[str, Any]) -> None:
    def in_transaction() -> None:
        with transaction.atomic():
            live.publish(recipients, event)

    await sync_to_async(in_transaction)()


@pytest.mark.django_db(transaction=True)
async def test_every_socket_of_a_recipient_hears_and_nobody_else(hub: live.Hub) -> None:
    (_, phone), (_, laptop), (_, bobs) = join(hub, ALICE), join(hub, ALICE), join(hub, BOB)

    await publish([ALICE], {"type": "greeting", "text": "你好"})
    await phone.until(lambda wire: bool(wire.events))
    await laptop.until(lambda wire: bool(wire.events))

    assert phone.events == laptop.events == [{"type": "greeting", "text": "你好"}]
    await publish([BOB], {"type": "after"})
    await bobs.until(lambda wire: bool(wire.events))
    assert [event["type"] for event in bobs.events] == ["after"]


@pytest.mark.django_db(transaction=True)
async def test_nothing_is_told_of_what_was_rolled_back(hub: live.Hub) -> None:
    _, wire = join(hub, ALICE)

    def fail() -> None:
        with transaction.atomic():
            live.publish([ALICE], {"type": "never"})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await sync_to_async(fail)()
    await publish([ALICE], {"type": "real"})
    await wire.until(lambda wire: bool(wire.events))

    assert [event["type"] for event in wire.events] == ["real"]


@pytest.mark.django_db(transaction=True)
async def test_events_keep_their_order(hub: live.Hub) -> None:
    _, wire = join(hub, ALICE)

    for number in range(100):
        await publish([ALICE], {"type": "n", "number": number})
    await wire.until(lambda wire: len(wire.events) == 100)

    assert [event["number"] for event in wire.events] == list(range(100))


@pytest.mark.django_db(transaction=True)
@pytest.mark.covers("J13")
async def test_a_slow_reader_is_cut_off_and_holds_nobody_up(hub: live.Hub) -> None:
    (_, slow), (_, quick) = join(hub, ALICE), join(hub, BOB)
    slow.open.clear()

    for number in range(live.BACKLOG_MAX + 20):
        hub._deliver([ALICE, BOB], live.encode({"type": "n", "number": number}))
    await quick.until(lambda wire: len(wire.events) == live.BACKLOG_MAX + 20)
    slow.open.set()
    await slow.until(lambda wire: bool(wire.close_codes))

    assert slow.close_codes == [live.TOO_SLOW]
    assert len(slow.events) < 5, "what piled up is dropped; the reader resumes by sync"


@pytest.mark.django_db(transaction=True)
async def test_a_reader_who_catches_up_misses_nothing(hub: live.Hub) -> None:
    _, wire = join(hub, ALICE)
    wire.open.clear()
    for number in range(50):
        hub._deliver([ALICE], live.encode({"type": "n", "number": number}))

    wire.open.set()
    await wire.until(lambda wire: len(wire.events) == 50)

    assert [event["number"] for event in wire.events] == list(range(50))


@pytest.mark.django_db(transaction=True)
@pytest.mark.covers("B3")
async def test_signing_out_closes_every_socket_of_the_person_alone(hub: live.Hub) -> None:
    (_, alices), (_, bobs) = join(hub, ALICE), join(hub, BOB)

    await sync_to_async(live.sign_out)(ALICE)
    await alices.until(lambda wire: bool(wire.close_codes))

    assert alices.close_codes == [live.SIGNED_OUT]
    assert bobs.close_codes == []


@pytest.mark.django_db(transaction=True)
async def test_a_broken_socket_does_not_stop_the_others(hub: live.Hub) -> None:
    async def broken(message: dict[str, Any]) -> None:
        raise ConnectionResetError

    hub.register(live.Socket(ALICE, broken))
    _, wire = join(hub, ALICE)

    await publish([ALICE], {"type": "greeting"})
    await wire.until(lambda wire: bool(wire.events))

    assert wire.events == [{"type": "greeting"}]


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(not settings.REDIS_URL, reason="between processes only with Redis")
async def test_an_event_reaches_the_hubs_of_other_processes(hub: live.Hub) -> None:
    other = live.Hub()
    _, wire = join(other, ALICE)

    async with asyncio.timeout(5):
        while not wire.events:
            await publish([ALICE], {"type": "greeting"})
            await asyncio.sleep(0.05)

    assert wire.events[0] == {"type": "greeting"}
    assert other._listener is not None
    other._listener.cancel()
