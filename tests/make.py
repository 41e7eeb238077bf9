"""Builds state the way people do: through services."""

from __future__ import annotations

from typing import Any

from accounts import services
from accounts.models import User

PASSWORD = "correct horse battery"


def person(handle: str, **fields: Any) -> User:
    fields.setdefault("display_name", handle.capitalize())
    user: User = User.objects.create_user(handle, f"{handle}@example.org", PASSWORD, **fields)
    return user


def friends(one: User, other: User) -> None:
    """One asks, the other agrees. Those who are friends already stay so."""
    if not one.is_friend_of(other):
        request = services.request_friend(sender=one, receiver=other)
        services.accept_friend_request(receiver=other, friend_request=request)
