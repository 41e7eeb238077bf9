"""The people of the demo data, who may be looked through on a developer's machine."""

from __future__ import annotations

from accounts.models import User, UserQuerySet

EMAIL_END = "@demo.invalid"
SHOWN_MAX = 8


def all_of_them() -> UserQuerySet:
    people: UserQuerySet = User.objects.active().filter(email__endswith=EMAIL_END, is_staff=False)
    return people


def shown() -> list[User]:
    return list(all_of_them().order_by("pk")[:SHOWN_MAX])
