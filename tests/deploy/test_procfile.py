"""Each line of deploy/Procfile is really started, with the settings of production, and does its work."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Iterator

import httpx
import psycopg
import pytest
import redis
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from tests.running import ROOT, Running, environment, free_port

DATABASE_URL, REDIS_URL = os.environ.get("DATABASE_URL", ""), os.environ.get("REDIS_URL", "")
pytestmark = [
    pytest.mark.skipif(not (DATABASE_URL and REDIS_URL), reason="for the production profile"),
    pytest.mark.xdist_group("procfile"),
]

LINES = dict(line.split(": ", 1) for line in (ROOT / "deploy/Procfile").read_text().splitlines())
Start = Callable[[str], Running]


@pytest.fixture(scope="module")
def production(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The environment of production, with a database and a Redis number of its own."""
    server, name = DATABASE_URL.rpartition("/")[0], f"superapp_deploy_{os.getpid()}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}"')
    redis_url = f"{REDIS_URL.rpartition('/')[0]}/{(int(REDIS_URL.rpartition('/')[2]) + 3) % 16}"
    env = environment(
        MODE="production",
        DATA_DIR=tmp_path_factory.mktemp("production"),
        DATABASE_URL=f"{server}/{name}",
        REDIS_URL=redis_url,
        SECRET_KEY="x7Kq-3vT_9mZpLr5WnB2cYdHfJgS8eUoAi6QtXyV1sNkRzEwCbMhPuDa",
        SITE_URL="https://superapp.example.org",
        ALLOWED_HOSTS="superapp.example.org",
        EMAIL_URL="smtp://127.0.0.1:1",
        TRUSTED_PROXY_COUNT=1,
        WEB_PROCESSES=2,
        OUTBOX_SWEEP_SECONDS=2,
        HOST="127.0.0.1",
        PORT=free_port(),
        LIVE_PORT=free_port(),
    )
    # Collecting takes a minute of compressing; the parts of the release before it are run as they stand.
    steps = [step for step in LINES["release"].split(" && ") if "collectstatic" not in step]
    done = subprocess.run(
        " && ".join(steps), shell=True, cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    try:
        yield env
    finally:
        redis.Redis.from_url(redis_url).flushdb()
        with psycopg.connect(f"{server}/postgres", autocommit=True) as admin:
            admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def start(production: dict[str, str]) -> Iterator[Start]:
    started: list[Running] = []

    def run(name: str) -> Running:
        started.append(Running(["sh", "deploy/start", name], production))
        return started[-1]

    yield run
    for process in started:
        process.end()


def owed(production: dict[str, str]) -> int:
    with psycopg.connect(production["DATABASE_URL"]) as database:
        row = database.execute("SELECT count(*) FROM kernel_outboxrow").fetchone()
        assert row is not None
        return int(row[0])


def owe_a_refund(production: dict[str, str]) -> None:
    """A row that was due a while ago, which the broker has lost."""
    with psycopg.connect(production["DATABASE_URL"]) as database:
        database.execute(
            "INSERT INTO kernel_outboxrow (task, arguments, created_at, due_at, attempts, last_error) VALUES "
            "('wallet.tasks.refund_red_envelope', '{\"red_envelope_id\": 1}', now(), now() - interval '1 h', 0, '')"
        )


def test_the_lines_are_those_that_compose_starts() -> None:
    assert set(LINES) == {"release", "web", "live", "worker", "beat"}
    compose = (ROOT / "deploy/compose.yml").read_text()
    for name in LINES:
        assert f"deploy/start, {name}]" in compose


def test_a_release_collects_what_pages_need() -> None:
    assert "manage.py migrate" in LINES["release"]
    assert LINES["release"].endswith("manage.py collectstatic --noinput --verbosity 0")


@pytest.mark.covers("L2")
def test_web_answers_pages_rest_and_probes(start: Start, production: dict[str, str]) -> None:
    web = start("web")
    address = f"http://127.0.0.1:{production['PORT']}"

    ready = web.wait_for_answer(f"{address}/readyz")

    assert ready.json() == {"ready": True, "database": True, "redis": True}
    headers = {"Host": "superapp.example.org", "X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.1"}
    me = httpx.get(f"{address}/api/v1/me/", headers=headers)
    assert me.status_code == 401
    assert me.headers["strict-transport-security"].startswith("max-age=31536000")
    plain = httpx.get(f"{address}/api/v1/me/", headers=headers | {"X-Forwarded-Proto": "http"})
    assert plain.status_code == 301
    assert plain.headers["location"] == "https://superapp.example.org/api/v1/me/"
    assert httpx.get(f"{address}/api/v1/me/", headers=headers | {"Host": "evil.example"}).status_code == 400
    began = time.monotonic()
    assert web.stop() == 0
    assert time.monotonic() - began < 15


def _refusal(address: str, origin: str | None) -> int:
    """How a socket without a session ends: before the handshake (a status), or at once after it (a close code)."""
    host = {"Host": "superapp.example.org"}
    try:
        with connect(f"ws://{address}/ws/", origin=origin, additional_headers=host) as socket:  # type: ignore[arg-type]
            socket.recv(5)
    except InvalidStatus as error:
        return error.response.status_code
    except ConnectionClosed as error:
        return error.rcvd.code if error.rcvd else 0
    return 0


@pytest.mark.covers("C2")
def test_live_refuses_a_socket_of_nobody_and_of_another_site(start: Start, production: dict[str, str]) -> None:
    live = start("live")
    address = f"127.0.0.1:{production['LIVE_PORT']}"
    live.wait_for_answer(f"http://{address}/readyz")

    for origin in (None, "https://superapp.example.org", "https://evil.example", "http://superapp.example.org"):
        code = _refusal(address, origin)
        assert code in {400, 401, 403, 4401, 4403}, f"{origin}: {code}"
    assert live.stop() in {0, -15}


@pytest.mark.covers("K1")
def test_beat_and_worker_do_what_the_outbox_owes(start: Start, production: dict[str, str]) -> None:
    owe_a_refund(production)
    worker = start("worker")
    time.sleep(1)
    assert owed(production) == 1, "nobody has asked for it yet"

    beat = start("beat")
    until = time.monotonic() + 60
    while owed(production) and time.monotonic() < until:
        assert worker.process.poll() is None, worker.output
        assert beat.process.poll() is None, beat.output
        time.sleep(0.2)

    assert owed(production) == 0, worker.output + beat.output
    assert worker.stop() == 0
    assert beat.stop() == 0
