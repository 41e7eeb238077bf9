"""Route × viewer × every id there is: whatever a route does with the id of another thing, no canary is heard by one
whom it is not for. The table names the doors one by one; this finds those that it forgot."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import pytest
from django.urls import NoReverseMatch, reverse
from django.urls.converters import IntConverter, UUIDConverter

from tests.test_architecture import URLS, policy_of

from .matrix import HEARD, Visitors, overheard
from .town import VIEWERS, Town

ROUTES = sorted(name for name in URLS if policy_of(name) == "signed_in")
QUERIES = ("", "?q=a&since=0&before=999999999&offset=0&limit=100&box=sent&state=draft&reply=1&reply_to=1")


def addresses_of(name: str, town: Town) -> Iterator[str]:
    numbers = sorted({value for value in town.ids.values() if value.isdecimal()}, key=int)
    keys = [str(upload.pk) for upload in town.files.values()]
    words = ["alice", "bob", "me", "thumb", *(town.ids[name] for name in ("account", "closed", "avatar", "robot"))]
    converters = URLS[name].pattern.converters
    choices = [
        keys if isinstance(converter, UUIDConverter) else numbers if isinstance(converter, IntConverter) else words
        for converter in converters.values()
    ]
    if name.startswith("chat:") and len(choices) > 1:  # what stands within a conversation
        choices[0] = [town.ids[each] for each in ("group", "direct", "own", "knock")]
    for values in product(*choices):
        try:
            yield reverse(name, kwargs=dict(zip(converters, values, strict=True)))
        except NoReverseMatch:
            continue


@pytest.mark.covers("A2", "A3")
@pytest.mark.parametrize("viewer", [name for name in VIEWERS if name not in {"alice", "guest"}])
def test_no_route_tells_anybody_what_is_not_for_them(town: Town, visitors: Visitors, viewer: str) -> None:
    heard, pages = [], 0
    for name in ROUTES:
        for address in addresses_of(name, town):
            response = visitors.get(viewer, address)
            if response.status_code == 405:
                break
            for query in QUERIES:
                response = visitors.get(viewer, address + query) if query else response
                pages += response.status_code == 200
                heard += [f"{name} {address}{query}: {word}" for word in overheard(viewer, response)]
                if response.status_code >= 400:
                    assert response.status_code < 500, f"{address}{query}"
                    break

    assert heard == []
    assert pages > 40
    assert len(HEARD[viewer]) < len(HEARD["alice"]), "there is something this viewer may not hear"
