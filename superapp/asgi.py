"""Sockets at /ws/, and everything else through Django's WSGI handler in a pool of threads.

Django's own ASGI handler serves a fraction of what its WSGI handler does (docs/adr/0002), so pages and REST take the
WSGI road on one port as well. Behind a front server only /ws/ need be sent here.
"""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "superapp.settings")
django.setup()

from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from django.conf import settings  # noqa: E402
from django.urls import path  # noqa: E402

from chat.consumers import LiveConsumer  # noqa: E402
from superapp.bridge import Pages  # noqa: E402
from superapp.wsgi import application as pages  # noqa: E402

application = ProtocolTypeRouter(
    {
        "http": Pages(pages, threads=settings.WEB_THREADS, max_body=settings.MAX_REQUEST_BODY),
        "websocket": URLRouter([path("ws/", LiveConsumer.as_asgi())]),
    }
)
