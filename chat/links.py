"""Web addresses in what people write."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from django.conf import settings

_LINK = re.compile(r"https?://\w[^\s<>\"“”「」『』（），。、；！？]*", re.IGNORECASE)
_CLOSERS = {")": "(", "]": "["}


def links_in(text: str) -> Iterator[tuple[int, str]]:
    """Each address with where it begins."""
    for found in _LINK.finditer(text):
        yield found.start(), _without_trailing_marks(found.group())


def first_link(text: str) -> str | None:
    if "://" not in text:
        return None
    return next((address for _at, address in links_in(text)), None)


def is_ours(url: str) -> bool:
    """Whether an address leads to this place itself."""
    try:
        host = (urlsplit(url).hostname or "").lower().rstrip(".")
    except ValueError:
        return False
    ours = {urlsplit(settings.SITE_URL).hostname, *(name.strip("[]").lstrip(".") for name in settings.ALLOWED_HOSTS)}
    return host in ours


def _without_trailing_marks(address: str) -> str:
    """A full stop or a bracket that closes the sentence does not belong to the address."""
    while address[-1] in ".,:;!?'*_~" or _closes_nothing(address):
        address = address[:-1]
    return address


def _closes_nothing(address: str) -> bool:
    opener = _CLOSERS.get(address[-1])
    return opener is not None and address.count(opener) < address.count(address[-1])
