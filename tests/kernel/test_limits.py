from __future__ import annotations

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
