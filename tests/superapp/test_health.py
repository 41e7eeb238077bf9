from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client, override_settings


@pytest.mark.covers("L2")
def test_livez_asks_nobody() -> None:  # no database fixture: a query would fail this test
    response = Client().get("/livez", headers={"host": "10.0.0.7"})

    assert response.status_code == 200
    assert response.json() == {"alive": True}


@pytest.mark.covers("L2")
def test_readyz_is_true_when_every_store_answers(db: None) -> None:
    response = Client().get("/readyz", headers={"host": "10.0.0.7"})

    assert response.status_code == 200
    expected = {"ready": True, "database": True} | ({"redis": True} if settings.REDIS_URL else {})
    assert response.json() == expected


@pytest.mark.covers("L2")
def test_readyz_is_false_when_redis_is_gone(db: None) -> None:
    with override_settings(REDIS_URL="redis://127.0.0.1:1/0"):
        response = Client().get("/readyz")

    assert response.status_code == 503
    assert response.json() == {"ready": False, "database": True, "redis": False}


def test_probes_leave_no_session_and_are_not_cached() -> None:
    response = Client().get("/livez")

    assert response.cookies == {}
    assert response["Cache-Control"] == "no-store"
