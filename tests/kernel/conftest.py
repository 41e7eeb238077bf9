from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from kombu import pools

from superapp.celery import app
from superapp.kernel import outbox


@pytest.fixture
def broker_at() -> Iterator[Callable[[int], None]]:
    """`broker_at(port)`: Celery is no longer eager, and finds its Redis at this port of this machine."""
    usual = {name: app.conf[name] for name in ("broker_url", "broker_write_url", "broker_transport_options")}

    def point(**changes: object) -> None:
        assert outbox.courier.finish(30), "nothing is on the way while the broker moves"
        app.conf.update(changes)
        pools.reset()
        app.amqp._producer_pool = None

    def move(port: int) -> None:
        url = f"redis://127.0.0.1:{port}/0"
        options = {"socket_connect_timeout": 2, "socket_timeout": 5, "max_retries": 0}
        point(broker_url=url, broker_write_url=url, broker_transport_options=options, task_always_eager=False)

    app.set_default()
    yield move
    point(**usual, task_always_eager=True)
