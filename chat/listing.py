"""The list of conversations as it is shown: pinned ones first, then where something was said last. What a person has
folded stands behind one row, what is hidden comes back when something new is said."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db.models import Exists
from django.utils.translation import gettext

from accounts.models import User
from superapp.kernel.prepared import Prepared

from .models import Admission, Conversation, Member, Message
from .models.conversation import ConversationQuerySet, attach_list_facts
from .wording import recalled_sentence, summary

PAGE_SIZE = 50
FACES_SHOWN = 4
FOLDED_LOOKED_AT = 20  # the row of the folded ones tells what is new among the latest
LINE_LENGTH = 120


class Part(StrEnum):
    """What part of the list is wanted."""

    ALL = ""
    UNREAD = "unread"
    GROUPS = "groups"
    FRIENDS = "friends"
    FOLDED = "folded"


@dataclass(frozen=True)
class ListRow:
    conversation: Any  # with the facts of `with_list_facts`
    title: str
    last: Message | None
    line: str  # what was said last; in groups, by whom
    person: User | None
    faces: list[User]
    came_silently: bool  # what was said last is new, and counts nothing

    @property
    def at(self) -> datetime:
        return self.last.created_at if self.last else self.conversation.created_at

    @property
    def draft(self) -> str:
        return str(self.conversation.draft)[:LINE_LENGTH]

    @property
    def names_me(self) -> bool:
        """Somebody has named the viewer in what is unread."""
        conversation = self.conversation
        return bool(conversation.mentioned_seq > max(conversation.read_seq, conversation.joined_seq - 1))

    @property
    def has_news(self) -> bool:
        return bool(self.conversation.unread or self.conversation.marked_unread or self.came_silently)


@dataclass(frozen=True)
class FoldedRow:
    """All folded conversations in one row, with the latest of them."""

    latest: ListRow
    has_news: bool
    names_me: bool


@dataclass(frozen=True)
class ListPage:
    rows: list[ListRow]
    next_offset: int | None
    folded: FoldedRow | None
    part: Part
    has_requests: bool  # something waits in the box: of strangers, or of groups one is invited to

    def find(self, pk: int) -> Any:
        """The conversation, if it is among these."""
        return next((row.conversation for row in self.rows if row.conversation.pk == pk), None)


def list_page(
    viewer: User, *, offset: int = 0, part: Part = Part.ALL, named: str = "", beside: Conversation | None = None
) -> ListPage:
    """A page of the list. `beside` is a conversation with the same facts that gets its people with the same queries."""
    is_first = part == Part.ALL and not offset and not named
    if is_first:
        found = _first_page.objects(viewer=viewer)
    else:
        wanted = _of(viewer).called(named, viewer) if named else _part(_of(viewer), part)
        found = list(_in_order(wanted)[offset : offset + PAGE_SIZE + 1])
    shown = found[:PAGE_SIZE]
    has_folded, has_requests = _asides(found, viewer) if is_first else (False, False)
    folded = _folded.objects(viewer=viewer) if has_folded else []
    attach_list_facts([*shown, *folded, *([beside] if beside is not None else [])], viewer)
    following = offset + PAGE_SIZE if len(found) > PAGE_SIZE else None
    rows = [_row(conversation, viewer) for conversation in shown]
    return ListPage(rows, following, _behind_one_row(folded, viewer), part, has_requests)


def rows_of(found: Iterable[Conversation], viewer: User) -> list[ListRow]:
    """Conversations with the facts of `with_list_facts`, as rows."""
    return [_row(conversation, viewer) for conversation in attach_list_facts(found, viewer)]


def _part(mine: ConversationQuerySet, part: Part) -> ConversationQuerySet:
    if part == Part.FOLDED:
        return mine.standing_in_list(folded=True)
    listed = mine.standing_in_list()
    if part == Part.UNREAD:
        return listed.with_news()
    if part == Part.GROUPS:
        return listed.filter(kind=Conversation.Kind.GROUP)
    return listed.filter(kind=Conversation.Kind.DIRECT) if part == Part.FRIENDS else listed


def _of(viewer: User) -> ConversationQuerySet:
    return Conversation.objects.for_member(viewer).with_list_facts(viewer).apart_from_requests(viewer)


def _in_order(conversations: ConversationQuerySet) -> ConversationQuerySet:
    return conversations.order_by("-pinned", "-active_at", "-pk")  # type: ignore[misc]


def _beside_the_list(viewer: User) -> dict[str, Any]:
    """Facts that do not depend on the row: the database works them out once."""
    asked = Conversation.objects.requests_to(viewer).values("pk")
    invited = Admission.objects.invited(viewer).values("pk")
    folded = Member.objects.active().filter(user=viewer, folded=True)
    return {"has_folded": Exists(folded), "has_requests": Exists(asked) | Exists(invited)}


# What stands beside every conversation.
_first_page = Prepared(
    lambda viewer: _in_order(_part(_of(viewer), Part.ALL)).annotate(**_beside_the_list(viewer))[: PAGE_SIZE + 1]
)
_folded = Prepared(
    lambda viewer: _of(viewer).standing_in_list(folded=True).order_by("-active_at", "-pk")[:FOLDED_LOOKED_AT]
)
_without_rows = Prepared(
    lambda viewer: (
        User.objects.filter(pk=viewer.pk).annotate(**_beside_the_list(viewer)).values_list("has_folded", "has_requests")
    )
)


def _asides(found: Sequence[Any], viewer: User) -> tuple[bool, bool]:
    """Has the viewer folded anything, and does anything wait in the box?"""
    if found:
        return found[0].has_folded, found[0].has_requests
    ((has_folded, has_requests),) = _without_rows.tuples(viewer=viewer)
    return has_folded, has_requests


def _behind_one_row(folded: Sequence[Conversation], viewer: User) -> FoldedRow | None:
    if not folded:
        return None
    rows = [_row(conversation, viewer) for conversation in folded]
    return FoldedRow(rows[0], any(row.has_news for row in rows), any(row.names_me for row in rows))


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
        came_silently=last is not None
        and last.silent
        and last.seq > conversation.read_seq
        and last.sender_id != viewer.pk,
    )


def _line(conversation: Any, last: Message | None, viewer: User) -> str:
    if last is None:
        return ""
    if last.is_recalled and last.sender is not None:
        name = conversation.remarks.get(last.sender_id) or last.sender.display_name
        return recalled_sentence(last, viewer.pk, name)
    text = summary(last)[:LINE_LENGTH]
    if last.sender is None or conversation.is_direct or last.sender_id == viewer.pk:
        return text
    name = conversation.remarks.get(last.sender_id) or last.sender.display_name
    return gettext("%(name)s: %(text)s") % {"name": name, "text": text}
