"""The list of conversations as it is shown: pinned ones first, then where something was said last."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext

from accounts.models import User

from .models import Conversation, Message
from .models.conversation import attach_list_facts
from .wording import summary

PAGE_SIZE = 50
FACES_SHOWN = 4
LINE_LENGTH = 120


@dataclass(frozen=True)
class ListRow:
    conversation: Any  # with the facts of `with_list_facts`
    title: str
    last: Message | None
    line: str  # what was said last; in groups, by whom
    person: User | None
    faces: list[User]

    @property
    def at(self) -> datetime:
        return self.last.created_at if self.last else self.conversation.created_at


@dataclass(frozen=True)
class ListPage:
    rows: list[ListRow]
    next_offset: int | None

    def find(self, pk: int) -> Any:
        """The conversation, if it is among these."""
        return next((row.conversation for row in self.rows if row.conversation.pk == pk), None)


def list_page(viewer: User, *, offset: int = 0, beside: Conversation | None = None) -> ListPage:
    """A page of the list. `beside` is a conversation with the same facts that gets its people with the same queries."""
    mine = Conversation.objects.for_member(viewer).with_list_facts(viewer)
    ordered = mine.order_by("-pinned", "-active_at", "-pk")  # type: ignore[misc]
    found = list(ordered[offset : offset + PAGE_SIZE + 1])
    shown = found[:PAGE_SIZE]
    attach_list_facts([*shown, beside] if beside is not None else shown, viewer)
    following = offset + PAGE_SIZE if len(found) > PAGE_SIZE else None
    return ListPage([_row(conversation, viewer) for conversation in shown], following)


def _row(conversation: Any, viewer: User) -> ListRow:
    last = conversation.last_message
    others = conversation.others(viewer)
    return ListRow(
        conversation=conversation,
        title=conversation.title_for(viewer),
        last=last,
        line=_line(conversation, last, viewer),
        person=conversation.avatar_for(viewer),
        faces=others[:FACES_SHOWN],
    )


def _line(conversation: Any, last: Message | None, viewer: User) -> str:
    if last is None:
        return ""
    text = summary(last)[:LINE_LENGTH]
    if last.sender is None or conversation.is_direct or last.sender_id == viewer.pk:
        return text
    name = conversation.remarks.get(last.sender_id) or last.sender.display_name
    return gettext("%(name)s: %(text)s") % {"name": name, "text": text}
