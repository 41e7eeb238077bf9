"""The one process that `make run` starts."""

from __future__ import annotations

import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from tests.running import Running, Site, free_port

Start = Callable[..., Site]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    started: list[Running] = []

    def run(*options: str, **changes: Any) -> Site:
        folder, port = changes.pop("folder", tmp_path), changes.pop("port", None)
        site = Site(folder, port, *options, **changes)
        started.append(site)
        return site

    yield run
    for site in started:
        site.end()


def sign_up(site: Site, handle: str) -> str:
    """The session token of a new person."""
    response = httpx.post(
        f"{site.url}/_allauth/app/v1/auth/signup",
        json={
            "username": handle,
            "email": f"{handle}@example.org",
            "password": "correct horse battery",
            "display_name": handle.capitalize(),
        },
        timeout=20,
    )
    assert response.status_code == 200, response.text
    return str(response.json()["meta"]["session_token"])


def test_it_starts_empty_says_what_to_do_next_and_answers(start: Start) -> None:
    site = start("--empty").ready()

    assert f"Superapp is ready: {site.url}/" in site.output
    assert "make admin" in site.output
    assert httpx.get(f"{site.url}/readyz").json() == {"ready": True, "database": True}
    page = httpx.get(f"{site.url}/", follow_redirects=True)
    assert page.status_code == 200
    assert "text/html" in page.headers["content-type"]


def test_static_files_come_with_their_type_and_stay_out_of_django(start: Start) -> None:
    site = start("--empty").ready()

    script = httpx.get(f"{site.url}/static/js/app.js")

    assert script.status_code == 200
    assert "javascript" in script.headers["content-type"]
    assert script.headers["x-content-type-options"] == "nosniff"
    assert httpx.get(f"{site.url}/static/../superapp/settings.py").status_code == 404
    assert httpx.get(f"{site.url}/static/%2e%2e/%2e%2e/manage.py").status_code == 404


@pytest.mark.covers("L7")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_within_ten_seconds_and_tells_open_sockets_to_come_back(start: Start, number: int) -> None:
    site = start("--empty").ready()
    token = sign_up(site, "alice")
    protocols: Any = ["superapp.v1", f"token.{token}"]
    socket = connect(f"ws://127.0.0.1:{site.port}/ws/", subprotocols=protocols, legacy=True)
    socket.recv(10)

    began = time.monotonic()
    site.process.send_signal(number)
    with pytest.raises(ConnectionClosed) as closed:
        while True:
            socket.recv(10)
    code = site.process.wait(15)

    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1012
    assert time.monotonic() - began < 10
    assert code == 0, site.output
    assert "Traceback" not in site.output
    assert site.lines[-1] == "Stopped."


def test_a_taken_port_is_said_in_a_sentence(start: Start, tmp_path: Path) -> None:
    first = start("--empty").ready()

    second = start("--empty", folder=tmp_path / "other", port=first.port)

    assert second.process.wait(60) == 1
    assert f"Port {first.port} is in use by another program. Choose another one: make run PORT=" in second.output
    assert "Traceback" not in second.output


def test_two_processes_never_share_a_data_folder(start: Start) -> None:
    start("--empty").ready()

    second = start("--empty", port=free_port())

    assert second.process.wait(60) == 1
    assert "Superapp is already running on" in second.output


def test_after_a_kill_it_starts_again_with_what_was_there(start: Start) -> None:
    site = start("--empty").ready()
    token = sign_up(site, "alice")
    site.process.kill()
    site.process.wait()

    again = start("--empty", port=site.port).ready()

    me = httpx.get(f"{again.url}/api/v1/me/", headers={"X-Session-Token": token}, timeout=20)
    assert me.status_code == 200, me.text
    assert me.json()["handle"] == "alice"


def test_background_work_runs_in_the_same_process(start: Start, tmp_path: Path) -> None:
    """A friend request owes a notice, which the outbox hands to the worker."""
    site = start("--empty").ready()
    alice, _ = sign_up(site, "alice"), sign_up(site, "bob")

    asked = httpx.post(
        f"{site.url}/api/v1/friend-requests/", json={"to": "bob"}, headers={"X-Session-Token": alice}, timeout=20
    )
    assert asked.status_code == 201, asked.text

    with sqlite3.connect(tmp_path / "superapp.sqlite3") as database:
        until = time.monotonic() + 20
        while time.monotonic() < until:
            owed = database.execute("SELECT count(*) FROM kernel_outboxrow").fetchone()[0]
            delivered = database.execute(
                "SELECT count(*) FROM notifications_notification WHERE delivered_at IS NOT NULL"
            ).fetchone()[0]
            if owed == 0 and delivered:
                break
            time.sleep(0.1)
    assert owed == 0
    assert delivered == 1


@pytest.mark.covers("C13", "C15")
def test_broken_requests_are_the_callers_affair(start: Start) -> None:
    site = start("--empty").ready()

    for path in ("/%ff%fe", "/people/%00/", "/?q=%ff", "/account/login/?next=//evil.example", "/" + "a" * 4000):
        assert httpx.get(f"{site.url}{path}").status_code < 500, path
    assert httpx.get(f"{site.url}/", headers={"Host": "evil.example"}).status_code == 400
    assert httpx.post(f"{site.url}/api/v1/me/", content=b"x" * 100, headers={"Content-Type": "a/b"}).status_code == 401
    assert "Traceback" not in site.output


@pytest.mark.covers("L1")
def test_it_refuses_unsafe_settings_in_sentences(start: Start) -> None:
    site = start(SQLITE_SYNCHRONOUS="OFF")

    assert site.process.wait(60) == 78
    assert "Refusing to start (superapp.E015)" in site.output


def test_an_interrupted_demo_town_is_built_anew(start: Start, tmp_path: Path) -> None:
    site = start()
    site.wait_for_line("pictures drawn", 200)
    site.process.kill()
    site.process.wait()

    again = start(port=site.port).ready(300)

    with sqlite3.connect(tmp_path / "superapp.sqlite3") as database:
        count = lambda table: database.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: E731
        assert count("accounts_user WHERE NOT is_bot") == 20
        assert count("chat_message") > 200
        assert count("moments_moment") > 20
        assert count("publicaccounts_article") == 6
        assert database.execute("SELECT sum(amount) FROM wallet_entry").fetchone()[0] == 0
        known = {UUID(key).hex for (key,) in database.execute("SELECT id FROM uploads_upload")}
        assert database.execute("SELECT count(*) FROM uploads_upload WHERE attached_at IS NULL").fetchone()[0] == 0
    kept = {path.parent.name for path in (tmp_path / "files" / "uploads").rglob("*.*") if path.is_file()}
    assert kept == known, "the first attempt left no file behind"
    assert "Sign in with one click" in again.output
    with httpx.Client(base_url=again.url, follow_redirects=True, timeout=30) as browser:
        browser.get("/account/login/")
        token = browser.cookies["csrf"]
        page = browser.post("/demo/tom/sign-in/", data={"csrfmiddlewaretoken": token}, headers={"Origin": again.url})
        assert page.status_code == 200
        assert "Slow readers" in page.text
