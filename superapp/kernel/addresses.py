"""Addresses of our own pages. A page of cards names hundreds of them; each is worked out once."""

from __future__ import annotations

from functools import lru_cache

from django.urls import get_script_prefix, get_urlconf, reverse

KEPT = 8192


def address(name: str, *places: object) -> str:
    """`reverse` without keywords, remembered."""
    return _worked_out(name, places, get_script_prefix(), get_urlconf())


@lru_cache(maxsize=KEPT, typed=True)
def _worked_out(name: str, places: tuple[object, ...], prefix: str, urlconf: str | None) -> str:
    return reverse(name, urlconf=urlconf, args=places)
