"""Sockets at /ws/, and everything else through Django's WSGI handler in a pool of threads.

Django's own ASGI handler serves a fraction of what its WSGI handler does (docs/adr/0002), so pages and REST take the
WSGI road on one port as well. Behind a front server only /ws/ need be sent here.
"""

import asyncio
import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "superapp.settings")
django.setup()

from typing import Any  # noqa: E402

from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from django.conf import settings  # noqa: E402
from django.urls import path, re_path  # noqa: E402

from chat.consumers import LiveConsumer  # noqa: E402
from superapp.bridge import Pages  # noqa: E402
from superapp.kernel import live, outbox  # noqa: E402
from superapp.wsgi import application as pages  # noqa: E402


async def no_such_socket(scope: dict[str, Any], receive: Any, send: Any) -> None:
    await receive()
    await send({"type": "websocket.close"})


async def lifespan(scope: dict[str, Any], receive: Any, send: Any) -> None:
    while True:
        message = await receive()
        if message["type"] == "lifespan.shutdown":
            live.hub.close_all(live.RESTARTING)
            await asyncio.to_thread(outbox.courier.finish)  # uvicorn ends by a signal, which no exit handler sees
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return


application = ProtocolTypeRouter(
    {
        "http": Pages(pages, threads=settings.WEB_THREADS, max_body=settings.MAX_REQUEST_BODY),
        "websocket": URLRouter([path("ws/", LiveConsumer.as_asgi()), re_path("", no_such_socket)]),  # type: ignore[arg-type]
        "lifespan": lifespan,
    }
)
