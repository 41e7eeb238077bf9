from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import User
from accounts.services import block_person
from superapp.kernel import limits
from tests import emptying, make


@pytest.fixture(autouse=True)
def clean_cache() -> Iterator[None]:
    cache.clear()
    yield


@pytest.fixture
def rate_limits(settings) -> None:  # type: ignore[no-untyped-def]
    """Limits are off in tests; here they are on, and nothing has been counted yet."""
    settings.RATE_LIMITS_ENABLED = True
    limits._limiter().storage.reset()


@pytest.fixture
def alice(db: None) -> User:
    return make.person("alice")


@pytest.fixture
def bob(alice: User) -> User:
    """Alice's friend."""
    bob = make.person("bob")
    make.friends(alice, bob)
    return bob


@pytest.fixture
def charlie(db: None) -> User:
    """A stranger to all."""
    return make.person("charlie")


@pytest.fixture
def mallory(alice: User) -> User:
    """Alice has blocked her."""
    mallory = make.person("mallory")
    block_person(blocker=alice, blocked=mallory)
    return mallory


@pytest.fixture
def dora(db: None) -> User:
    """Follows alice's public account, and is no friend."""
    return make.person("dora")


@pytest.fixture
def mod(db: None) -> User:
    return make.person("mod", is_staff=True, is_superuser=True)


@pytest.fixture
def api() -> type[Api]:
    return Api


class Api(APIClient):
    """A REST client signed in as somebody: `Api(alice).post("/api/v1/…", {...})`."""

    def __init__(self, user: User | None = None) -> None:
        super().__init__()
        if user is not None:
            self.force_authenticate(user)


@pytest.fixture
def web() -> type[Web]:
    return Web


class Web(Client):
    """A browser without JavaScript, signed in as somebody."""

    def __init__(self, user: User | None = None) -> None:
        super().__init__()
        if user is not None:
            self.force_login(user, backend="accounts.backends.PersonBackend")


@pytest.fixture
def effects(django_capture_on_commit_callbacks):  # type: ignore[no-untyped-def]
    """`with effects(): …` runs what a commit would set off: outbox tasks (Celery is eager in tests) and live events."""

    def run():  # type: ignore[no-untyped-def]
        return django_capture_on_commit_callbacks(execute=True)

    return run


@pytest.fixture(autouse=True, scope="session")
def quick_emptying() -> Iterator[None]:
    with emptying.quick():
        yield
