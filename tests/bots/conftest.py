from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from accounts.models import User
from bots import services
from bots.models import Bot
from chat.models import Conversation
from tests import make
from tests.site import Site


@pytest.fixture
def group(alice: User, bob: User) -> Conversation:
    """Alice's, with Bob in it."""
    return make.group(alice, bob, title="Builds")


@pytest.fixture
def robot(alice: User) -> Bot:
    return services.create_bot(owner=alice, handle="weather_bot", name="Weather", description="Tells the weather")


@pytest.fixture
def site(settings: Any) -> Iterator[Site]:
    """Where the bot lives."""
    server = Site()
    server.begin()
    settings.FETCH_PRIVATE_HOSTS = [f"127.0.0.1:{server.port}"]
    server.says("/events", b"")
    yield server
    server.end()


@pytest.fixture
def listener(robot: Bot, group: Conversation, alice: User, site: Site) -> Bot:
    """In the group, and hears everything."""
    services.add_bot(actor=alice, conversation=group, bot=robot)
    events = ["message.created", "message.changed", "member.changed"]
    return services.change_bot(owner=alice, bot=robot, url=site.url("/events"), events=events)
