"""The application behind a real uvicorn, and devices that hold real sockets to it.

def test_something(transactional_db, live_app, device):
    phone = device(alice)
    phone.say(conversation, "Hello")
"""

from __future__ import annotations

import asyncio
import json
import threading
import time
from typing import Any
from uuid import uuid4

import uvicorn
from django.conf import settings
from django.test import Client
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from accounts.models import User


class LiveApp:
    """uvicorn in a thread, set up as in production, on a free port."""

    def __init__(self) -> None:
        from superapp.asgi import application

        config = uvicorn.Config(
            application,
            host="127.0.0.1",
            port=0,
            ws="websockets-sansio",
            ws_per_message_deflate=False,
            ws_max_size=settings.LIVE_MAX_FRAME,
            log_level="warning",
            lifespan="on",
            timeout_graceful_shutdown=3,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._run, name="live-app", daemon=True)
        self._thread.start()
        while not self._server.started:
            time.sleep(0.01)
            if not self._thread.is_alive():
                raise RuntimeError("the server did not start")
        self.port = self._server.servers[0].sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"

    def _run(self) -> None:
        asyncio.run(self._server.serve())

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(10)


def session_key_of(user: User) -> str:
    browser = Client()
    browser.force_login(user, backend="accounts.backends.PersonBackend")
    return browser.cookies[settings.SESSION_COOKIE_NAME].value


class Device:
    """One socket of one person: a browser's (cookie and origin), or an app's (token)."""

    def __init__(self, app: LiveApp, user: User | None = None, **options: Any) -> None:
        self.session_key = options.pop("session_key", None) or (session_key_of(user) if user else "")
        self.received: list[dict[str, Any]] = []
        self.socket: ClientConnection = open_socket(app, self.session_key, **options)
        self.hello = self.until("hello", seconds=10)

    def send(self, frame: dict[str, Any] | str | bytes) -> None:
        self.socket.send(json.dumps(frame) if isinstance(frame, dict) else frame)

    def ask(self, **frame: Any) -> dict[str, Any]:
        """Send a frame and wait for the answer that carries its ref."""
        ref = frame.setdefault("ref", uuid4().hex)
        self.send(frame)
        while True:
            answer = self.receive(10)
            if answer.get("ref") == ref:
                return answer

    def say(self, conversation: Any, text: str, client_id: str | None = None) -> dict[str, Any]:
        return self.ask(
            type="message.send", conversation=str(conversation.pk), client_id=client_id or str(uuid4()), text=text
        )

    def receive(self, seconds: float = 5) -> dict[str, Any]:
        frame: dict[str, Any] = json.loads(self.socket.recv(timeout=seconds))
        self.received.append(frame)
        return frame

    def until(self, kind: str, seconds: float = 5, **body: Any) -> dict[str, Any]:
        """The next frame of this type (and with these values); those before it stay in `received`."""
        deadline = time.monotonic() + seconds
        while True:
            frame = self.receive(max(0.01, deadline - time.monotonic()))
            if frame["type"] == kind and all(frame.get(name) == value for name, value in body.items()):
                return frame

    def texts(self, seconds: float = 0.5) -> list[str]:
        """The texts of all messages that have come, now that nothing has come for a while."""
        try:
            while True:
                self.receive(seconds)
        except (TimeoutError, ConnectionClosed):
            pass
        return [frame["message"]["text"] for frame in self.received if frame["type"] == "message.created"]

    def close_code(self, seconds: float = 5) -> int | None:
        """Read on until the server closes; with which code."""
        deadline = time.monotonic() + seconds
        try:
            while True:
                self.receive(max(0.01, deadline - time.monotonic()))
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else None

    def close(self) -> None:
        self.socket.close()


def open_socket(
    app: LiveApp,
    session_key: str,
    *,
    origin: str | None = "own",
    token: bool = False,
    path: str = "/ws/",
    **options: Any,
) -> ClientConnection:
    if token:
        options["subprotocols"] = ["superapp.v1", f"token.{session_key}"]
        origin = None
    elif session_key:
        options["additional_headers"] = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={session_key}"}
    options.setdefault("max_queue", None)  # one that is full holds up the answer to a close, for ten seconds
    return connect(
        f"ws://127.0.0.1:{app.port}{path}",
        origin=app.url if origin == "own" else origin,
        max_size=2**24,
        legacy=True,  # a connection that outlives this block
        **options,
    )
