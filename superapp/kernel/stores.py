"""How long anybody waits for Redis: two seconds, and one more try at once when a kept connection turns out dead.

The client's own default is three tries with pauses that grow, some six seconds, for every question of every request
while Redis is away.
"""

from __future__ import annotations

from typing import Any

from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as Disconnected
from redis.exceptions import RedisError as OutOfReach
from redis.retry import Retry

__all__ = ["OutOfReach", "redis_options"]

WAIT = 2


def redis_options() -> dict[str, Any]:
    retry = Retry(NoBackoff(), 1, supported_errors=(Disconnected,))
    return {"socket_timeout": WAIT, "socket_connect_timeout": WAIT, "retry": retry}
