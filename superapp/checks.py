"""Combinations of settings that are not safe to serve with. Each is an error with a sentence that says what to set.

`manage.py check` shows them; `serve`, wsgi.py and asgi.py refuse to start while there is one.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register, run_checks
from django.db import DatabaseError, OperationalError, connection

SAFETY = "safety"


def refuse_if_unsafe() -> None:
    """End the process with the sentences, if there are any. Silenced checks stay silent."""
    with ThreadPoolExecutor(1) as aside:  # a server may import wsgi.py and asgi.py on its event loop
        errors = aside.submit(_serious_errors).result()
    if errors:
        for error in sorted(errors, key=lambda error: str(error.id)):
            sys.stderr.write(f"Refusing to start ({error.id}): {error.msg}\n    {error.hint}\n")
        raise SystemExit(78)  # EX_CONFIG: a supervisor that starts again at once changes nothing


def _serious_errors() -> list[CheckMessage]:
    try:
        found = run_checks(tags=[SAFETY], databases=["default"])
    finally:
        connection.close()
    return [error for error in found if error.is_serious() and not error.is_silenced()]


def _error(number: int, sentence: str, hint: str) -> list[CheckMessage]:
    return [Error(sentence, hint=hint, id=f"superapp.E{number:03}")]


@register(SAFETY)
def mode_is_known(app_configs: Sequence[AppConfig] | None = None, **kwargs: Any) -> list[CheckMessage]:
    if settings.MODE in ("development", "production"):
        return []
    return _error(1, f"MODE is {settings.MODE!r}.", "Set MODE to development or production.")


@register(SAFETY)
def production_shows_no_debug_pages(
    app_configs: Sequence[AppConfig] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    if settings.DEVELOPMENT or not settings.DEBUG:
        return []
    return _error(2, "DEBUG is on in production: error pages would show code and secrets.", "Unset DEBUG.")


@register(SAFETY)
def production_has_a_strong_key(app_configs: Sequence[AppConfig] | None = None, **kwargs: Any) -> list[CheckMessage]:
    if settings.DEVELOPMENT:
        return []
    if not settings.SECRET_KEY_GIVEN and not settings.EMBEDDED:
        return _error(
            3,
            "SECRET_KEY is not set: each machine would make its own, and sign people out of the others.",
            "Set SECRET_KEY to the same long random text for every process.",
        )
    if len(settings.SECRET_KEY) < 50 or len(set(settings.SECRET_KEY)) < 10 or "insecure" in settings.SECRET_KEY:
        return _error(3, "SECRET_KEY can be guessed.", "Set SECRET_KEY to at least 50 random characters.")
    return []


@register(SAFETY)
def production_names_its_hosts(app_configs: Sequence[AppConfig] | None = None, **kwargs: Any) -> list[CheckMessage]:
    if settings.DEVELOPMENT or (settings.ALLOWED_HOSTS and "*" not in settings.ALLOWED_HOSTS):
        return []
    return _error(
        4,
        "ALLOWED_HOSTS is empty or lets every host name in: links in mail could be made to lead elsewhere.",
        "Set ALLOWED_HOSTS to the host names people use, separated by commas.",
    )


@register(SAFETY)
def production_speaks_https(app_configs: Sequence[AppConfig] | None = None, **kwargs: Any) -> list[CheckMessage]:
    if settings.DEVELOPMENT or settings.SECURE_SITE or settings.ALLOW_HTTP:
        return []
    return _error(
        5,
        f"SITE_URL is {settings.SITE_URL}, without TLS: passwords and messages would travel in the clear.",
        "Set SITE_URL to the https:// address people use; in a closed test network set ALLOW_HTTP=1.",
    )


@register(SAFETY)
def production_on_sqlite_is_meant(app_configs: Sequence[AppConfig] | None = None, **kwargs: Any) -> list[CheckMessage]:
    if settings.DEVELOPMENT or not settings.EMBEDDED or settings.EMBEDDED_PRODUCTION:
        return []
    return _error(
        6,
        "MODE=production without DATABASE_URL would run on SQLite in one process.",
        "Set DATABASE_URL and REDIS_URL; for a small site that means it, set EMBEDDED_PRODUCTION=1.",
    )


@register(SAFETY)
def sqlite_has_one_process(app_configs: Sequence[AppConfig] | None = None, **kwargs: Any) -> list[CheckMessage]:
    if not settings.EMBEDDED or settings.WEB_PROCESSES == 1:
        return []
    return _error(
        7,
        f"WEB_PROCESSES is {settings.WEB_PROCESSES} on SQLite, which has one writer and whose queue is in one process.",
        "Set DATABASE_URL to a PostgreSQL database, or WEB_PROCESSES=1.",
    )


@register(SAFETY)
def many_processes_share_their_stores(
    app_configs: Sequence[AppConfig] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    many = settings.WEB_PROCESSES > 1 or not (settings.DEVELOPMENT or settings.EMBEDDED)
    if not many or settings.REDIS_URL:
        return []
    return _error(
        8,
        "More than one process would run without Redis: live events, the cache and rate limits would stay in the "
        "process that made them.",
        "Set REDIS_URL.",
    )


@register(SAFETY)
def many_processes_share_their_broker(
    app_configs: Sequence[AppConfig] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    many = settings.WEB_PROCESSES > 1 or not (settings.DEVELOPMENT or settings.EMBEDDED)
    if not many or not settings.CELERY_BROKER_URL.startswith("memory"):
        return []
    return _error(
        9,
        "The Celery broker is in the memory of one process, and the worker is another.",
        "Set CELERY_BROKER_URL, or REDIS_URL, which is used for it.",
    )


@register(SAFETY)
def production_counts_its_proxies(app_configs: Sequence[AppConfig] | None = None, **kwargs: Any) -> list[CheckMessage]:
    if settings.DEVELOPMENT or settings.TRUSTED_PROXY_COUNT_GIVEN:
        return []
    return _error(
        10,
        "TRUSTED_PROXY_COUNT is not set: limits by address would count the proxy, or believe a forged header.",
        "Set TRUSTED_PROXY_COUNT to the number of front servers that add X-Forwarded-For (0 when there is none).",
    )


@register(SAFETY)
def data_folder_can_be_written(app_configs: Sequence[AppConfig] | None = None, **kwargs: Any) -> list[CheckMessage]:
    try:
        with tempfile.TemporaryFile(dir=settings.DATA_DIR):
            return []
    except OSError as error:
        return _error(
            11,
            f"DATA_DIR {settings.DATA_DIR} cannot be written: {error.strerror}.",
            "Set DATA_DIR to a folder that belongs to the user who runs this.",
        )


@register(SAFETY)
def production_sends_mail(app_configs: Sequence[AppConfig] | None = None, **kwargs: Any) -> list[CheckMessage]:
    if settings.DEVELOPMENT or "console" not in settings.EMAIL_BACKEND:
        return []
    return _error(
        12,
        "EMAIL_URL is not set: codes for signing in and new passwords would be printed to the log.",
        "Set EMAIL_URL, for instance smtp+tls://user:password@mail.example.org:587.",
    )


@register(SAFETY)
def production_limits_rates(app_configs: Sequence[AppConfig] | None = None, **kwargs: Any) -> list[CheckMessage]:
    if settings.DEVELOPMENT or settings.RATE_LIMITS_ENABLED:
        return []
    return _error(13, "RATE_LIMITS_ENABLED is off in production.", "Unset RATE_LIMITS_ENABLED.")


@register(SAFETY)
def production_is_not_a_test(app_configs: Sequence[AppConfig] | None = None, **kwargs: Any) -> list[CheckMessage]:
    if settings.DEVELOPMENT or not settings.TESTING:
        return []
    return _error(14, "TESTING is on in production: passwords would be hashed weakly.", "Unset TESTING.")


@register(SAFETY, Tags.database)
def database_keeps_what_it_confirms(
    app_configs: Sequence[AppConfig] | None = None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """A committed message must survive a power cut."""
    if not databases or settings.TESTING:
        return []
    try:
        return _sqlite_keeps() if connection.vendor == "sqlite" else _postgresql_keeps()
    except OperationalError:  # out of reach: /readyz says so, and nothing is confirmed meanwhile
        return []


def _sqlite_keeps() -> list[CheckMessage]:
    with connection.cursor() as cursor:
        synchronous = cursor.execute("PRAGMA synchronous").fetchone()[0]
        journal = cursor.execute("PRAGMA journal_mode").fetchone()[0]
    if synchronous >= 2 and journal == "wal":
        return []
    return _error(
        15,
        "SQLite would not write each commit to the disk: a power cut could lose messages that were acknowledged.",
        "Unset SQLITE_SYNCHRONOUS, or set it to FULL, and put DATA_DIR on a disk that can hold a write-ahead log.",
    )


def _postgresql_keeps() -> list[CheckMessage]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name FROM pg_settings WHERE setting = 'off' "
            "AND name IN ('fsync', 'full_page_writes', 'synchronous_commit') ORDER BY name"
        )
        off = [name for (name,) in cursor.fetchall()]
    if not off:
        return []
    return _error(
        16,
        f"PostgreSQL runs with {', '.join(off)} off: a crash could lose messages and money that were acknowledged.",
        "Turn them on in postgresql.conf.",
    )


@register(SAFETY, Tags.database)
def production_has_no_demo_people(
    app_configs: Sequence[AppConfig] | None = None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    if settings.DEVELOPMENT or not databases:
        return []
    from accounts.models import User

    try:
        if not User.objects.filter(email__endswith="@demo.invalid").exists():
            return []
    except DatabaseError:  # not migrated yet
        return []
    return _error(
        17,
        "The demo town is in this database; everybody knows the password of its people.",
        "Use a fresh database (an empty DATA_DIR, or another DATABASE_URL).",
    )
