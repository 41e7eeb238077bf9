"""What the servers can do when nothing stands on them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from superapp.bridge import Pages

HEADERS = [("Content-Type", "text/plain"), ("Content-Length", "5")]


def hello(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    start_response("200 OK", HEADERS)
    return [b"hello"]


hello_in_threads = Pages(hello, threads=8, max_body=1024)

_open: set[Callable[[Any], Any]] = set()


async def broadcast(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """What one socket says, every socket hears. Nothing is stored, nobody is asked who they are."""
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body"})
        return
    await receive()
    await send({"type": "websocket.accept"})
    _open.add(send)
    try:
        while (message := await receive())["type"] != "websocket.disconnect":
            for other in tuple(_open):
                await other({"type": "websocket.send", "text": message["text"]})
    finally:
        _open.discard(send)
