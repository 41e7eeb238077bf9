from __future__ import annotations

from typing import Any, TypedDict, Unpack

from django.db import transaction

from accounts.models import User

from .checking import check_fields
from .profile import change_profile


class PrivacyFields(TypedDict, total=False):
    read_receipts: bool
    presence: str


@transaction.atomic
def change_privacy(*, person: User, **fields: Unpack[PrivacyFields]) -> User:
    """What others see of a person's comings and goings. What is left out stays. Who hides leaves no time behind."""
    current: User = User.objects.filter(pk=person.pk).locked().get()
    for name, value in fields.items():
        setattr(current, name, value)
    check_fields(current, fields)
    columns = list(fields)
    if current.presence == User.Presence.NOBODY:
        current.last_seen_at = None
        columns.append("last_seen_at")
    current.save(update_fields=columns)
    for name in columns:  # the caller's own object is what it goes on with
        setattr(person, name, getattr(current, name))
    return person


@transaction.atomic
def change_me(*, person: User, privacy: PrivacyFields | None = None, **profile: Any) -> User:
    """Everything that a program may change of a person at once, or nothing."""
    if privacy:
        change_privacy(person=person, **privacy)
    return change_profile(person=person, **profile)
