"""What a message of each kind carries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import User
from chat.models import Message
from superapp.kernel.errors import Invalid
from uploads.models import Upload
from uploads.services import TooManyUploads


class EmptyMessage(Invalid):
    code = "empty_message"
    sentence = _("There is nothing to send.")


@dataclass(frozen=True)
class Carries:
    """So many uploads, of these kinds."""

    most: int
    kinds: frozenset[str]


CARRIES = {
    Message.Kind.IMAGE.value: Carries(9, frozenset({Upload.Kind.IMAGE.value})),
    Message.Kind.VIDEO.value: Carries(1, frozenset({Upload.Kind.VIDEO.value})),
    Message.Kind.VOICE.value: Carries(1, frozenset({Upload.Kind.VOICE.value})),
    Message.Kind.FILE.value: Carries(1, frozenset({Upload.Kind.FILE.value})),
}


def check_carried(kind: str, uploads: Sequence[str]) -> None:
    carries = CARRIES.get(kind)
    if carries is None:
        if uploads:
            raise Invalid(errors={"uploads": _("Files go into messages of their own kind.")})
        return
    if not uploads:
        is_photo = kind == Message.Kind.IMAGE
        raise EmptyMessage(errors={"uploads": _("Choose at least one photo.") if is_photo else _("Choose a file.")})
    if len(uploads) > carries.most:
        sentence = ngettext("A message carries one of these.", "A message carries %(max)s of these.", carries.most)
        raise TooManyUploads(errors={"uploads": sentence % {"max": carries.most}})


def facts_of_carried(sender: User, kind: str, uploads: Sequence[str]) -> dict[str, Any]:
    """What lists say of a message without looking at what it carries: the name of a file."""
    if kind != Message.Kind.FILE:
        return {}
    return {"name": Upload.objects.visible_to(sender).among(uploads).values_list("name", flat=True).first() or ""}
