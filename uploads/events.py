"""What apps above wish to hear of. They add a function in their AppConfig.ready; it runs inside the transaction."""

from __future__ import annotations

from collections.abc import Callable

from .models import Upload

on_settled: list[Callable[[Upload], None]] = []  # converted, failed, or under way again
