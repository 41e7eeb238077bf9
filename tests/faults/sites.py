"""What is put under load: the one process of `make run`, or two web nodes with PostgreSQL, Redis and Celery."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest
import redis

from tests.running import ROOT, Running, Site, environment, free_port

from .clients import Node
from .proxy import FaultProxy

embedded_profile = pytest.mark.skipif(bool(os.environ.get("DATABASE_URL")), reason="for the embedded profile")
HEARTBEAT = 2  # seconds; 25 outside of tests
DUE_NOW = "UPDATE kernel_outboxrow SET due_at = created_at"


class Hooked(Site):
    """`manage.py serve` with a hook from `tests.faults.hooks` in its process."""

    def __init__(self, folder: Path, port: int, hook: str, **changes: Any) -> None:
        self.port, self.url = port, f"http://127.0.0.1:{port}"
        env = environment(DATA_DIR=folder, PORT=port, MODE="development", FAULT_HOOK=hook, **changes)
        Running.__init__(self, [sys.executable, "-m", "tests.faults.hooks", "serve", "--empty"], env)


class Embedded:
    """One process, SQLite."""

    def __init__(self, folder: Path, hook: str = "") -> None:
        self.folder, self.hook, self.port = folder, hook, free_port()
        self.front = FaultProxy(self.port)
        self.nodes = [Node(self.front.port, self.front.port)]
        self.starts = 0
        self.site = self.start()

    def start(self) -> Site:
        self.starts += 1
        changes = {"RATE_LIMITS_ENABLED": "0", "LIVE_HEARTBEAT": HEARTBEAT, "OUTBOX_SWEEP_SECONDS": 2}
        if self.hook:
            return Hooked(self.folder, self.port, self.hook, **changes).ready()
        return Site(self.folder, self.port, "--empty", **changes).ready()

    def kill(self) -> None:
        self.site.process.kill()
        self.site.process.wait()
        self.site.end()

    def restart(self) -> None:
        self.site = self.start()

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with sqlite3.connect(self.folder / "superapp.sqlite3", timeout=30) as database:
            return database.execute(query).fetchall()

    def let_time_pass(self) -> None:
        with sqlite3.connect(self.folder / "superapp.sqlite3", timeout=30) as database:
            database.execute(f"{DUE_NOW} WHERE due_at < datetime('now', '+1 hour')")

    def manage(self, *command: str) -> str:
        return _manage(environment(DATA_DIR=self.folder), *command)

    @property
    def output(self) -> str:
        return self.site.output

    def heal(self) -> None:
        self.front.heal()

    def end(self) -> None:
        self.site.end()
        self.front.end()


class Redis(Running):
    def __init__(self, folder: Path, port: int) -> None:
        self.port = port
        command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
        super().__init__(command, environment())
        self.wait_for_line("Ready to accept connections")

    @staticmethod
    def is_installed() -> bool:
        return shutil.which("redis-server") is not None


class WebNode:
    """granian and uvicorn as in deploy/Procfile, with proxies between them and their stores."""

    def __init__(self, database: str, redis_port: int, env: dict[str, str]) -> None:
        server, _, name = database.rpartition("/")
        address, _, port = server.rpartition(":")
        self.database, self.redis = FaultProxy(int(port)), FaultProxy(redis_port)
        self.rest, self.live = free_port(), free_port()
        self.front, self.door = FaultProxy(self.live), FaultProxy(self.rest)
        self.env = env | {
            "DATABASE_URL": f"{address}:{self.database.port}/{name}",
            "REDIS_URL": f"redis://127.0.0.1:{self.redis.port}/0",
            "PORT": str(self.rest),
            "LIVE_PORT": str(self.live),
        }
        self.running: list[Running] = []
        self.start()

    def start(self) -> None:
        self.running = [Running(["sh", "deploy/start", name], self.env) for name in ("web", "live")]

    def ready(self) -> None:
        for process, port in zip(self.running, (self.rest, self.live), strict=True):
            process.wait_for_answer(f"http://127.0.0.1:{port}/readyz", 90)

    def kill(self) -> None:
        for process in self.running:
            process.end()

    def stop(self) -> None:
        """As a deployment does: SIGTERM, and wait."""
        for process in self.running:
            process.process.send_signal(signal.SIGTERM)
        for process in self.running:
            process.process.wait(30)
            process.end()

    def heal(self) -> None:
        for proxy in (self.database, self.redis, self.front, self.door):
            proxy.heal()

    def end(self) -> None:
        self.kill()
        for proxy in (self.database, self.redis, self.front, self.door):
            proxy.end()


class TwoNodes:
    """Two web nodes, a worker and a beat, on a database and a Redis of their own."""

    def __init__(self, folder: Path, database_url: str) -> None:
        self.folder = folder
        self.server, self.name = database_url.rpartition("/")[0], f"superapp_faults_{os.getpid()}"
        self.database_url = f"{self.server}/{self.name}"
        self._ends: list[Callable[[], None]] = []
        try:
            self._set_up()
        except BaseException:
            self.end()
            raise

    def _set_up(self) -> None:
        self.administer(f'CREATE DATABASE "{self.name}"')
        self._ends.append(lambda: self.administer(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)'))
        self.redis = Redis(self.folder, free_port())
        self._ends.append(lambda: self.redis.end())  # noqa: PLW0108 (the one there is then)
        self.env = environment(
            MODE="development",
            DATA_DIR=self.folder,
            DATABASE_URL=self.database_url,
            REDIS_URL=f"redis://127.0.0.1:{self.redis.port}/0",
            DATABASE_POOL_SIZE=6,
            SECRET_KEY="x7Kq-3vT_9mZpLr5WnB2cYdHfJgS8eUoAi6QtXyV1sNkRzEwCbMhPuDa",
            RATE_LIMITS_ENABLED=0,
            LIVE_HEARTBEAT=HEARTBEAT,
            OUTBOX_SWEEP_SECONDS=2,
            HOST="127.0.0.1",
            SITE_URL="http://127.0.0.1:1",
        )
        _manage(self.env, "migrate", "--noinput", "--verbosity", "0")
        self.web: list[WebNode] = []
        for _ in range(2):
            self.web.append(WebNode(self.database_url, self.redis.port, self.env))
            self._ends.append(self.web[-1].end)
        self.worker = Running(["sh", "deploy/start", "worker"], self.env)
        self._ends.append(lambda: self.worker.end())  # noqa: PLW0108 (the one there is then)
        self.beat = Running(["sh", "deploy/start", "beat"], self.env)
        self._ends.append(lambda: self.beat.end())  # noqa: PLW0108 (the one there is then)
        for node in self.web:
            node.ready()
        self.nodes = [Node(node.door.port, node.front.port) for node in self.web]

    def administer(self, statement: str) -> None:
        with psycopg.connect(f"{self.server}/postgres", autocommit=True) as admin:
            admin.execute(statement)  # type: ignore[arg-type]

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.database_url) as database:
            return database.execute(query).fetchall()  # type: ignore[arg-type]

    def let_time_pass(self) -> None:
        with psycopg.connect(self.database_url) as database:
            database.execute(f"{DUE_NOW} WHERE due_at < now() + interval '1 hour'")

    def manage(self, *command: str) -> str:
        return _manage(self.env, *command)

    def restart_worker(self) -> None:
        self.worker.end()
        self.worker = Running(["sh", "deploy/start", "worker"], self.env)

    def redis_client(self) -> redis.Redis:
        return redis.Redis(port=self.redis.port)

    @property
    def output(self) -> str:
        running = [process for node in self.web for process in node.running] + [self.worker, self.beat]
        return "\n".join(process.output[-3000:] for process in running)

    def heal(self) -> None:
        self.redis.process.send_signal(signal.SIGCONT)
        for node in self.web:
            node.heal()

    def end(self) -> None:
        while self._ends:
            self._ends.pop()()


AnySite = Embedded | TwoNodes


def _manage(env: dict[str, str], *command: str) -> str:
    done = subprocess.run(
        [sys.executable, "manage.py", *command], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def within(seconds: float, question: Callable[[], Any]) -> Any:
    """The first answer that is not empty; asked for so long."""
    until = time.monotonic() + seconds
    while not (answer := question()) and time.monotonic() < until:
        time.sleep(0.1)
    return answer


def in_parallel(*acts: Callable[[], None]) -> None:
    threads = [threading.Thread(target=act) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
