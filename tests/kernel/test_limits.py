from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from django.test import override_settings

from superapp.kernel import limits
from superapp.kernel.errors import RateLimited


@pytest.fixture(autouse=True)
def limits_on() -> Iterator[None]:
    with override_settings(RATE_LIMITS_ENABLED=True):
        yield


@pytest.mark.covers("F1")
def test_of_two_hundred_at_once_exactly_the_limit_pass() -> None:
    who = uuid4()  # a rate of 20 a day

    def attempt(_: int) -> bool:
        try:
            limits.count("friend-request", who)
        except RateLimited:
            return False
        return True

    with ThreadPoolExecutor(50) as pool:
        passed = sum(pool.map(attempt, range(200)))

    assert passed == 20


def test_the_refusal_says_when_to_come_back() -> None:
    who = uuid4()  # a rate of 60 a minute
    for _ in range(60):
        limits.count("search", who)

    with pytest.raises(RateLimited) as refused:
        limits.count("search", who)

    assert 0 < refused.value.retry_after <= 61


def test_each_person_and_each_rule_is_counted_alone() -> None:
    who = uuid4()
    for _ in range(20):
        limits.count("friend-request", who)
    with pytest.raises(RateLimited):
        limits.count("friend-request", who)

    limits.count("friend-request", uuid4())
    limits.count("search", who)


class FrozenRedis(socketserver.ThreadingTCPServer):
    """Takes every connection and answers nothing."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Speechless)
        self.over = threading.Event()
        self.asked = 0
        threading.Thread(target=self.serve_forever, args=[0.01], daemon=True).start()


class _Speechless(socketserver.BaseRequestHandler):
    server: FrozenRedis

    def handle(self) -> None:
        self.server.asked += 1
        self.server.over.wait()


@pytest.fixture
def frozen_redis(monkeypatch: pytest.MonkeyPatch) -> Iterator[FrozenRedis]:
    server = FrozenRedis()
    monkeypatch.setattr(limits, "_silent_until", 0.0)
    monkeypatch.setattr(limits, "ASK_AGAIN_AFTER", 3600)
    limits._limiter.cache_clear()
    with override_settings(REDIS_URL=f"redis://127.0.0.1:{server.server_address[1]}/0"):
        yield server
    limits._limiter.cache_clear()
    server.over.set()
    server.shutdown()
    server.server_close()


@pytest.mark.covers("F4", "F8", "K4")
def test_a_store_that_keeps_silent_is_asked_once_and_each_rule_does_what_it_says(frozen_redis: FrozenRedis) -> None:
    who = uuid4()
    for _ in range(3):
        limits.count("message", who)  # people go on talking
    asked = frozen_redis.asked

    for _ in range(20):
        limits.count("message", who)
        with pytest.raises(RateLimited):
            limits.count("money", who)

    assert frozen_redis.asked == asked, "nobody waits for it again and again"
