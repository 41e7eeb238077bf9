"""Live events: from a service, after the commit, to the sockets of the people it is meant for.

An event is addressed to people, never to a channel that a socket once subscribed to. The service names the
recipients from the database state it has just written, so somebody who has left cannot be reached by anything
created later, even when the notice of the removal is lost (docs/adr/0003).

Each web process keeps person → local sockets in its `hub`, encodes an event once and writes the same text to each
socket. Between processes one Redis pub/sub connection per process carries it. Events are hints: at most once,
possibly dropped, never the truth. `sync` is the truth.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import queue
import threading
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Generator, Iterable
from typing import Any

import redis
import redis.asyncio
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction

from .stores import redis_options

logger = logging.getLogger(__name__)

SIGNED_OUT = 4401
TOO_SLOW = 1013
RESTARTING = 1012
READY_WITHIN = 2  # seconds
DOUBT = "?"
BACKLOG_MAX = 256  # events a slow reader may fall behind before it is cut off (it resumes by sync)


def encode(event: dict[str, Any]) -> str:
    return json.dumps(event, cls=DjangoJSONEncoder, ensure_ascii=False, separators=(",", ":"))


def publish(recipients: Iterable[int], event: dict[str, Any]) -> None:
    """Send `event` to every socket of the people with these ids, after the current transaction commits.

    Compute `recipients` in the same transaction as the change, from the rule of who may see it.
    """
    _after_commit(list(recipients), encode(event))


def sign_out(user_id: int) -> None:
    """Close every socket of a person after the commit: session ended, password changed, suspended."""
    _after_commit([user_id], f"!{SIGNED_OUT}")


def doubt(user_id: int) -> None:
    """Have every socket of a person look at its session again: one of their sessions has ended, others may go on."""
    _after_commit([user_id], DOUBT)


def _after_commit(recipients: list[int], text: str) -> None:
    if recipients:
        transaction.on_commit(lambda: _carrier().carry(recipients, text), robust=True)


class Socket:
    """One open connection, as the hub sees it. `send` is the ASGI send of its consumer.

    One that is `held` collects what comes until `release`, so that its greeting can be read from the database after
    it has begun to listen: nothing falls between the two.
    """

    def __init__(self, user_id: int, send: Callable[[dict[str, Any]], Awaitable[None]], *, held: bool = False) -> None:
        self.user_id = user_id
        self._send = send
        self._backlog: deque[dict[str, Any]] | None = deque() if held else None
        self._closing = False
        self.on_doubt: Callable[[], None] = lambda: None

    @property
    def closing(self) -> bool:
        return self._closing

    def release(self, greeting: str | None) -> None:
        """Send the greeting, then what has come meanwhile, then everything as it comes."""
        assert self._backlog is not None
        if greeting is not None:
            self._backlog.appendleft({"type": "websocket.send", "text": greeting})
        asyncio.get_running_loop().create_task(self._drain())

    def write(self, text: str) -> None:
        if not self._closing:
            self._pass_on({"type": "websocket.send", "text": text})

    def close(self, code: int) -> None:
        if not self._closing:
            self._closing = True
            self._pass_on({"type": "websocket.close", "code": code})

    def _pass_on(self, message: dict[str, Any]) -> None:
        """Write now if the transport has room, without a task switch; otherwise queue behind a draining task."""
        if self._backlog is not None:
            self._queue(message)
            return
        sending = self._send(message)
        assert isinstance(sending, Coroutine)
        try:
            waits_for = sending.send(None)
        except StopIteration:
            return
        except Exception:  # the connection is gone; its consumer unregisters by itself
            self._closing = True
            return
        self._backlog = deque()
        asyncio.get_running_loop().create_task(self._drain(_Resumed(sending, waits_for)))

    def _queue(self, message: dict[str, Any]) -> None:
        assert self._backlog is not None
        if len(self._backlog) < BACKLOG_MAX:
            self._backlog.append(message)
        else:
            self._closing = True
            self._backlog.clear()
            self._backlog.append({"type": "websocket.close", "code": TOO_SLOW})

    async def _drain(self, first: Awaitable[None] | None = None) -> None:
        try:
            if first is not None:
                await first
            while self._backlog:
                await self._send(self._backlog.popleft())
        except Exception:
            self._closing = True
        finally:
            self._backlog = None


class _Resumed:
    """Awaits the rest of a coroutine that has already run up to its first suspension."""

    def __init__(self, coroutine: Coroutine[Any, Any, None], waits_for: Any) -> None:
        self._coroutine = coroutine
        self._waits_for = waits_for

    def __await__(self) -> Generator[Any, Any, None]:
        waits_for = self._waits_for
        while True:
            try:
                yield waits_for
            except BaseException as error:
                try:
                    waits_for = self._coroutine.throw(error)
                except StopIteration:
                    return
            else:
                try:
                    waits_for = self._coroutine.send(None)
                except StopIteration:
                    return


class Hub:
    """The sockets of this process. Lives on one event loop; `receive` may be called from any thread."""

    def __init__(self) -> None:
        self._sockets: dict[int, set[Socket]] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._listener: asyncio.Task[None] | None = None
        self._hears = asyncio.Event()

    def register(self, socket: Socket) -> None:
        """Called on the event loop, by a consumer that has just authorised its person."""
        loop = asyncio.get_running_loop()
        if self._loop is not loop:
            self._start(loop)
        self._sockets.setdefault(socket.user_id, set()).add(socket)

    async def ready(self) -> None:
        """Events of other processes are heard from here on (or Redis is away, and heads will tell what was missed)."""
        if self._listener is not None:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._hears.wait(), READY_WITHIN)

    def unregister(self, socket: Socket) -> None:
        sockets = self._sockets.get(socket.user_id)
        if sockets is not None:
            sockets.discard(socket)
            if not sockets:
                del self._sockets[socket.user_id]

    def has(self, user_id: int) -> bool:
        """Is there a socket of this person in this process?"""
        return user_id in self._sockets

    def close_all(self, code: int = RESTARTING) -> None:
        for sockets in list(self._sockets.values()):
            for socket in list(sockets):
                socket.close(code)

    def receive(self, recipients: list[int], text: str) -> None:
        loop = self._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self._deliver, recipients, text)

    def _start(self, loop: asyncio.AbstractEventLoop) -> None:
        if self._loop is not None and not self._loop.is_closed() and self._listener is not None:
            self._loop.call_soon_threadsafe(self._listener.cancel)
        self._loop = loop
        self._sockets.clear()
        self._hears = asyncio.Event()
        self._listener = loop.create_task(self._listen()) if settings.REDIS_URL else None

    def _deliver(self, recipients: Iterable[int], text: str) -> None:
        for user_id in recipients:
            for socket in tuple(self._sockets.get(user_id, ())):
                if text == DOUBT:
                    socket.on_doubt()
                elif text.startswith("!"):
                    socket.close(int(text[1:]))
                else:
                    socket.write(text)

    async def _listen(self) -> None:
        """Read the events of all processes from Redis, for ever; after a lost connection begin again."""
        while True:
            client = redis.asyncio.Redis.from_url(settings.REDIS_URL, health_check_interval=10)
            try:
                async with client.pubsub() as pubsub:
                    await pubsub.subscribe(settings.LIVE_CHANNEL)
                    async for message in pubsub.listen():
                        if message["type"] != "message":
                            self._hears.set()  # the confirmation
                            continue
                        recipients, text = message["data"].decode().split("\n", 1)
                        self._deliver(map(int, recipients.split(",")), text)
            except (redis.RedisError, OSError):
                logger.warning("live: lost Redis, trying again")
                await asyncio.sleep(0.5)
            finally:
                self._hears.clear()
                await client.aclose()


hub = Hub()


class _InProcess:
    def carry(self, recipients: list[int], text: str) -> None:
        hub.receive(recipients, text)


class _ThroughRedis:
    """Publishes from a thread of its own, in order, so that no request ever waits for Redis."""

    def __init__(self) -> None:
        self._queue: queue.Queue[tuple[list[int], str]] = queue.Queue(maxsize=10_000)
        threading.Thread(target=self._work, name="live-publisher", daemon=True).start()

    def carry(self, recipients: list[int], text: str) -> None:
        try:
            self._queue.put_nowait((recipients, text))
        except queue.Full:
            logger.warning("live: Redis cannot follow, an event was dropped")

    def _work(self) -> None:
        client = redis.Redis.from_url(settings.REDIS_URL, **redis_options())
        while True:
            recipients, text = self._queue.get()
            try:
                client.publish(settings.LIVE_CHANNEL, f"{','.join(map(str, recipients))}\n{text}")
            except redis.RedisError:
                logger.warning("live: an event could not be published")


_carriers: list[_InProcess | _ThroughRedis] = []
_making = threading.Lock()


def _carrier() -> _InProcess | _ThroughRedis:
    """Made at first use, so that a process forked after import has its own thread."""
    with _making:
        if not _carriers:
            _carriers.append(_ThroughRedis() if settings.REDIS_URL else _InProcess())
        return _carriers[0]
