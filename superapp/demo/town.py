from __future__ import annotations

from collections.abc import Callable

from accounts.models import User


def is_wanted() -> bool:
    return not User.objects.exists()


def load(say: Callable[[str], None]) -> None:
    say("(the demo town is not built yet)")


def how_to_sign_in() -> list[str]:
    if not User.objects.exists():
        return ["Nobody is here yet. Make the first administrator with: make admin"]
    return []
