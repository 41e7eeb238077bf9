"""What is not safe to serve with is refused, with a sentence; what is safe passes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import override_settings

from accounts.models import User
from superapp import checks

ROOT = Path(__file__).parent.parent.parent

SAFE: dict[str, Any] = {
    "MODE": "production",
    "DEVELOPMENT": False,
    "TESTING": False,
    "DEBUG": False,
    "SECRET_KEY_GIVEN": True,
    "SECRET_KEY": "fQ3-ab7_Zk9PxLm2vTn8RcWd5YhGjS4uEoVi6BqNtXyA1eKsHzCw0JfM",
    "ALLOWED_HOSTS": ["superapp.example.org"],
    "SITE_URL": "https://superapp.example.org",
    "SECURE_SITE": True,
    "ALLOW_HTTP": False,
    "EMBEDDED": False,
    "EMBEDDED_PRODUCTION": False,
    "WEB_PROCESSES": 4,
    "REDIS_URL": "redis://localhost/0",
    "CELERY_BROKER_URL": "redis://localhost/0",
    "TRUSTED_PROXY_COUNT_GIVEN": True,
    "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
    "RATE_LIMITS_ENABLED": True,
}

# check, its number, and the settings that make it refuse
UNSAFE: list[tuple[Any, int, dict[str, Any]]] = [
    (checks.mode_is_known, 1, {"MODE": "prod"}),
    (checks.production_shows_no_debug_pages, 2, {"DEBUG": True}),
    (checks.production_has_a_strong_key, 3, {"SECRET_KEY_GIVEN": False}),
    (checks.production_has_a_strong_key, 3, {"SECRET_KEY": "secret"}),
    (checks.production_has_a_strong_key, 3, {"SECRET_KEY": "a" * 60}),
    (checks.production_has_a_strong_key, 3, {"SECRET_KEY": "django-insecure-3k2j4h5g6f7d8s9a0qwertyuiopzxcvbnmasdf"}),
    (checks.production_names_its_hosts, 4, {"ALLOWED_HOSTS": []}),
    (checks.production_names_its_hosts, 4, {"ALLOWED_HOSTS": ["superapp.example.org", "*"]}),
    (checks.production_speaks_https, 5, {"SITE_URL": "http://superapp.example.org", "SECURE_SITE": False}),
    (checks.production_on_sqlite_is_meant, 6, {"EMBEDDED": True}),
    (checks.sqlite_has_one_process, 7, {"EMBEDDED": True, "WEB_PROCESSES": 2}),
    (checks.many_processes_share_their_stores, 8, {"REDIS_URL": ""}),
    (checks.many_processes_share_their_stores, 8, {"REDIS_URL": "", "WEB_PROCESSES": 1}),
    (checks.many_processes_share_their_broker, 9, {"CELERY_BROKER_URL": "memory://"}),
    (checks.production_counts_its_proxies, 10, {"TRUSTED_PROXY_COUNT_GIVEN": False}),
    (checks.data_folder_can_be_written, 11, {"DATA_DIR": Path("/proc/no-such-folder")}),
    (checks.production_sends_mail, 12, {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}),
    (checks.production_limits_rates, 13, {"RATE_LIMITS_ENABLED": False}),
    (checks.production_is_not_a_test, 14, {"TESTING": True}),
]


@pytest.mark.covers("L1")
@pytest.mark.parametrize(("check", "number", "changed"), UNSAFE, ids=lambda value: getattr(value, "__name__", None))
def test_it_is_refused_with_a_sentence_and_a_way_out(check: Any, number: int, changed: dict[str, Any]) -> None:
    with override_settings(**SAFE):
        assert check() == []
    with override_settings(**SAFE | changed):
        [error] = check()

    assert error.id == f"superapp.E{number:03}"
    assert error.is_serious()
    assert error.msg.endswith(".")
    assert error.hint


@pytest.mark.parametrize(
    ("check", "changed"),
    [
        (checks.production_speaks_https, {"SECURE_SITE": False, "ALLOW_HTTP": True}),
        (checks.production_on_sqlite_is_meant, {"EMBEDDED": True, "EMBEDDED_PRODUCTION": True}),
        (checks.sqlite_has_one_process, {"EMBEDDED": True, "WEB_PROCESSES": 1}),
        (checks.production_has_a_strong_key, {"EMBEDDED": True, "SECRET_KEY_GIVEN": False}),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_what_one_says_is_meant_is_allowed(check: Any, changed: dict[str, Any]) -> None:
    with override_settings(**SAFE | changed):
        assert check() == []


@pytest.mark.covers("L1")
@pytest.mark.skipif("connection.vendor != 'sqlite'")
def test_sqlite_that_does_not_write_each_commit_to_the_disk_is_refused(db: None) -> None:
    assert connection.settings_dict["OPTIONS"]["init_command"].count("synchronous=OFF") == 1, "the suite saves time"

    with override_settings(TESTING=False):
        [error] = checks.database_keeps_what_it_confirms(databases=["default"])

    assert error.id == "superapp.E015"


@pytest.mark.covers("L1")
@pytest.mark.skipif("connection.vendor != 'postgresql'")
def test_postgresql_that_confirms_before_it_writes_is_refused(db: None) -> None:
    with override_settings(TESTING=False):
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL synchronous_commit = on")
        on = {error.id for error in checks.database_keeps_what_it_confirms(databases=["default"])}
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL synchronous_commit = off")
        [error] = checks.database_keeps_what_it_confirms(databases=["default"])

    assert error.id == "superapp.E016"
    assert "synchronous_commit" in error.msg
    assert on <= {"superapp.E016"}, "a developer's server may run without fsync"


@pytest.mark.covers("L1")
def test_the_demo_town_is_refused_in_production(db: None) -> None:
    with override_settings(**SAFE):
        assert checks.production_has_no_demo_people(databases=["default"]) == []
        User.objects.create_user("ana", "ana@demo.invalid")
        [error] = checks.production_has_no_demo_people(databases=["default"])

    assert error.id == "superapp.E017"


@pytest.mark.covers("L1")
@pytest.mark.parametrize("server", ["superapp.wsgi", "superapp.asgi"])
def test_a_server_does_not_start_with_unsafe_settings(server: str, tmp_path: Path) -> None:
    plain = {key: value for key, value in os.environ.items() if key not in {"TESTING", "DATABASE_URL", "REDIS_URL"}}
    unsafe = plain | {"MODE": "production", "DATA_DIR": str(tmp_path), "SQLITE_SYNCHRONOUS": "FULL"}

    result = subprocess.run(
        [sys.executable, "-c", f"import {server}"], cwd=ROOT, env=unsafe, capture_output=True, text=True, check=False
    )

    assert result.returncode == 78
    assert "Refusing to start (superapp.E004)" in result.stderr
    assert "Traceback" not in result.stderr
