"""A conversation as it is shown: messages in order, each with what its place among the others gives it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from accounts.models import Friendship, User
from wallet.models import Share

from .models import Member, Message
from .models.message import MessageQuerySet
from .system_lines import system_sentence
from .wording import day_in_words, is_large_emoji, linked, summary

PAGE_SIZE = 40
UNREAD_SHOWN_MAX = 120  # so many unread messages come with the page; the rest with the history
CHANGES_MAX = 100
TOGETHER = timedelta(minutes=3)

# Inside its bubble each kind has a template of its own; the text of these stands in it, or is only for other readers.
KIND_TEMPLATES = {kind: f"chat/kinds/{kind}.html" for kind in (Message.Kind.IMAGE, Message.Kind.CARD)}
WORDLESS = {Message.Kind.CARD}


@dataclass(frozen=True, slots=True)
class Row:
    """A message and what its place among the others gives it. Drawn by `templates/chat/_rows.jinja`."""

    message: Message
    mine: bool
    name: str
    follows: bool  # the same person goes on: no face, no name, a narrow gap
    new_day: bool
    quote: Message | None
    quote_name: str
    got: int | None  # of a red envelope, what the reader took
    at: datetime  # in the reader's time zone

    @property
    def seq(self) -> int:
        return self.message.seq

    @property
    def is_system(self) -> bool:
        return self.message.is_system

    @property
    def is_plain(self) -> bool:
        """Nothing but text."""
        return self.message.kind == Message.Kind.TEXT and self.quote is None and self.message.preview_id is None

    @property
    def classes(self) -> str:
        marks = "message"
        if self.mine:
            marks += " mine"
        if self.follows:
            marks += " follows"
        if self.message.kind == Message.Kind.TEXT and is_large_emoji(self.message.text):
            marks += " large-emoji"
        return marks

    @property
    def template(self) -> str:
        """What draws its bubble, if it is not plain."""
        return "chat/_envelope_bubble.html" if self.message.red_envelope_id else "chat/_bubble.html"

    @property
    def kind_template(self) -> str | None:
        return KIND_TEMPLATES.get(Message.Kind(self.message.kind))

    @property
    def says(self) -> bool:
        """Is its text shown as text?"""
        return bool(self.message.text) and self.message.kind not in WORDLESS

    @property
    def summary(self) -> str:
        """What a quote of it says, where that is not the beginning of its text."""
        return "" if self.message.kind == Message.Kind.TEXT else f"{self.name}: {summary(self.message)}"

    @property
    def sentence(self) -> str:
        return system_sentence(self.message)

    @property
    def linked(self) -> SafeString:
        return linked(self.message.text)

    @property
    def date(self) -> str:
        return self.at.date().isoformat()

    @property
    def day(self) -> str:
        return day_in_words(self.at.date())

    @property
    def time(self) -> SafeString:
        at = self.at
        return mark_safe(f'<time datetime="{at.isoformat(timespec="seconds")}">{at.hour:02}:{at.minute:02}</time>')  # noqa: S308  (digits)


@dataclass(frozen=True)
class Page:
    rows: list[Row]
    has_older: bool

    @property
    def oldest(self) -> int:
        return self.rows[0].seq if self.rows else 0


@dataclass(frozen=True)
class Changes:
    rows: list[Row]
    seq: int  # up to here the reader now has everything
    has_more: bool


def page_of(member: Member, *, before: int | None = None, size: int = PAGE_SIZE) -> Page:
    """The latest messages, or those before a number; oldest first."""
    messages = _messages(member)
    if before is not None:
        messages = messages.filter(seq__lt=before)
    found = list(messages.order_by("-seq")[: size + 1])
    found.reverse()
    has_older = len(found) > size
    return Page(_rows(found, member)[1 if has_older else 0 :], has_older)


def changes_since(member: Member, *, since: int, head: int, also: Sequence[int] = ()) -> Changes:
    """What has changed after a number, and the messages `also` asked for by theirs."""
    changed = list(_messages(member).filter(changed_seq__gt=since).order_by("changed_seq")[: CHANGES_MAX + 1])
    has_more = len(changed) > CHANGES_MAX
    changed = changed[:CHANGES_MAX]
    wanted = {message.pk: message for message in changed}
    if also:
        wanted |= {message.pk: message for message in _messages(member).filter(seq__in=also)}
    messages = sorted(wanted.values(), key=lambda message: message.seq)
    rows = _rows(messages, member, _predecessors(messages, member))
    return Changes(rows, changed[-1].changed_seq if has_more else head, has_more)


def _messages(member: Member) -> MessageQuerySet:
    """With the names under which the reader knows the senders (his own remark, else their name in this group), and
    with what he took of red envelopes."""
    remark = Friendship.objects.filter(owner=member.user_id, friend=OuterRef("sender")).values("remark")[:1]
    nickname = Member.objects.filter(conversation=member.conversation_id, user=OuterRef("sender")).values("nickname")
    got = Share.objects.filter(envelope=OuterRef("red_envelope"), claimed_by=member.user_id)
    return (
        Message.objects.seen_by(member)
        .for_display()
        .annotate(
            sender_remark=Subquery(remark), sender_nickname=Subquery(nickname[:1]), got=Subquery(got.values("amount"))
        )
    )


def _rows(messages: Sequence[Message], member: Member, predecessors: dict[int, Message] | None = None) -> list[Row]:
    names = {message.sender_id: _name_of(message) for message in messages}
    zone = timezone.get_current_timezone()
    rows, previous = [], None
    for message in messages:
        if predecessors is not None:
            previous = predecessors.get(message.pk)
        at = message.created_at.astimezone(zone)
        new_day = previous is None or previous.created_at.astimezone(zone).date() != at.date()
        quote = message.quote_for(member)
        rows.append(
            Row(
                message=message,
                mine=message.sender_id == member.user_id,
                name=names[message.sender_id],
                follows=not new_day and previous is not None and _together(previous, message),
                new_day=new_day,
                quote=quote,
                quote_name=names.get(quote.sender_id) or _display_name(quote.sender) if quote else "",
                got=message.got,  # type: ignore[attr-defined]
                at=at,
            )
        )
        previous = message
    return rows


def _predecessors(messages: Sequence[Message], member: Member) -> dict[int, Message]:
    """Of each message the one that stands above it, whether or not that one is among them."""
    if not messages:
        return {}
    above = Message.objects.seen_by(member).filter(seq__lt=OuterRef("seq")).order_by("-seq").values("pk")[:1]
    pairs = dict(
        Message.objects.seen_by(member)
        .filter(pk__in=[message.pk for message in messages])
        .values_list("pk", Subquery(above))
    )
    known = {message.pk: message for message in messages}
    known |= Message.objects.seen_by(member).in_bulk(set(pairs.values()) - known.keys() - {None})
    return {pk: known[before] for pk, before in pairs.items() if before is not None}


def _name_of(message: Any) -> str:
    return message.sender_remark or message.sender_nickname or _display_name(message.sender)


def _display_name(person: User | None) -> str:
    return person.display_name if person else ""


def _together(previous: Message, message: Message) -> bool:
    return (
        not previous.is_system
        and not message.is_system
        and previous.sender_id == message.sender_id
        and message.created_at - previous.created_at <= TOGETHER
    )


def first_unread(rows: Sequence[Row], read_seq: int) -> int | None:
    """Above which message the line of what is new stands."""
    unread = (row.seq for row in rows if row.seq > read_seq and not row.mine and not row.message.is_system)
    return next(unread, None)


__all__ = ["PAGE_SIZE", "Changes", "Page", "Row", "changes_since", "first_unread", "page_of"]
