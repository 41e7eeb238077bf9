"""How the other side can tell that an event is ours: HMAC-SHA256 over the time and the raw body, with each secret."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable

VERSION = "v1"


def signature(secret: str, timestamp: int, body: bytes) -> str:
    return hmac.new(secret.encode(), f"{timestamp}.".encode() + body, hashlib.sha256).hexdigest()


def signed(secrets: Iterable[str], timestamp: int, body: bytes) -> str:
    """One for each secret that is good now; the receiver looks for the one it can make."""
    return ",".join(f"{VERSION}={signature(secret, timestamp, body)}" for secret in secrets)
