"""A store that is away for a moment is not a fault: programs and people are told to try again."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import redis
from django.db import IntegrityError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from superapp.error_pages import server_error

ERRORS: dict[str, type[Exception]] = {
    "database": OperationalError,
    "connection": InterfaceError,
    "redis": redis.TimeoutError,
    "fault": IntegrityError,
}


def fail(request: HttpRequest, what: str) -> HttpResponse:
    raise ERRORS[what]("away")


urlpatterns = [path("api/v1/<what>/", fail), path("<what>/", fail)]
handler500 = server_error
pytestmark = pytest.mark.urls(__name__)


@pytest.fixture
def ask() -> Callable[[str], HttpResponse]:
    return Client(raise_request_exception=False).get  # type: ignore[return-value]


@pytest.mark.covers("L2")
@pytest.mark.parametrize("what", ["database", "connection", "redis"])
def test_what_is_out_of_reach_is_503_with_a_time_to_try_again(ask: Callable[[str], HttpResponse], what: str) -> None:
    for address in (f"/api/v1/{what}/", f"/{what}/"):
        answer = ask(address)
        assert (answer.status_code, answer["Retry-After"]) == (503, "1")

    program = ask(f"/api/v1/{what}/").json()  # type: ignore[attr-defined]
    assert program["code"] == "unavailable"
    assert "away" not in str(program)


def test_what_is_broken_is_still_500(ask: Callable[[str], HttpResponse]) -> None:
    for address in ("/api/v1/fault/", "/fault/"):
        answer = ask(address)
        assert answer.status_code == 500
        assert "Retry-After" not in answer
