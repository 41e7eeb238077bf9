"""Real Chromium against the whole product in one process (`manage.py serve`), each on data of its own."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = next(filter(None, map(shutil.which, ["chromium", "chromium-browser", "google-chrome"])), None)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-device-for-media-stream",  # a microphone that beeps
    "--use-fake-ui-for-media-stream",
]
SUITE_ONLY = ("TESTING", "DATABASE_URL", "REDIS_URL", "SQLITE_SYNCHRONOUS", "SECRET_KEY")
FAILED = pytest.StashKey[bool]()
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 800}


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running, empty product."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    data = tmp_path_factory.mktemp("site")
    environment = {name: value for name, value in os.environ.items() if name not in SUITE_ONLY}
    environment |= {"DATA_DIR": str(data), "PORT": str(port), "MODE": "development", "RATE_LIMITS_ENABLED": "0"}
    with (data / "log").open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, "manage.py", "serve", "--empty"], cwd=ROOT, env=environment, stdout=log, stderr=log
        )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_until_it_answers(address, server, data / "log")
        yield address
    finally:
        server.terminate()
        server.wait(15)


def _wait_until_it_answers(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + 90
    while time.monotonic() < until:
        assert server.poll() is None, log.read_text()
        try:
            httpx.get(f"{address}/account/login/", timeout=5).raise_for_status()
            return
        except httpx.HTTPError:
            time.sleep(0.2)
    raise AssertionError(log.read_text())


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    assert CHROMIUM, "Chromium is needed: apt-get install chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


class Complaints(list[str]):
    """What the browsers of a test complained about: script errors, refused resources, broken rules of the CSP."""

    def listen_to(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.append(f"{page.url}: {error}"))
        page.on("console", lambda message: message.type == "error" and self.append(f"{page.url}: {message.text}"))


@pytest.fixture
def complaints() -> Complaints:
    return Complaints()


@pytest.fixture
def open_browser(
    request: pytest.FixtureRequest, chromium: Browser, site: str, complaints: Complaints, tmp_path: Path
) -> Iterator[Callable[..., Page]]:
    """`open_browser(DESK)`: a new person's browser, with cookies of its own, on an empty page."""
    contexts: list[BrowserContext] = []

    def open_one(viewport: dict[str, int], **options: object) -> Page:
        context = chromium.new_context(viewport=viewport, base_url=site, **options)  # type: ignore[arg-type]
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        complaints.listen_to(page)
        return page

    yield open_one
    if request.node.stash.get(FAILED, False):
        for number, context in enumerate(contexts):
            context.pages[0].screenshot(path=f"{tmp_path}/failed-{number}.png")
            print(f"failed at {context.pages[0].url}, picture: {tmp_path}/failed-{number}.png")
    for context in contexts:
        context.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    item.stash[FAILED] = item.stash.get(FAILED, False) or report.failed
    return report
