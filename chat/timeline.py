"""A conversation as it is shown: messages in order, each with what its place among the others gives it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from accounts.models import Friendship, User
from superapp.kernel.prepared import Prepared
from wallet.models import Share

from .mentions import mentions_of
from .models import Conversation, Member, Message, RecalledText
from .models.display import FindPeople, complete
from .models.message import MessageQuerySet
from .models.reaction import Reacted, attach_reactions, own_reactions_of, reactions_of
from .models.retention import days_kept
from .own_parts import own_parts
from .system_lines import system_sentence
from .wording import day_in_words, drawn_emoji, is_large_emoji, linked, recalled_sentence, summary

PAGE_SIZE = 40
UNREAD_SHOWN_MAX = 120  # so many unread messages come with the page; the rest with the history
CHANGES_MAX = 100
TOGETHER = timedelta(minutes=3)

# Inside its bubble each kind has a template of its own; the text of these stands in it, or is only for other readers.
_WITH_TEMPLATE = ["image", "card", "record", "poll", "list", "voice", "video", "file", "place", "sticker"]
KIND_TEMPLATES = {Message.Kind(kind): f"chat/kinds/{kind}.html" for kind in _WITH_TEMPLATE}
WORDLESS = {Message.Kind(kind) for kind in ("card", "record", "poll", "list", "voice", "place", "sticker")}


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
    names_me: bool
    own: Any  # of a poll or a sign-up list, what the reader has put into it
    reader_id: int
    may_rewrite: bool  # it has just been recalled by the reader, whose words are still kept
    opens_links: bool

    @property
    def seq(self) -> int:
        return self.message.seq

    @property
    def is_line(self) -> bool:
        """It is told in a line of its own: nobody says it, or nobody says it any more."""
        return self.message.is_system or self.message.is_recalled

    @property
    def is_plain(self) -> bool:
        """Nothing but text."""
        message = self.message
        is_text = message.kind == Message.Kind.TEXT and not message.forwarded
        return is_text and self.quote is None and message.preview_id is None

    @property
    def reactions(self) -> list[tuple[Reacted, SafeString, bool]]:
        """What stands under it, how it is drawn, and whether the reader is among those who chose it."""
        own = own_reactions_of(self.message, self.reader_id)
        return [(one, drawn_emoji(one.emoji), one.emoji in own) for one in reactions_of(self.message)]

    @property
    def classes(self) -> str:
        marks = "message"
        if self.message.is_recalled:
            return marks
        if self.mine:
            marks += " mine"
        if self.follows:
            marks += " follows"
        if self.message.kind == Message.Kind.TEXT and is_large_emoji(self.message.text):
            marks += " large-emoji"
        if self.names_me:
            marks += " names-me"
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
        if self.message.is_recalled:
            return recalled_sentence(self.message, self.reader_id, self.name)
        return system_sentence(self.message)

    @property
    def linked(self) -> SafeString:
        if not self.opens_links:
            return escape(self.message.text)
        return linked(self.message.text, mentions_of(self.message))

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
    has_newer: bool = False

    @property
    def oldest(self) -> int:
        return self.rows[0].seq if self.rows else 0

    @property
    def newest(self) -> int:
        return self.rows[-1].seq if self.rows else 0


@dataclass(frozen=True)
class Changes:
    rows: list[Row]
    seq: int  # up to here the reader now has everything
    has_more: bool


def page_of(member: Member, *, before: int | None = None, size: int = PAGE_SIZE) -> Page:
    """The latest messages, or those before a number; oldest first."""
    found = latest(member, size + 1) if before is None else _before(member, before, size + 1)
    found.reverse()
    has_older = len(found) > size
    return Page(_rows(found, member)[1 if has_older else 0 :], has_older)


def latest(member: Member, size: int) -> list[Message]:
    """The newest messages, newest first, with all that showing them takes."""
    if days_kept(member.conversation.retention_days) is not None:
        return list(_messages(member).order_by("-seq")[:size])
    found = _latest.objects(conversation=member.conversation_id, joined_seq=member.joined_seq, size=size)
    complete(found, _people_known_to(member))
    return found


_latest = Prepared(
    lambda conversation, joined_seq, size: Message.objects.seen_by(
        Member(conversation=Conversation(pk=conversation), joined_seq=joined_seq)
    ).order_by("-seq")[:size]
)


def _before(member: Member, seq: int, size: int) -> list[Message]:
    return list(_messages(member).filter(seq__lt=seq).order_by("-seq")[:size])


def row_of(member: Member, seq: int) -> Row | None:
    """One message as the conversation shows it, by itself."""
    rows = _rows(list(_messages(member).filter(seq=seq)), member)
    return rows[0] if rows else None


def page_after(member: Member, *, after: int) -> Page:
    """The messages that follow a number; oldest first."""
    found = list(_messages(member).filter(seq__gt=after).order_by("seq")[: PAGE_SIZE + 1])
    shown = found[:PAGE_SIZE]
    rows = _rows(shown, member, _predecessors(shown, member))
    return Page(rows, has_older=False, has_newer=len(found) > PAGE_SIZE)


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
    return Message.objects.seen_by(member).for_display()


def _as_known(reader: User, conversation: int, ids: list[int]) -> QuerySet[User]:
    """People with the reader's own remark, and with their name in the group."""
    remark = Friendship.objects.filter(owner=reader, friend=OuterRef("pk")).values("remark")[:1]
    nickname = Member.objects.filter(conversation=conversation, user=OuterRef("pk")).values("nickname")[:1]
    return User.objects.filter(pk__in=ids).annotate(remark=Subquery(remark), nickname=Subquery(nickname))


