"""What was said, as a chat record and the saved messages keep it: by whom, when, in which words, with which files.

Names are those that everybody sees. What a person calls a friend stays with that person.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from .events import time_json
from .mentions import mentions_of
from .models import Message, Record
from .wording import with_names

LINES_SHOWN = 4
LINE_LENGTH = 60
NAMES_SHOWN = 3
ITEMS_MAX = 500  # with those of the records within
DEPTH_MAX = 4

Item = dict[str, Any]


class TooLarge(Exception):
    pass


@dataclass
class Snapshot:
    """Items, and the ids of the uploads they name by position."""

    items: list[Item] = field(default_factory=list)
    uploads: list[UUID] = field(default_factory=list)

    def add(self, message: Message) -> None:
        item: Item = {
            "name": message.sender.display_name if message.sender else "",
            "at": time_json(message.created_at),
            "kind": message.kind,
            "text": portable_text(message),
        }
        if payload := portable_payload(message):
            item["payload"] = payload
        if message.kind == Message.Kind.RECORD:
            item["within"] = self._moved(message.record)
        files = [upload.pk for upload in message.uploads]
        if files:
            item["files"] = list(range(len(self.uploads), len(self.uploads) + len(files)))
            self.uploads += files
        self.items.append(item)

    def _moved(self, record: Record) -> list[Item]:
        """The items of a record within this one, with the positions their files have here."""
        start = len(self.uploads)
        self.uploads += [upload.pk for upload in record.uploads]
        return _shifted(record.items, start)


def snapshot_of(messages: Iterable[Message]) -> Snapshot:
    """Messages loaded `with_records`. Raises TooLarge for records within records without end."""
    snapshot = Snapshot()
    for message in messages:
        snapshot.add(message)
    if _size(snapshot.items) > ITEMS_MAX or _depth(snapshot.items) > DEPTH_MAX:
        raise TooLarge
    return snapshot


def portable_text(message: Message) -> str:
    """The text with the names of those it calls instead of their handles: elsewhere it calls nobody."""
    return with_names(message.text, mentions_of(message))


def portable_payload(message: Message) -> dict[str, Any]:
    """What a message is made of beside its text, without whom it called where it was said."""
    return {key: value for key, value in message.payload.items() if key != "mentions"}


def head_of(items: Sequence[Item], *, group: str | None) -> dict[str, Any]:
    """What the message shows of its record without opening it. `group` is None between two people."""
    names = list(dict.fromkeys(item["name"] for item in items))
    lines = [{"name": item["name"], "kind": item["kind"], "text": _line(item["text"])} for item in items[:LINES_SHOWN]]
    return {"of_group": group is not None, "names": names[:NAMES_SHOWN], "count": len(items), "lines": lines}


def _line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LINE_LENGTH else f"{line[: LINE_LENGTH - 1]}…"


def _shifted(items: Iterable[Item], by: int) -> list[Item]:
    return [
        item
        | ({"files": [place + by for place in item["files"]]} if "files" in item else {})
        | ({"within": _shifted(item["within"], by)} if "within" in item else {})
        for item in items
    ]


def _size(items: Iterable[Item]) -> int:
    return sum(1 + _size(item.get("within", ())) for item in items)


def _depth(items: Iterable[Item]) -> int:
    return 1 + max((_depth(item["within"]) for item in items if item.get("within")), default=0)
