"""Builds state the way people do: through services."""

from __future__ import annotations

from typing import Any

from accounts.models import Friendship, User

PASSWORD = "correct horse battery"


def person(handle: str, **fields: Any) -> User:
    fields.setdefault("display_name", handle.capitalize())
    user: User = User.objects.create_user(handle, f"{handle}@example.org", PASSWORD, **fields)
    return user


def friends(one: User, other: User) -> None:
    """Makes the two friends, as an accepted request does."""
    Friendship.objects.get_or_create(owner=one, friend=other)
    Friendship.objects.get_or_create(owner=other, friend=one)
