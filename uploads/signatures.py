"""Short-lived permission to open one file, made for one person.

Time is cut into windows, so that a URL stays the same for a while (and browsers may cache behind it). A signature
made in one window is good until the end of the next: five minutes at most.
"""

from __future__ import annotations

import time
from functools import cache
from uuid import UUID

from django.core.signing import Signer
from django.utils.crypto import constant_time_compare

WINDOW = 150  # seconds


def sign(upload_id: UUID, variant: str, viewer_id: int | None) -> str:
    return _signature(upload_id, variant, viewer_id, _window())


def is_good(signature: str, upload_id: UUID, variant: str, viewer_id: int) -> bool:
    window = _window()
    return any(
        constant_time_compare(signature, _signature(upload_id, variant, viewer_id, at)) for at in (window, window - 1)
    )


def _window() -> int:
    return int(time.time() // WINDOW)


@cache
def _signer() -> Signer:
    return Signer(salt="uploads.file")


def _signature(upload_id: UUID, variant: str, viewer_id: int | None, window: int) -> str:
    return _signer().signature(f"{upload_id}:{variant}:{viewer_id}:{window}")
