"""Clients that hold sockets, as light as they can be, so that they measure the server and not themselves."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import asynccontextmanager

WORKERS = 16
CREATED = b'{"type":"message.created"'
TEXT = "Shall we meet at the lake on Saturday, or would Sunday suit everybody better?"

Frame = tuple[str, bytes]  # what is sent, and what its acknowledgement contains


class Socket(asyncio.Protocol):
    """One open socket. It counts the messages it hears, and can wait for a frame that contains something."""

    def __init__(self, request: bytes, hear: Callable[[bytes], None] | None = None) -> None:
        self.heard = 0
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.greeted: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()  # with the first frame
        self._request, self._hear = request, hear
        self._buffer = b""
        self._shaken = False
        self._waiting: dict[bytes, asyncio.Future[bytes]] = {}
        self.transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport  # type: ignore[assignment]
        self.transport.write(self._request)

    def connection_lost(self, error: Exception | None) -> None:
        for waiting in (self.opened, *self._waiting.values()):
            if not waiting.done():
                waiting.set_exception(ConnectionResetError("the server closed a socket"))
        self.greeted.cancel()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if not self._shaken:
            head, end, rest = self._buffer.partition(b"\r\n\r\n")
            if not end:
                return
            if b" 101 " not in head:
                self.opened.set_exception(ConnectionError(head.decode()))
                return
            self._shaken, self._buffer = True, rest
            self.opened.set_result(None)
        while (frame := self._next()) is not None:
            if not self.greeted.done():
                self.greeted.set_result(frame)
            if frame.startswith(CREATED):
                self.heard += 1
                if self._hear is not None:
                    self._hear(frame)
            for wanted in [wanted for wanted in self._waiting if wanted in frame]:
                self._waiting.pop(wanted).set_result(frame)

    def _next(self) -> bytes | None:
        buffer = self._buffer
        if len(buffer) < 2:
            return None
        length, start = buffer[1] & 127, 2
        if length == 126:
            length, start = int.from_bytes(buffer[2:4], "big"), 4
        elif length == 127:
            length, start = int.from_bytes(buffer[2:10], "big"), 10
        if len(buffer) < start + length:
            return None
        self._buffer = buffer[start + length :]
        if buffer[0] & 15 == 9:  # a ping
            self._write(10, buffer[start : start + length])
        return buffer[start : start + length]

    def send(self, text: str) -> None:
        self._write(1, text.encode())

    def _write(self, kind: int, body: bytes) -> None:
        size = len(body)
        head = bytes([128 | kind, 128 | size]) if size < 126 else bytes([128 | kind, 254]) + size.to_bytes(2, "big")
        self.transport.write(head + bytes(4) + body)  # masked with nothing

    async def ask(self, frame: Frame) -> bytes:
        """Send, and wait for the answer."""
        text, wanted = frame
        self._waiting[wanted] = found = asyncio.get_running_loop().create_future()
        self.send(text)
        return await asyncio.wait_for(found, 20)


@asynccontextmanager
async def opened(port: int, keys: Iterable[str], hear: Callable[[bytes], None] | None = None):  # type: ignore[no-untyped-def]
    """A socket for each session key, all greeted; an empty key opens a bare one."""
    sockets: list[Socket] = []
    try:
        for some in _batches(list(keys), 20):
            new = [await shake(port, key, hear) for key in some]
            sockets += new
            await asyncio.gather(*(socket.opened for socket in new))
            if some[0]:
                await asyncio.gather(*(socket.ask(('{"type":"ping"}', b'"pong"')) for socket in new))
        yield sockets
    finally:
        for socket in sockets:
            socket.transport.abort()
        await asyncio.sleep(0.1)


async def shake(port: int, key: str, hear: Callable[[bytes], None] | None = None) -> Socket:
    """Ask to open a socket; it is not open yet."""
    request = _handshake(key)
    _, socket = await asyncio.get_running_loop().create_connection(lambda: Socket(request, hear), "127.0.0.1", port)
    return socket


def _handshake(key: str) -> bytes:
    lines = ["GET /ws/ HTTP/1.1", "Host: 127.0.0.1", "Upgrade: websocket", "Connection: Upgrade"]
    lines += [f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}", "Sec-WebSocket-Version: 13"]
    if key:
        lines.append(f"Sec-WebSocket-Protocol: superapp.v1, token.{key}")
    return "\r\n".join([*lines, "", ""]).encode()


def _batches(items: list[str], size: int) -> Iterator[list[str]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]


def message(conversation: int, text: str = TEXT) -> Frame:
    name = str(uuid.uuid4())
    frame = {"type": "message.send", "ref": name, "conversation": str(conversation), "client_id": name, "text": text}
    return json.dumps(frame), f'"ref":"{name}"'.encode()


async def say(turns: Iterator[tuple[Socket, Frame]], *, seconds: float, workers: int = WORKERS) -> int:
    """So many sockets at a time, each says the next thing once the one before is acknowledged; how many were."""
    until = time.perf_counter() + seconds
    done = 0

    async def work() -> None:
        nonlocal done
        while time.perf_counter() < until:
            socket, frame = next(turns)
            answer = await socket.ask(frame)
            if answer.startswith(b'{"type":"error"'):
                raise RuntimeError(answer.decode())
            done += 1

    await asyncio.gather(*(work() for _ in range(workers)))
    return done
