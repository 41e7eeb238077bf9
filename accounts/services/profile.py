from __future__ import annotations

import secrets
import zoneinfo
from functools import cache
from typing import IO, TypedDict, Unpack

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.names import clean_line
from superapp.kernel import limits
from superapp.kernel.errors import Invalid
from superapp.kernel.images import read_picture

from .checking import check_fields

AVATAR_EDGE = 384


class ProfileFields(TypedDict, total=False):
    display_name: str
    bio: str
    region: str
    language: str
    timezone: str


@transaction.atomic
def change_profile(*, person: User, **fields: Unpack[ProfileFields]) -> User:
    current: User = User.objects.filter(pk=person.pk).locked().get()
    for name, value in fields.items():
        setattr(current, name, clean_line(str(value)))
    check_fields(current, fields)
    if "timezone" in fields and current.timezone not in _time_zones():
        raise Invalid(errors={"timezone": _("There is no such time zone.")})
    current.save(update_fields=list(fields))
    return current


def change_avatar(*, person: User, file: IO[bytes]) -> User:
    """Keeps a square of the picture, newly encoded, under a name nobody can guess."""
    limits.count("upload", person.pk)
    square = read_picture(file).square(AVATAR_EDGE)
    name = default_storage.save(f"avatars/{secrets.token_urlsafe(24)}.webp", ContentFile(square))
    try:
        return _replace_avatar(person, name)
    except BaseException:
        default_storage.delete(name)
        raise


def remove_avatar(*, person: User) -> User:
    return _replace_avatar(person, "")


@transaction.atomic
def _replace_avatar(person: User, name: str) -> User:
    current: User = User.objects.filter(pk=person.pk).locked().get()
    old, current.avatar = current.avatar, name
    current.save(update_fields=["avatar"])
    if old:
        transaction.on_commit(lambda: default_storage.delete(old), robust=True)
    return current


@cache
def _time_zones() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())
