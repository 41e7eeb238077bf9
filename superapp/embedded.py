"""Everything in one process: pages, sockets, background work and its schedule (docs/architecture.md, section 6)."""

from __future__ import annotations

import errno
import fcntl
import signal
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import uvicorn
from celery import beat
from celery.worker import WorkController
from django.conf import settings
from django.db import connections

from superapp.celery import app as celery_app
from superapp.kernel import live, outbox

WORKER_THREADS = 2
GRACE = 5  # seconds for requests that are under way when the process is asked to stop


class CannotStart(Exception):
    """With a sentence for the person who tried."""


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Holds the data folder. The system lets go of it when the process ends, however it ends."""
    with (folder / "serve.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotStart(
                f"Superapp is already running on {folder}. Stop it first, or give this one another DATA_DIR."
            ) from None
        yield


def bind(host: str, port: int) -> socket.socket:
    """The port, taken before any long work begins, so that a clash is told at once."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host.strip("[]"), port))
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise CannotStart(
                f"Port {port} is in use by another program. Choose another one: make run PORT={port + 1}"
            ) from None
        raise CannotStart(f"Cannot listen on {host}:{port}: {error.strerror}.") from None
    return listener


class Background:
    """A Celery worker with threads, and the beat that feeds it, in threads of this process."""

    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._worker: WorkController | None = None
        self._threads = [
            threading.Thread(target=self._work, name="worker", daemon=True),
            threading.Thread(target=self._tick, name="beat", daemon=True),
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self, patience: float = 4) -> None:
        """Tasks that do not finish in time are done again after the next start: the outbox still owes them."""
        self._stopping.set()
        if self._worker is not None:
            self._worker.stop()
        for thread in self._threads:
            if thread.is_alive():
                thread.join(patience)

    def _work(self) -> None:
        if settings.CELERY_BROKER_URL.startswith("memory"):
            outbox.reclaim()
        self._worker = WorkController(
            app=celery_app,
            pool="threads",
            concurrency=WORKER_THREADS,
            without_heartbeat=True,
            without_gossip=True,
            without_mingle=True,
            send_events=False,
            ready_callback=lambda consumer: outbox.sweep(),
        )
        self._worker.start()

    def _tick(self) -> None:
        scheduler = beat.Service(celery_app, scheduler_cls=beat.Scheduler).scheduler
        while not self._stopping.is_set():
            self._stopping.wait(min(scheduler.tick() or 1, 5))
        connections.close_all()


class Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, ready: Sequence[Callable[[], None]]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        for act in self._ready:
            act()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        live.hub.close_all(live.RESTARTING)
        await super().shutdown(sockets)


def serve(listener: socket.socket, announce: Callable[[], None]) -> None:
    """Serve until SIGINT or SIGTERM, then finish what is under way. `announce` is called when pages can be had."""
    from superapp.asgi import application  # reads every model and URL, which the sentences before need not wait for

    config = uvicorn.Config(
        application,
        ws="websockets-sansio",
        ws_per_message_deflate=False,  # one event would be compressed once for each of its sockets
        ws_max_size=settings.LIVE_MAX_FRAME,
        ws_ping_interval=20,
        ws_ping_timeout=20,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=GRACE,
        timeout_keep_alive=30,
        lifespan="off",
    )
    background = Background()
    server = Server(config, ready=[announce, background.start])

    def already_stopped(number: int, frame: FrameType | None) -> None:
        """uvicorn raises the signal again when it has finished; this process has work left then."""

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, already_stopped)
    try:
        server.run(sockets=[listener])
    finally:
        background.stop()
        connections.close_all()
