"""Noun × viewer × door."""

from __future__ import annotations

import pytest

from .matrix import Visitors, complaints
from .table import NOUNS
from .town import Town

pytestmark = pytest.mark.covers("A2", "A3", "A5")


@pytest.mark.parametrize("name", NOUNS)
def test_each_thing_is_seen_by_those_it_is_for(town: Town, visitors: Visitors, name: str) -> None:
    assert list(complaints(town, visitors, NOUNS[name])) == []


def test_each_thing_is_seen_by_somebody() -> None:
    """Otherwise nothing would show that the others do not."""
    assert [name for name, noun in NOUNS.items() if not any(door.sees for door in noun.doors)] == []
