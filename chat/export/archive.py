"""The zip of an export: JSON for programs, pages for people, files. Written to the disk as it comes."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.timezone import now
from django.utils.translation import get_language_bidi, override

from chat.events import time_json
from chat.models import Export, Member, Message
from uploads.models import Upload

from .records import FORMAT, VERSION, exported, path_of, record, stored_as

BATCH = 500
ON_A_PAGE = 1000

Progress = Callable[[Export, int], None]


def write_archive(export: Export, *, progress: Progress) -> int:
    """Store the archive under the export's own name; its size. What lay there of an earlier try is replaced."""
    with tempfile.TemporaryDirectory(prefix="export-") as folder, override(export.owner.language):
        path = Path(folder) / "export.zip"
        with timezone.override(export.owner.timezone), ZipFile(path, "w", ZIP_DEFLATED, allowZip64=True) as archive:
            _fill(archive, Path(folder), export, progress)
        default_storage.delete(export.file_name)
        with path.open("rb") as file:
            default_storage.save(export.file_name, File(file))
        return path.stat().st_size


def _fill(archive: ZipFile, folder: Path, export: Export, progress: Progress) -> None:
    room = settings.EXPORT_BYTES_MAX
    done, page = 0, _Pages(archive, export)
    with (folder / "conversation.json").open("w", encoding="utf-8") as file:
        _begin(file, export)
        for batch in _batches(export):
            for message in batch:
                entry = record(export, message)
                room -= _enclose(archive, message, entry, room)
                file.write(("" if done == 0 else ",\n") + json.dumps(entry, ensure_ascii=False))
                page.add(entry)
                done += 1
            progress(export, done)
        file.write("\n]}\n")
    page.finish()
    archive.write(folder / "conversation.json", "conversation.json")


def _batches(export: Export) -> Iterator[list[Message]]:
    """In order of their numbers, each batch with one look at the database."""
    seq = export.first_seq - 1
    days = export.conversation.days_kept
    while batch := list(exported(export).filter(seq__gt=seq).order_by("seq")[:BATCH]):
        seq = batch[-1].seq
        kept = now() - timedelta(days=days) if days is not None else None
        yield [message for message in batch if kept is None or message.created_at > kept]


def _begin(file: IO[str], export: Export) -> None:
    conversation = export.conversation
    members = Member.objects.active().filter(conversation=conversation).select_related("user").by_seniority()
    head: dict[str, Any] = {
        "format": FORMAT,
        "version": VERSION,
        "site": settings.SITE_URL,
        "exported_at": time_json(export.created_at),
        "exported_by": export.owner.handle,
        "conversation": {
            "id": str(conversation.pk),
            "kind": conversation.kind,
            "title": export.title,
            "members": [
                {"handle": one.user.handle, "name": one.user.display_name, "nickname": one.nickname, "role": one.role}
                for one in members
            ],
        },
    }
    file.write(json.dumps(head, ensure_ascii=False)[:-1] + ', "messages": [\n')


def _enclose(archive: ZipFile, message: Message, entry: dict[str, Any], room: int) -> int:
    """Put the files of a message in. One that is missing, or for which there is no room, is named without a path."""
    taken = 0
    for position, (upload, named) in enumerate(zip(message.uploads, entry["files"], strict=False)):
        size = _copy(archive, upload, path_of(message, position, upload), room - taken)
        taken += size
        if not size:
            named["path"] = None
    return taken


def _copy(archive: ZipFile, upload: Upload, path: str, room: int) -> int:
    try:
        size = default_storage.size(stored_as(upload))
        if size > room:
            return 0
        archive.compression, kept = ZIP_STORED, archive.compression  # pictures and films are compressed already
        try:
            with default_storage.open(stored_as(upload)) as source, archive.open(path, "w", force_zip64=True) as target:
                shutil.copyfileobj(source, target, 256 * 1024)
        finally:
            archive.compression = kept
    except OSError:
        return 0
    return int(size)


class _Pages:
    """The readable side: pages of a thousand messages, each complete in itself."""

    def __init__(self, archive: ZipFile, export: Export) -> None:
        self.archive, self.export = archive, export
        self.rows: list[dict[str, Any]] = []
        self.number = 0

    def add(self, entry: dict[str, Any]) -> None:
        if len(self.rows) == ON_A_PAGE:
            self._write(is_last=False)
        self.rows.append(entry)

    def finish(self) -> None:
        self._write(is_last=True)

    def _write(self, *, is_last: bool) -> None:
        self.number += 1
        context = {
            "export": self.export,
            "owner": self.export.owner.handle,
            "rows": [{**entry, "at": _read(entry["created_at"])} for entry in self.rows],
            "number": self.number,
            "previous": _page_name(self.number - 1) if self.number > 1 else "",
            "next": "" if is_last else _page_name(self.number + 1),
            "direction": "rtl" if get_language_bidi() else "ltr",
            "site_name": settings.SITE_NAME,
        }
        self.archive.writestr(_page_name(self.number), render_to_string("chat/export/page.html", context))
        self.rows = []


def _page_name(number: int) -> str:
    return "conversation.html" if number == 1 else f"conversation-{number}.html"


def _read(moment: str) -> Any:
    return timezone.localtime(datetime.fromisoformat(moment.replace("Z", "+00:00")))
