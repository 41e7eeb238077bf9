from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest

from accounts.models import User
from chat import services
from chat.models import Conversation, Message
from tests import make
from tests.live_server import Device, LiveApp


@pytest.fixture
def direct(alice: User, bob: User) -> Conversation:
    """Alice and Bob's own."""
    return Conversation.objects.direct_between(alice, bob).get()


@pytest.fixture
def carol(alice: User) -> User:
    """Alice's friend too, and in her group."""
    carol = make.person("carol")
    make.friends(alice, carol)
    return carol


@pytest.fixture
def group(alice: User, bob: User, carol: User) -> Conversation:
    """Alice owns it; Bob and Carol are in it."""
    return services.create_group(owner=alice, title="Hiking", members=[bob, carol])


def say_in(sender: User, conversation: Conversation, text: str = "Hello", **more: Any) -> Message:
    return services.send_message(sender=sender, conversation=conversation, client_id=uuid4(), text=text, **more)[0]


@pytest.fixture
def say() -> Callable[..., Message]:
    return say_in


@pytest.fixture(scope="session")
def live_app(django_db_setup: None) -> Iterator[LiveApp]:
    """A running server. Tests that use it need `transactional_db`, since it sees only what has been committed."""
    app = LiveApp()
    yield app
    app.stop()


@pytest.fixture
def device(transactional_db: None, live_app: LiveApp) -> Iterator[Callable[..., Device]]:
    """`device(alice)`: a socket of Alice's, signed in, that has had its hello."""
    devices: list[Device] = []

    def open_device(user: User | None = None, **options: Any) -> Device:
        devices.append(Device(live_app, user, **options))
        return devices[-1]

    yield open_device
    for one in devices:
        one.close()
