"""What has been sent into a conversation, by what it is: pictures, files, links, voices."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from .models import Member, Message
from .models.message import MessageQuerySet

PAGE_SIZE = 48


class FilesKind(TextChoices):
    MEDIA = "media", _("Photos and videos")
    FILE = "file", _("Files")
    LINK = "link", _("Links")
    VOICE = "voice", _("Voice")


_KINDS = {
    FilesKind.MEDIA: [Message.Kind.IMAGE, Message.Kind.VIDEO],
    FilesKind.FILE: [Message.Kind.FILE],
    FilesKind.VOICE: [Message.Kind.VOICE],
}


@dataclass(frozen=True)
class FilesPage:
    messages: list[Message]
    next_before: int | None


def files_of(member: Member, kind: str) -> MessageQuerySet:
    """The messages that carry such things, as far as the member may read them."""
    here = Message.objects.seen_by(member).filter(recalled_at=None).for_display()
    if kind == FilesKind.LINK:
        return here.filter(kind=Message.Kind.TEXT, text__contains="://")
    return here.filter(kind__in=_KINDS[FilesKind(kind)])


def files_page(member: Member, kind: str, *, before: int | None = None) -> FilesPage:
    """Newest first."""
    messages = files_of(member, kind)
    if before is not None:
        messages = messages.filter(seq__lt=before)
    found = list(messages.order_by("-seq")[: PAGE_SIZE + 1])
    shown = found[:PAGE_SIZE]
    return FilesPage(shown, shown[-1].seq if len(found) > PAGE_SIZE else None)
