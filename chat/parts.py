"""A form without scripts holds words, photos, files and a voice at once; each kind goes into a message of its own."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from accounts.models import User
from uploads.models import Upload
from uploads.services import receive_file

from .models import Message


def parts_of(sender: User, form: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What to send, in order. The words go with the first; each has a `client_id` made from the form's."""
    photos = [receive_file(owner=sender, file=photo) for photo in form["photos"]]
    together = [str(upload.pk) for upload in photos if upload.kind == Upload.Kind.IMAGE]
    parts = [_part(Message.Kind.IMAGE, *together)] if together else []
    parts += [_part(upload.kind, str(upload.pk)) for upload in photos if upload.kind != Upload.Kind.IMAGE]
    for file in form["files"]:
        parts.append(_part(Message.Kind.FILE, _received(sender, file, Upload.Kind.FILE)))
    if form["text"] and not parts:
        parts.append(_part(Message.Kind.TEXT))
    if parts:
        parts[0]["text"] = form["text"]
    if form["voice"]:
        parts.append(_part(Message.Kind.VOICE, _received(sender, form["voice"], Upload.Kind.VOICE)))
    first = form["client_id"]
    for number, part in enumerate(parts):
        part["client_id"] = uuid.uuid5(first, str(number)) if number else first
    return parts


def _part(kind: str, *uploads: str) -> dict[str, Any]:
    return {"kind": kind, "text": "", "uploads": list(uploads)}


def _received(sender: User, file: Any, kind: str) -> str:
    return str(receive_file(owner=sender, file=file, kind=kind).pk)
