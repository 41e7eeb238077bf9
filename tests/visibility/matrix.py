"""Walks the table: knocks at every door as every viewer, and tells what was wrong with the answers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from tests.conftest import Api, Web

from .table import NOUNS, Door, Noun
from .town import UNKNOWN_UUID, VIEWERS, Town

VOLATILE = re.compile(
    rb'nonce(-|=["\']|&quot;)[\w+/=-]+|csrfmiddlewaretoken" value="\w+|csrf[\w-]*token["\': =&quot;]+\w+', re.IGNORECASE
)
CANARY = re.compile(rb"canary-(\w+)-sings")
LATELY_MADE = {"Set-Cookie", "Content-Security-Policy", "Content-Length", "Expires"}


class Visitors:
    """Everybody's browser and REST client. What is read leaves nothing behind, so each page is read once."""

    def __init__(self, town: Town) -> None:
        self.read: dict[tuple[str, str], HttpResponse] = {}
        people: dict[str, Any] = {**town.people, "guest": None}
        self._web = {name: Web(people[name]) for name in VIEWERS}
        self._api = {name: Api(people[name]) for name in VIEWERS}
        for client in (*self._web.values(), *self._api.values()):
            client.raise_request_exception = False

    def of(self, viewer: str, address: str) -> Client:
        return (self._api if address.startswith("/api/") else self._web)[viewer]

    def get(self, viewer: str, address: str) -> HttpResponse:
        if (viewer, address) not in self.read:
            self.read[viewer, address] = self._get(viewer, address)
        return self.read[viewer, address]

    def _get(self, viewer: str, address: str) -> HttpResponse:
        with undone():
            response: HttpResponse = self.of(viewer, address).get(address)
            if response.streaming:
                response = HttpResponse(response.getvalue(), status=response.status_code, headers=response.headers)  # type: ignore[attr-defined]
        return response


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def everything_in(response: HttpResponse) -> bytes:
    headers = "\n".join(f"{name}: {value}" for name, value in response.items())
    return headers.encode() + b"\n\n" + response.content


def shape_of(response: HttpResponse, address: str) -> tuple[int, dict[str, str], bytes]:
    """An answer without what differs from one request to the next: its address, and tokens made for it alone."""
    path = address.partition("?")[0]

    def without_address(text: bytes) -> bytes:
        for spelling in (address, quote(address, safe=""), quote(address), path, quote(path, safe="")):
            text = text.replace(spelling.encode(), b"<address>")
        return VOLATILE.sub(b"", text)

    headers = {
        name: without_address(value.encode()).decode() for name, value in response.items() if name not in LATELY_MADE
    }
    return response.status_code, headers, without_address(response.content)


def _heard_by(viewer: str) -> set[str]:
    """The canaries that a viewer may hear anywhere."""
    heard = set()
    for noun in NOUNS.values():
        for door in noun.doors:
            if viewer in (door.sees or ()):
                heard |= {word.decode() for word in CANARY.findall((door.shows or "").encode())}
                heard |= {word.decode() for word in CANARY.findall(noun.shows.encode())}
    return heard


HEARD = {viewer: _heard_by(viewer) for viewer in VIEWERS}


def overheard(viewer: str, response: HttpResponse) -> set[str]:
    """Canaries in an answer that this viewer may not hear anywhere."""
    return {word.decode() for word in CANARY.findall(everything_in(response))} - HEARD[viewer]


def complaints(town: Town, visitors: Visitors, noun: Noun, viewers: tuple[str, ...] = VIEWERS) -> Iterator[str]:
    """`leak: …` where somebody sees too much, `blind: …` where somebody sees too little."""
    for door in noun.doors:
        for viewer in viewers:
            look = _look_at_file if door.kind == "file" else _look
            for complaint in look(town, visitors, door, viewer):
                yield f"{complaint} ({viewer} at {door.address})"


def _look(town: Town, visitors: Visitors, door: Door, viewer: str) -> Iterator[str]:
    assert door.sees is not None
    assert door.shows is not None
    address = door.address.format(**town.ids)
    shows = door.shows.format(**town.ids).encode()
    response = visitors.get(viewer, address)
    if response.status_code >= 500:
        yield f"broken: {response.status_code}"
    for word in overheard(viewer, response):
        yield f"leak: hears {word}"
    if viewer in door.sees:
        if response.status_code >= 400 or shows not in everything_in(response):
            yield f"blind: {response.status_code}"
        return
    if shows in everything_in(response) and (door.kind == "among" or response.status_code < 300):
        yield f"leak: {response.status_code}"
    if door.kind == "own":
        nowhere = door.address.format(**town.unknown_ids())
        if shape_of(response, address) != shape_of(visitors.get(viewer, nowhere), nowhere):
            yield f"leak: {response.status_code} differs from the answer for nothing"


def _look_at_file(town: Town, visitors: Visitors, door: Door, viewer: str) -> Iterator[str]:
    """Those who see the picture are given its address. Nobody else gets in by that address, nor by any other."""
    assert door.sees is not None
    pk = town.ids[door.picture]
    given = re.compile(rf"/files/{pk}/(\w+)\.webp\?s=[\w:-]+")

    def address_given_to(name: str) -> re.Match[str] | None:
        return given.search(visitors.get(name, door.address.format(**town.ids)).content.decode())

    mine = address_given_to(viewer)
    if viewer in door.sees:
        if mine is None or visitors.get(viewer, mine[0]).content != town.pixels(door.picture, mine[1]):
            yield f"blind: {mine}"
        return
    if mine is not None:
        yield f"leak: is given {mine[0]}"
    stolen = [match[0] for match in map(address_given_to, sorted(door.sees)) if match]
    for address in [f"/files/{pk}/thumb.webp", *stolen]:
        response = visitors.get(viewer, address)
        if response.status_code < 300:
            yield f"leak: opens {address}"
        nowhere = address.replace(pk, UNKNOWN_UUID)
        if shape_of(response, address) != shape_of(visitors.get(viewer, nowhere), nowhere):
            yield f"leak: {address} differs from the answer for nothing"
