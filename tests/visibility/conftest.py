from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import transaction

from .matrix import Visitors
from .town import Town, build


@pytest.fixture(scope="module")
def standing_town(django_db_setup: None, django_db_blocker) -> Iterator[Town]:  # type: ignore[no-untyped-def]
    """Built once for the tests of a module, each of which undoes what it does to it."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build()
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def standing_visitors(standing_town: Town, django_db_blocker) -> Visitors:  # type: ignore[no-untyped-def]
    with django_db_blocker.unblock():
        return Visitors(standing_town)


@pytest.fixture
def town(standing_town: Town, db: None, settings) -> Town:  # type: ignore[no-untyped-def]
    settings.DEVELOPMENT = False  # where demo faces are shown to guests
    return standing_town


@pytest.fixture
def visitors(standing_visitors: Visitors, town: Town) -> Visitors:
    return standing_visitors
