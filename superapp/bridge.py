"""WSGI inside ASGI: pages and REST in the process that also holds the sockets (docs/adr/0002).

The request body is received on the event loop before a thread is taken, so a slow upload holds no thread; an answer
that fits in memory is handed back in one step, so a slow reader holds none either.
"""

from __future__ import annotations

import asyncio
import io
import sys
import tempfile
from collections.abc import Awaitable, Callable, Iterable, Iterator, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from typing import IO, Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
WSGIApplication = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

IN_MEMORY = 1024 * 1024  # a larger body waits on disk
IN_ONE_STEP = 4 * 1024 * 1024  # a longer answer is streamed, and holds its thread


class TooLarge(Exception):
    pass


class Disconnected(Exception):
    pass


class Pages:
    """An ASGI application that runs a WSGI application in a pool of threads."""

    def __init__(self, application: WSGIApplication, *, threads: int, max_body: int) -> None:
        self._application = application
        self._max_body = max_body
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="pages")

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        try:
            body = await self._receive_body(scope, receive)
        except TooLarge:
            await _refuse_body(send)
            return
        except Disconnected:
            return
        loop = asyncio.get_running_loop()

        def pass_on(message: Message) -> None:
            asyncio.run_coroutine_threadsafe(_as_coroutine(send(message)), loop).result()

        with body:
            answer = _Answer(self._application, environ_of(scope, body), pass_on)
            for message in await loop.run_in_executor(self._pool, answer.make):
                await send(message)

    async def _receive_body(self, scope: Message, receive: Receive) -> IO[bytes]:
        length = dict(scope["headers"]).get(b"content-length", b"0")
        if length.isdigit() and int(length) > self._max_body:
            raise TooLarge
        message = await _next_part(receive)
        if not message.get("more_body"):
            return io.BytesIO(message.get("body", b""))
        body = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  (closed by the caller)
        try:
            while True:
                body.write(message.get("body", b""))
                if body.tell() > self._max_body:
                    raise TooLarge
                if not message.get("more_body"):
                    break
                message = await _next_part(receive)
        except BaseException:
            body.close()
            raise
        body.seek(0)
        return body


async def _next_part(receive: Receive) -> Message:
    message = await receive()
    if message["type"] == "http.disconnect":
        raise Disconnected
    return message


async def _as_coroutine(sending: Awaitable[None]) -> None:
    await sending


async def _refuse_body(send: Send) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "headers": headers})
    await send({"type": "http.response.body", "body": b"The request is too large.\n"})


class _Answer:
    """One run of the application, from beginning to end in one thread (database connections belong to threads)."""

    def __init__(
        self, application: WSGIApplication, environ: dict[str, Any], pass_on: Callable[[Message], None]
    ) -> None:
        self._application = application
        self._environ = environ
        self._pass_on = pass_on
        self._start: Message = {}

    def make(self) -> list[Message]:
        """What is left to send when the thread is done: everything, unless it was long and had to be streamed."""
        parts = self._application(self._environ, self._note_start)
        try:
            return self._collect(iter(parts))
        finally:
            if close := getattr(parts, "close", None):
                close()

    def _collect(self, parts: Iterator[bytes]) -> list[Message]:
        collected = bytearray()
        streaming = False
        for part in parts:
            collected += part
            if len(collected) >= IN_ONE_STEP:
                if not streaming:
                    self._pass_on(self._start)
                    streaming = True
                self._pass_on({"type": "http.response.body", "body": bytes(collected), "more_body": True})
                collected.clear()
        last: Message = {"type": "http.response.body", "body": bytes(collected)}
        return [last] if streaming else [self._start, last]

    def _note_start(self, status: str, headers: list[tuple[str, str]], exc_info: object = None) -> Callable[..., None]:
        self._start = {
            "type": "http.response.start",
            "status": int(status[:3]),
            "headers": [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers],
        }
        return _write_is_obsolete


def _write_is_obsolete(part: bytes) -> None:
    raise NotImplementedError("the write callable of WSGI")


def environ_of(scope: Message, body: IO[bytes]) -> dict[str, Any]:
    host, port = scope.get("server") or ("localhost", 80)
    environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode("utf-8", "replace").decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": host,
        "SERVER_PORT": str(port or 0),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": scope["client"][0] if scope.get("client") else "",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for raw_name, raw_value in scope["headers"]:
        if b"_" in raw_name:  # would pose as the header spelled with hyphens (CVE-2026-3902)
            continue
        name = raw_name.decode("latin-1").upper().replace("-", "_")
        key = name if name in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{name}"
        value = raw_value.decode("latin-1")
        separator = "; " if key == "HTTP_COOKIE" else ","
        environ[key] = f"{environ[key]}{separator}{value}" if key in environ else value
    if "CONTENT_LENGTH" not in environ and "HTTP_TRANSFER_ENCODING" in environ:
        environ["CONTENT_LENGTH"] = str(_length_of(body))
    return environ


def _length_of(body: IO[bytes]) -> int:
    length = body.seek(0, io.SEEK_END)
    body.seek(0)
    return length
