"""Deed × viewer: what is refused changes nothing, and tells nothing that its doer may not know."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse

from .matrix import Visitors, overheard, shape_of, undone
from .table import DEEDS, Deed
from .town import VIEWERS, Town

pytestmark = pytest.mark.covers("A2", "A4", "A5")

# What a refused request may touch: sessions alone.
PASSED_OVER = {"django_session"}


def everything_stored() -> str:
    digest = hashlib.sha256()
    with connection.cursor() as cursor:
        for table in sorted(set(connection.introspection.table_names(cursor)) - PASSED_OVER):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            rows = sorted(map(repr, cursor.fetchall()))
            digest.update(f"{table}{rows}".encode())
    return digest.hexdigest()


def do(visitors: Visitors, deed: Deed, viewer: str, ids: dict[str, str]) -> tuple[HttpResponse, str]:
    address = deed.address.format(**ids)
    body = {name: _filled_in(value, ids) for name, value in deed.body}
    client = visitors.of(viewer, address)
    with undone():
        response: Any
        if address.startswith("/api/"):
            response = getattr(client, deed.method.lower())(
                address, json.dumps(body) if body else "", content_type="application/json",
                headers={"Idempotency-Key": "a-deed"},
            )  # fmt: skip
        else:
            response = client.post(address, body)
        stored = everything_stored()
    client.cookies.pop("messages", None)  # what the next page would say of this deed
    return response, stored


def _filled_in(value: object, ids: dict[str, str]) -> object:
    if isinstance(value, list):
        return [_filled_in(part, ids) for part in value]
    return value.format(**ids) if isinstance(value, str) and value.startswith("{") else value


@pytest.mark.parametrize("deed", DEEDS, ids=lambda deed: f"{deed.method} {deed.address}")
def test_deeds_are_done_by_those_who_may(town: Town, visitors: Visitors, deed: Deed) -> None:
    before = everything_stored()
    wrong = []
    for viewer in VIEWERS:
        response, after = do(visitors, deed, viewer, town.ids)
        code = response.status_code
        if code >= 500 or overheard(viewer, response):
            wrong.append(f"{viewer}: {code} {overheard(viewer, response)}")
        if viewer in deed.may:
            if code >= 400 or after == before:
                wrong.append(f"{viewer} may, but: {code} {response.content[:200]!r}")
            continue
        if after != before:
            wrong.append(f"{viewer} may not, but something has changed: {code}")
        if viewer not in deed.sees and deed.sees:
            nothing, _after = do(visitors, deed, viewer, town.unknown_ids())
            here, nowhere = deed.address.format(**town.ids), deed.address.format(**town.unknown_ids())
            if shape_of(response, here) != shape_of(nothing, nowhere):
                wrong.append(f"{viewer} learns that it is there: {code}, for nothing {nothing.status_code}")
    assert wrong == []
