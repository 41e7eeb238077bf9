"""A Slack export as it comes: a zip of JSON files. Nothing is unpacked to the disk, and nothing in it is believed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any
from zipfile import BadZipFile, ZipFile, ZipInfo

FILE_BYTES_MAX = 64 * 1024 * 1024  # one day of one channel
WHOLE_BYTES_MAX = 20 * 1024**3
FILES_MAX = 1_000_000
RATIO_MAX = 300  # JSON packs well; a bomb packs better
SMALL = 1024 * 1024  # below, a ratio says nothing

_DAY = re.compile(r"\d{4}-\d\d-\d\d\.json")
_TS = re.compile(r"\d{9,10}\.\d{1,9}")


class BadArchive(Exception):
    """With a sentence for the one who runs the command."""


@dataclass(frozen=True)
class Channel:
    id: str
    name: str
    folder: str
    purpose: str
    members: tuple[str, ...]


class Archive:
    def __init__(self, path: Path) -> None:
        try:
            self._zip = ZipFile(path)
        except (BadZipFile, OSError) as error:
            raise BadArchive(f"{path} cannot be read as a zip: {error}") from error
        entries = self._zip.infolist()
        if len(entries) > FILES_MAX:
            raise BadArchive(f"The zip has more than {FILES_MAX:,} files.")
        if sum(entry.file_size for entry in entries) > WHOLE_BYTES_MAX:
            raise BadArchive("The zip would be too large when unpacked.")
        for entry in entries:
            _refuse_if_hostile(entry)
        self._entries = {entry.filename: entry for entry in entries if not entry.is_dir()}
        if "users.json" not in self._entries or "channels.json" not in self._entries:
            raise BadArchive("This is no Slack export: users.json or channels.json is missing.")

    def close(self) -> None:
        self._zip.close()

    def users(self) -> list[dict[str, Any]]:
        return [user for user in self._rows("users.json") if _is_id(user.get("id"))]

    def channels(self) -> list[Channel]:
        """Public channels, and private ones where the export has them."""
        rows = [*self._rows("channels.json"), *(self._rows("groups.json") if "groups.json" in self._entries else [])]
        return [
            Channel(
                id=row["id"],
                name=_text(row.get("name")) or row["id"],
                folder=_text(row.get("name")),
                purpose=_text(_dict(row.get("purpose")).get("value")) or _text(_dict(row.get("topic")).get("value")),
                members=tuple(one for one in _list(row.get("members")) if _is_id(one)),
            )
            for row in rows
            if _is_id(row.get("id"))
        ]

    def days(self, channel: Channel) -> list[str]:
        """The files of a channel in the order of time."""
        return sorted(
            name
            for name in self._entries
            if PurePosixPath(name).parent.as_posix() in {channel.folder, channel.id}
            and _DAY.fullmatch(PurePosixPath(name).name)
        )

    def messages(self, channel: Channel, after: str = "") -> Iterator[dict[str, Any]]:
        """With a proper time, each time once, in order, those after a time."""
        last = after
        for name in self.days(channel):
            rows = [row for row in self._rows(name) if _TS.fullmatch(_text(row.get("ts")))]
            for row in sorted(rows, key=lambda row: _moment(row["ts"])):
                if not last or _moment(row["ts"]) > _moment(last):
                    last = row["ts"]
                    yield row

    def untouched(self) -> list[str]:
        """What an export may have and this does not bring in."""
        return [name for name in ("dms.json", "mpims.json", "canvases.json") if name in self._entries]

    def _rows(self, name: str) -> list[dict[str, Any]]:
        with self._zip.open(self._entries[name]) as file:
            try:
                content = file.read(FILE_BYTES_MAX + 1)
            except (BadZipFile, EOFError, ValueError, NotImplementedError) as error:
                raise BadArchive(f"{name} cannot be read: {error}") from error
        if len(content) > FILE_BYTES_MAX:
            raise BadArchive(f"{name} is larger than {FILE_BYTES_MAX // 1024**2} MB.")
        try:
            rows = json.loads(content)
        except (ValueError, RecursionError) as error:
            raise BadArchive(f"{name} is not JSON: {error}") from error
        return [row for row in _list(rows) if isinstance(row, dict)]


def _refuse_if_hostile(entry: ZipInfo) -> None:
    name = entry.filename
    if name.startswith("/") or "\\" in name or ":" in name or ".." in PurePosixPath(name).parts or "\x00" in name:
        raise BadArchive(f"The zip names a place outside itself: {name!r}")
    if (entry.external_attr >> 16) & 0o170000 == 0o120000:
        raise BadArchive(f"The zip has a link in it: {name!r}")
    if entry.flag_bits & 1:
        raise BadArchive(f"{name!r} is encrypted.")
    if entry.file_size > SMALL and entry.file_size > RATIO_MAX * max(1, entry.compress_size):
        raise BadArchive(f"{name!r} unpacks to more than anybody would write.")


def _moment(ts: str) -> tuple[int, str]:
    """Exactly: a float has too few digits to tell two of them apart."""
    seconds, _, rest = ts.partition(".")
    return int(seconds), rest.ljust(9, "0")


def _is_id(value: Any) -> bool:
    return isinstance(value, str) and re.fullmatch(r"[A-Z0-9]{2,20}", value) is not None


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