_known = Prepared(_as_known)
_got = Prepared(
    lambda reader, envelopes: Share.objects.filter(envelope__in=envelopes, claimed_by=reader).values_list(
        "envelope", "amount"
    )
)


def _people_known_to(member: Member) -> FindPeople:
    def find(ids: Iterable[int]) -> dict[int, User]:
        known = _known.objects(reader=member.user, conversation=member.conversation_id, ids=sorted(ids))
        return {person.pk: person for person in known}

    return find


def _names_of(messages: Sequence[Message], member: Member) -> dict[int | None, str]:
    """Under which the reader knows those who said them, and whom they answer."""
    spoken = [one for message in messages for one in (message, message.reply_to) if one is not None]
    people = {one.sender_id: one.sender for one in spoken if one.sender_id is not None}
    strangers = {pk for pk, person in people.items() if not hasattr(person, "remark")}
    if strangers:
        people |= _people_known_to(member)(strangers)
    names: dict[int | None, str] = {pk: _name_of(person) for pk, person in people.items()}
    return {None: "", **names}


def _name_of(person: Any) -> str:
    return person.remark or person.nickname or person.display_name


def _taken(messages: Sequence[Message], member: Member) -> dict[int | None, int]:
    """What the reader took of the red envelopes among them."""
    envelopes = [message.red_envelope_id for message in messages if message.red_envelope_id is not None]
    return dict(_got.tuples(reader=member.user, envelopes=envelopes))


def _rows(messages: Sequence[Message], member: Member, predecessors: dict[int, Message] | None = None) -> list[Row]:
    names, taken = _names_of(messages, member), _taken(messages, member)
    zone = timezone.get_current_timezone()
    own = own_parts(messages, member.user_id)
    attach_reactions(messages, member.user_id)
    rewritable = _rewritable(messages, member)
    opens_links = not member.conversation.is_request  # what a stranger links to stays text
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
                quote_name=names[quote.sender_id] if quote else "",
                got=taken.get(message.red_envelope_id),
                at=at,
                names_me=message.mentions_all or member.user_id in message.mentions,
                own=own.get(message.pk),
                reader_id=member.user_id,
                may_rewrite=message.pk in rewritable,
                opens_links=opens_links or message.sender_id == member.user_id,
            )
        )
        previous = message
    return rows


def _rewritable(messages: Sequence[Message], member: Member) -> set[int]:
    recalled = [message.pk for message in messages if message.is_recalled and message.sender_id == member.user_id]
    kept = RecalledText.objects.visible_to(member.user).filter(message__in=recalled) if recalled else ()
    return {text.message_id for text in kept}


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


def _together(previous: Message, message: Message) -> bool:
    return (
        not (previous.is_system or previous.is_recalled)
        and not message.is_system
        and previous.sender_id == message.sender_id
        and message.created_at - previous.created_at <= TOGETHER
    )


def first_unread(page: Page, read_seq: int) -> int | None:
    """Above which message the line of what is new stands, if it is on this page."""
    if page.has_older and page.oldest > read_seq + 1:
        return None
    unread = (row.seq for row in page.rows if row.seq > read_seq and not row.mine and not row.is_line)
    return next(unread, None)


def last_read_by_other(page: Page, read_seq: int) -> int | None:
    """Below which of the reader's own messages it stands that the other one has read it."""
    return next((row.seq for row in reversed(page.rows) if row.mine and row.seq <= read_seq), None)


__all__ = [
    "PAGE_SIZE",
    "Changes",
    "Page",
    "Row",
    "changes_since",
    "first_unread",
    "last_read_by_other",
    "page_after",
    "page_of",
]
