"""All that showing messages takes, asked for only where it is there: a page of plain text costs one question for the
people who said it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import models
from django.db.models import Prefetch, prefetch_related_objects

from accounts.models import User
from superapp.kernel.prepared import Prepared
from wallet.models import RedEnvelope

from .link_preview import LinkPreview
from .message import WITH_FILES, Attachment, Message

_people = Prepared(lambda ids: User.objects.filter(pk__in=ids))
_quoted = Prepared(lambda ids: Message.objects.filter(pk__in=ids))
_envelopes = Prepared(lambda ids: RedEnvelope.objects.filter(pk__in=ids).with_counts())
_previews = Prepared(lambda ids: LinkPreview.objects.filter(pk__in=ids))
_files = Prefetch("attachments", Attachment.objects.select_related("upload").order_by("position"))


def complete(messages: Sequence[Message]) -> None:
    """Give messages their senders, what they answer, their files, envelopes and previews."""
    quoted = _fill(messages, "reply_to", _quoted)
    _fill([*messages, *quoted], "sender", _people)
    _fill([*messages, *quoted], "red_envelope", _envelopes)
    _fill(messages, "preview", _previews)
    if carrying := [message for message in messages if message.kind in WITH_FILES]:
        prefetch_related_objects(carrying, _files)


def _fill(messages: Iterable[Message], name: str, question: Prepared[Any]) -> list[Any]:
    """Put the rows that a foreign key points at in their place; each is loaded once and shared. What has been
    loaded."""
    ids = {getattr(message, f"{name}_id") for message in messages} - {None}
    found: dict[int, models.Model] = {row.pk: row for row in question.objects(ids=sorted(ids))} if ids else {}
    for message in messages:
        key = getattr(message, f"{name}_id")
        if key is None or key in found:
            message._state.fields_cache[name] = found.get(key)
    return list(found.values())
