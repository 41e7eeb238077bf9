"""Reads the conversations of `talk.py`."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

_CLOCK = re.compile(r"@ (?:(?P<days>\d+)d (?P<hour>\d\d):(?P<minute>\d\d)|(?P<ago>\d+)(?P<unit>[mh]))$")
_ENVELOPE = re.compile(r"\[(?P<kind>lucky|normal) (?P<amount>\d+) for (?P<shares>\d+): (?P<greeting>.+)\]$")
_THING = re.compile(r"\[(?P<what>voice|film|file|place|card|sticker) (?P<which>.+)\]$")
_PICTURE = re.compile(r"\[(\w+/\d+)\]")


@dataclass
class Envelope:
    kind: str
    amount: int
    shares: int
    greeting: str
    claimers: list[str] = field(default_factory=list)


@dataclass
class Line:
    who: str
    at: datetime
    text: str = ""
    pictures: list[str] = field(default_factory=list)
    envelope: Envelope | None = None
    thing: tuple[str, str] | None = None  # what it is, and which


def read(script: str, now: datetime) -> list[Line]:
    lines: list[Line] = []
    at, pace = now - timedelta(days=7), random.Random(script)
    for raw in filter(None, map(str.strip, script.splitlines())):
        if clock := _CLOCK.match(raw):
            at = max(_moment(clock, now), at)
            continue
        who, _, said = raw.partition(": ")
        if who == "claim":
            envelope = lines[-1].envelope
            assert envelope is not None
            envelope.claimers = said.split()
            continue
        at = min(at + timedelta(seconds=pace.randint(9, 110)), now - timedelta(seconds=20))
        lines.append(_line(who, said, at))
    return lines


def pictures_of(script: str) -> Iterator[tuple[str, str]]:
    """Who shows which picture."""
    for raw in script.splitlines():
        who, _, said = raw.strip().partition(": ")
        for picture in _PICTURE.findall(said):
            yield who, picture


def _moment(clock: re.Match[str], now: datetime) -> datetime:
    if clock["ago"]:
        ago = int(clock["ago"])
        return now - (timedelta(minutes=ago) if clock["unit"] == "m" else timedelta(hours=ago))
    day = now - timedelta(days=int(clock["days"]))
    return day.replace(hour=int(clock["hour"]), minute=int(clock["minute"]), second=0)


def _line(who: str, said: str, at: datetime) -> Line:
    if envelope := _ENVELOPE.match(said):
        kind, greeting = envelope["kind"], envelope["greeting"]
        return Line(who, at, envelope=Envelope(kind, int(envelope["amount"]), int(envelope["shares"]), greeting))
    if thing := _THING.match(said):
        return Line(who, at, thing=(thing["what"], thing["which"]))
    if pictures := _PICTURE.findall(said):
        return Line(who, at, pictures=pictures)
    return Line(who, at, text=said)
