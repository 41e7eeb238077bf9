from __future__ import annotations

import secrets
import zoneinfo
from collections.abc import Mapping
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
    link_previews: bool
    avatar: IO[bytes] | None  # None: back to the coloured initial


def change_profile(*, person: User, **fields: Unpack[ProfileFields]) -> User:
    words = {name: _cleaned(value) for name, value in fields.items() if name != "avatar"}
    if "avatar" not in fields:
        return _write(person, words)
    stored = _store_avatar(person, fields["avatar"])
    try:
        return _write(person, {**words, "avatar": stored})
    except BaseException:
        _delete_file(stored)
        raise


def _cleaned(value: object) -> str | bool:
    return value if isinstance(value, bool) else clean_line(str(value))


def change_avatar(*, person: User, file: IO[bytes] | None) -> User:
    return change_profile(person=person, avatar=file)


def _store_avatar(person: User, file: IO[bytes] | None) -> str:
    """A square of the picture, newly encoded, under a name nobody can guess."""
    if file is None:
        return ""
    limits.count("upload", person.pk)
    square = read_picture(file).square(AVATAR_EDGE)
    return default_storage.save(f"avatars/{secrets.token_urlsafe(24)}.webp", ContentFile(square))


@transaction.atomic
def _write(person: User, columns: Mapping[str, str | bool]) -> User:
    current: User = User.objects.filter(pk=person.pk).locked().get()
    old_avatar = current.avatar
    for name, value in columns.items():
        setattr(current, name, value)
    check_fields(current, columns)
    if "timezone" in columns and current.timezone not in _time_zones():
        raise Invalid(errors={"timezone": _("There is no such time zone.")})
    current.save(update_fields=list(columns))
    if old_avatar != current.avatar:
        transaction.on_commit(lambda: _delete_file(old_avatar), robust=True)
    for name in columns:  # the caller's own object is what it goes on with
        setattr(person, name, getattr(current, name))
    return person


def _delete_file(name: str) -> None:
    if name:
        default_storage.delete(name)


@cache
def _time_zones() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())
