"""The emoji of this place, by their names. Every bubble may hold one, so all are kept at hand for a minute."""

from __future__ import annotations

import re
from collections.abc import Mapping

from django.core.cache import cache
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from superapp.kernel.stores import OutOfReach

from .models import CustomEmoji
from .models.sticker import picture_url

_KEY = "chat:custom-emoji"
_SECONDS = 60
_WRITTEN = re.compile(r":([a-z0-9_]{2,30}):")


def custom_emoji() -> Mapping[str, str]:
    """Name → the name of its picture in the storage."""
    try:
        known: Mapping[str, str] | None = cache.get(_KEY)
        if known is None:
            known = _all()
            cache.set(_KEY, known, _SECONDS)
    except OutOfReach:  # a chat is read without the cache as well
        return _all()
    return known


def _all() -> dict[str, str]:
    return dict(CustomEmoji.objects.order_by("name").values_list("name", "image"))


def forget_custom_emoji() -> None:
    """After a change. Other processes share the cache, or look again within a minute."""
    cache.delete(_KEY)


def find_custom_emoji(name: str) -> str | None:
    """The address of the picture of `:name:` (with or without the colons), if there is one."""
    image = custom_emoji().get(name.strip(":"))
    return picture_url(image) if image else None


def with_custom_emoji(escaped: SafeString) -> SafeString:
    """Escaped text in which `:name:` is drawn, where there is an emoji of that name."""
    if escaped.count(":") < 2:
        return escaped
    return mark_safe(_WRITTEN.sub(_drawn, escaped))  # noqa: S308  (escaped text and our own tags)


def _drawn(found: re.Match[str]) -> str:
    url = find_custom_emoji(found[1])
    if url is None:
        return found[0]
    name = found[0]
    return format_html(
        '<img class="custom-emoji" src="{}" alt="{}" title="{}" width="24" height="24">', url, name, name
    )
