"""Is this process alive, and can it do its work? For front servers and supervisors, which ask by address."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import redis
from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse

from superapp.kernel.stores import WAIT, redis_options

logger = logging.getLogger(__name__)


class HealthMiddleware:
    """`/livez` and `/readyz`, answered before the host name, HTTPS, sessions or anything else is looked at."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info == "/livez":
            return _plain(200, {"alive": True})
        if request.path_info == "/readyz":
            state = {"database": _answers(ask_database)}
            if settings.REDIS_URL:
                state["redis"] = _answers(ask_redis)
            return _plain(200 if all(state.values()) else 503, {"ready": all(state.values()), **state})
        return self.get_response(request)


def _plain(status: int, body: dict[str, Any]) -> HttpResponse:
    return JsonResponse(body, status=status, headers={"Cache-Control": "no-store"})


def _answers(ask: Callable[[], None]) -> bool:
    try:
        ask()
    except Exception:  # whatever a driver raises, the answer is no
        logger.warning("readyz: %s failed", ask.__name__, exc_info=True)
        return False
    return True


def ask_database() -> None:
    """PostgreSQL over a connection of its own: waiting for one of the pool could take longer than a probe has."""
    if connection.vendor == "postgresql":
        import psycopg

        parameters = connection.get_connection_params() | {  # type: ignore[attr-defined]
            "connect_timeout": WAIT,
            "options": f"-c statement_timeout={WAIT * 1000}",
        }
        with psycopg.connect(**parameters) as own:
            own.execute("SELECT 1")
    else:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")


def ask_redis() -> None:
    with redis.Redis.from_url(settings.REDIS_URL, **redis_options()) as client:
        client.ping()
