"""All that showing messages takes, asked for only where it is there: a page of plain text costs one question for the
people who said it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects

from accounts.models import User
from superapp.kernel.prepared import Prepared
from wallet.models import RedEnvelope

from .link_preview import LinkPreview
from .message import WITH_FILES, Attachment, Message

FindPeople = Callable[[set[int]], Mapping[int, User]]

_people = Prepared(lambda ids: User.objects.filter(pk__in=ids))
_quoted = Prepared(lambda ids: Message.objects.filter(pk__in=ids))
_envelopes = Prepared(lambda ids: RedEnvelope.objects.filter(pk__in=ids).with_counts())
_previews = Prepared(lambda ids: LinkPreview.objects.filter(pk__in=ids))
_files = Prefetch("attachments", Attachment.objects.select_related("upload").order_by("position"))


def complete(messages: Sequence[Message], find_people: FindPeople | None = None) -> None:
    """Give messages their senders (found by `find_people`, if it knows more of them), what they answer, their files,
    envelopes and previews."""
    quoted = _fill(messages, "reply_to", lambda ids: _by_id(_quoted, ids))
    everything = [*messages, *quoted]
    _fill(everything, "sender", find_people or people_by_id)
    _fill(everything, "red_envelope", lambda ids: _by_id(_envelopes, ids))
    _fill(messages, "preview", lambda ids: _by_id(_previews, ids))
    if carrying := [message for message in messages if message.kind in WITH_FILES]:
        prefetch_related_objects(carrying, _files)


def people_by_id(ids: Iterable[int]) -> dict[int, User]:
    return _by_id(_people, ids)


def _by_id(question: Prepared[Any], ids: Iterable[int]) -> dict[int, Any]:
    return {row.pk: row for row in question.objects(ids=sorted(ids))}


def _fill(messages: Iterable[Message], name: str, find: Callable[[set[int]], Mapping[int, Any]]) -> list[Any]:
    """Put the rows that a foreign key points at in their place; each is loaded once and shared."""
    ids: set[int] = {getattr(message, f"{name}_id") for message in messages} - {None}
    found = find(ids) if ids else {}
    for message in messages:
        key = getattr(message, f"{name}_id")
        if key is None or key in found:
            message._state.fields_cache[name] = found[key] if key else None
    return list(found.values())
