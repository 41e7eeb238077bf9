"""Pages under the event loop: what WSGI hears of a request, and what the reader gets back."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from superapp.bridge import IN_MEMORY, IN_ONE_STEP, Pages

Start = Callable[..., Any]


def scope(
    path: str = "/", method: str = "GET", headers: list[tuple[bytes, bytes]] | None = None, query: bytes = b""
) -> dict[str, Any]:
    return {
        "type": "http",
        "method": method,
        "path": path,
        "query_string": query,
        "http_version": "1.1",
        "scheme": "http",
        "server": ("127.0.0.1", 8000),
        "client": ("192.0.2.7", 4321),
        "headers": headers or [],
    }


async def ask(
    application: Any,
    what: dict[str, Any],
    parts: Iterable[dict[str, Any]] = ({"type": "http.request", "body": b""},),
    **options: Any,
) -> list[dict[str, Any]]:
    pages = Pages(application, threads=2, max_body=options.pop("max_body", 10 * IN_MEMORY))
    coming, sent = list(parts), []

    async def receive() -> dict[str, Any]:
        return coming.pop(0)

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    await pages(what, receive, send)
    return sent


def echo(environ: dict[str, Any], start: Start) -> list[bytes]:
    start("200 OK", [("Content-Type", "text/plain")])
    return [environ["wsgi.input"].read()]


async def test_an_answer_comes_back_whole() -> None:
    sent = await ask(echo, scope(method="POST"), [{"type": "http.request", "body": b"hello"}])

    assert sent[0]["status"] == 200
    assert sent[0]["headers"] == [(b"content-type", b"text/plain")]
    assert b"".join(message["body"] for message in sent[1:]) == b"hello"
    assert not sent[-1].get("more_body")


async def test_a_body_in_parts_is_put_together_on_disk_when_it_is_large() -> None:
    part = b"x" * (IN_MEMORY // 2 + 1)
    parts = [{"type": "http.request", "body": part, "more_body": more} for more in (True, True, False)]

    sent = await ask(echo, scope(method="POST"), parts)

    assert len(sent[1]["body"]) == 3 * len(part)


@pytest.mark.covers("C13")
@pytest.mark.parametrize("told", [True, False])
async def test_a_body_over_the_limit_is_refused_and_never_reaches_the_application(told: bool) -> None:
    headers = [(b"content-length", b"2000")] if told else []
    parts = [{"type": "http.request", "body": b"x" * 1000, "more_body": more} for more in (True, False)]

    def never(environ: dict[str, Any], start: Start) -> list[bytes]:
        raise AssertionError

    sent = await ask(never, scope(method="POST", headers=headers), parts, max_body=1500)

    assert sent[0]["status"] == 413


async def test_one_who_leaves_before_the_body_is_complete_costs_nothing() -> None:
    parts = [{"type": "http.request", "body": b"x", "more_body": True}, {"type": "http.disconnect"}]

    assert await ask(echo, scope(method="POST"), parts) == []


async def test_a_slow_upload_holds_no_thread() -> None:
    pages = Pages(echo, threads=1, max_body=100)
    finish, sent = asyncio.Event(), []

    async def slowly() -> dict[str, Any]:
        await finish.wait()
        return {"type": "http.request", "body": b"late"}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    async def at_once() -> dict[str, Any]:
        return {"type": "http.request", "body": b"quick"}

    slow = asyncio.create_task(pages(scope(method="POST"), slowly, send))
    await asyncio.sleep(0.01)
    await asyncio.wait_for(pages(scope(method="POST"), at_once, send), 2)
    finish.set()
    await slow

    assert [message["body"] for message in sent if "body" in message] == [b"quick", b"late"]


async def test_a_long_answer_is_streamed_and_closed_in_the_thread_that_made_it() -> None:
    threads: set[int] = set()

    class Parts:
        def __iter__(self) -> Any:
            for _ in range(5):
                threads.add(threading.get_ident())
                yield b"x" * (IN_ONE_STEP // 2)

        def close(self) -> None:
            threads.add(threading.get_ident())

    def long(environ: dict[str, Any], start: Start) -> Parts:
        start("200 OK", [])
        return Parts()

    sent = await ask(long, scope())

    assert sum(len(message.get("body", b"")) for message in sent) == 5 * (IN_ONE_STEP // 2)
    assert len(sent) > 2
    assert len(threads) == 1


async def environ_for(**request: Any) -> dict[str, Any]:
    heard: dict[str, Any] = {}

    def listen(environ: dict[str, Any], start: Start) -> list[bytes]:
        heard.update(environ)
        start("204 No Content", [])
        return []

    await ask(listen, scope(**request))
    return heard


async def test_names_and_queries_outside_ascii_arrive_as_wsgi_wants_them() -> None:
    heard = await environ_for(path="/people/小明/", query=b"q=\xe5\xb0\x8f&bad=\xff")

    assert heard["PATH_INFO"].encode("latin-1").decode() == "/people/小明/"
    assert heard["QUERY_STRING"].encode("latin-1") == b"q=\xe5\xb0\x8f&bad=\xff"
    assert heard["REMOTE_ADDR"] == "192.0.2.7"


@pytest.mark.covers("B11")
async def test_a_header_with_an_underscore_cannot_pose_as_another() -> None:
    heard = await environ_for(
        headers=[(b"x_forwarded_for", b"6.6.6.6"), (b"x-forwarded-proto", b"https"), (b"content_length", b"9")]
    )

    assert "HTTP_X_FORWARDED_FOR" not in heard
    assert "CONTENT_LENGTH" not in heard
    assert heard["HTTP_X_FORWARDED_PROTO"] == "https"


async def test_repeated_headers_are_joined() -> None:
    heard = await environ_for(headers=[(b"cookie", b"a=1"), (b"cookie", b"b=2"), (b"accept", b"x"), (b"accept", b"y")])

    assert heard["HTTP_COOKIE"] == "a=1; b=2"
    assert heard["HTTP_ACCEPT"] == "x,y"
