"""What somebody finds among the messages he may see: the newest first, page by page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from accounts.models import User
from chat.models import Conversation, Message
from chat.models.conversation import remarks_of
from chat.models.message import MessageQuerySet
from chat.models.search_progress import behind
from superapp.kernel import limits
from superapp.kernel.words import Query, composed, read_query

from . import store
from .indexing import CARRIED, is_findable, marks_of, searched_text
from .places import named

QUERY_LENGTH_MAX = 200
PAGE_SIZE = 20
PAGE_SIZE_MAX = 100
CANDIDATES = 200  # looked at in one go
ROUNDS_MAX = 25  # for one page; what is beyond comes with the next one
TAIL_CONVERSATIONS_MAX = 100
TAIL_MAX = 2000  # newest messages that the index does not have yet
SNIPPET_BEFORE, SNIPPET_LENGTH = 30, 160
HAS = sorted({*CARRIED.values(), "link"})

_FILTER = re.compile(r"(?:^|(?<=\s))(from|in|has|before|after):(\S+)", re.IGNORECASE)


@dataclass(frozen=True)
class Search:
    """What is looked for: words, and what narrows them."""

    words: str = ""
    senders: tuple[str, ...] = ()  # handles
    inside: tuple[str, ...] = ()  # ids or handles of conversations
    has: tuple[str, ...] = ()
    before: date | None = None
    after: date | None = None
    query: Query = field(default_factory=lambda: read_query(""))

    def __bool__(self) -> bool:
        return bool(self.query or self.senders or self.inside or self.has or self.before or self.after)

    def narrowed(self, *, has: str) -> Search:
        return replace(self, has=(*self.has, has))


def read_search(text: str) -> Search:
    """What people type: `tea from:bob has:photo after:2026-01-31`. A filter that makes no sense is a word."""
    text = text[:QUERY_LENGTH_MAX].replace("\x00", "")
    found: dict[str, list[str]] = {"from": [], "in": [], "has": [], "before": [], "after": []}

    def take(filter: re.Match[str]) -> str:
        name, value = filter[1].lower(), filter[2].removeprefix("@").lower()
        if (name == "has" and value not in HAS) or (name in {"before", "after"} and _day(value) is None):
            return filter[0]
        found[name].append(value)
        return " "

    words = " ".join(_FILTER.sub(take, text).split())
    return Search(
        words=words,
        senders=tuple(found["from"]),
        inside=tuple(found["in"]),
        has=tuple(found["has"]),
        before=_day(found["before"][-1]) if found["before"] else None,
        after=_day(found["after"][-1]) if found["after"] else None,
        query=read_query(words),
    )


@dataclass(frozen=True)
class Hit:
    message: Message
    conversation: Conversation
    name: str  # of the sender, as the searcher calls him
    title: str  # of the conversation, as the searcher calls it
    snippet: SafeString

    @property
    def url(self) -> str:
        """The place where it was said, among what was said around it."""
        return f"{self.conversation.get_absolute_url()}?around={self.message.seq}#message-{self.message.pk}"


@dataclass(frozen=True)
class Found:
    hits: list[Hit]
    next_before: int | None = None  # the cursor of the next page: positions below it


def find_messages(
    *,
    searcher: User,
    search: Search,
    conversation: Conversation | None = None,
    before: int | None = None,
    limit: int = PAGE_SIZE,
) -> Found:
    """A page of what the searcher may see and looks for. Counted against his rate of searches."""
    limits.count("search", searcher.pk)
    if not search:
        return Found([])
    places = _places(searcher, search, conversation)
    messages: list[Message] = []
    reached: int | None = None
    for batch, lowest in _candidates(places, search, before, limit + 1):
        messages += _checked(batch, searcher, places, search)
        reached = lowest
        if len(messages) > limit:
            break
    page = messages[:limit]
    following = _position(page[-1]) if len(messages) > limit else reached
    return Found(_hits(page, searcher, places, search.query), following)


def _hits(page: list[Message], searcher: User, places: dict[int, Conversation], query: Query) -> list[Hit]:
    named(list({one.conversation_id: places[one.conversation_id] for one in page}.values()), searcher)
    remarks = remarks_of(searcher, {one.sender_id for one in page if one.sender_id is not None})
    hits = []
    for message in page:
        place, sender = places[message.conversation_id], message.sender
        name = (remarks.get(sender.pk) or sender.display_name) if sender else ""
        hits.append(Hit(message, place, name, place.title_for(searcher), snippet(message, query)))
    return hits


def _places(searcher: User, search: Search, conversation: Conversation | None) -> dict[int, Conversation]:
    """The conversations in which he looks."""
    mine = Conversation.objects.for_member(searcher).apart_from_requests(searcher)
    if conversation is not None:
        mine = mine.filter(pk=conversation.pk)
    if search.inside:
        numbers = [int(name) for name in search.inside if name.isascii() and name.isdecimal() and len(name) < 19]
        others = Q(kind=Conversation.Kind.DIRECT, members__user__handle__in=search.inside)
        mine = mine.filter(Q(pk__in=numbers) | others).distinct()
    return {one.pk: one for one in mine}


def _candidates(
    places: dict[int, Conversation], search: Search, before: int | None, wanted: int
) -> Iterator[tuple[list[int], int | None]]:
    """Ids of messages that may be hits, the newest first, in batches; with each the position down to which nothing is
    left out, None when that was all. The index has most of them; what it does not have yet is read."""
    senders = User.objects.filter(handle__in=search.senders).values_list("pk", flat=True) if search.senders else []
    written_by = {store.mark("u", pk) for pk in senders}
    if (search.senders and not written_by) or not places:
        return
    if search.before is not None:
        latest = store.first_position(_beginning_of(search.before))
        before = latest if before is None else min(before, latest)
    since = store.first_position(_beginning_of(search.after)) if search.after is not None else 0
    fresh = _tail(places, before)
    carried = {store.mark("h", name) for name in search.has}
    for size in [wanted, *[CANDIDATES] * ROUNDS_MAX]:
        question = store.Question(
            whole={*search.query.whole_tokens, *carried, *(written_by if len(written_by) == 1 else ())},
            prefixes=search.query.prefixes,
            any_of=[store.mark("c", pk) for pk in places],
            before=before,
            since=since,
        )
        known = store.newest(question, size)
        lowest = known[-1][0] if len(known) == size else None
        batch = {*known, *(entry for entry in fresh if lowest is None or entry[0] >= lowest)}
        fresh = [entry for entry in fresh if lowest is not None and entry[0] < lowest]
        yield [pk for _position, pk in sorted(batch, reverse=True)], lowest
        if lowest is None:
            return
        before = lowest


def _tail(places: dict[int, Conversation], before: int | None) -> list[tuple[int, int]]:
    """Messages that have changed since their conversation was indexed, the newest of them."""
    late = behind(Conversation.objects.filter(pk__in=places)).order_by("-active_at")
    spans = Q()
    for place in late[:TAIL_CONVERSATIONS_MAX]:
        spans |= Q(conversation=place.pk, changed_seq__gt=place.indexed_seq)  # type: ignore[attr-defined]
    if not spans:
        return []
    newest = Message.objects.filter(spans).order_by("-created_at", "-pk").values_list("pk", "created_at")
    entries = [(store.position_of(pk, created_at), pk) for pk, created_at in newest[:TAIL_MAX]]
    return [entry for entry in entries if before is None or entry[0] < before]


def _position(message: Message) -> int:
    return store.position_of(message.pk, message.created_at)


def _checked(batch: Sequence[int], searcher: User, places: dict[int, Conversation], search: Search) -> list[Message]:
    """Those of the candidates that he may see and that are what he looks for."""
    visible: MessageQuerySet = Message.objects.visible_to(searcher).filter(pk__in=batch, conversation__in=places)
    if search.senders:
        visible = visible.filter(sender__handle__in=search.senders)
    if search.before is not None:
        visible = visible.filter(created_at__lt=_beginning_of(search.before))
    if search.after is not None:
        visible = visible.filter(created_at__gte=_beginning_of(search.after))
    marks = {store.mark("h", name) for name in search.has}
    loaded = visible.select_related("sender").prefetch_related("attachments__upload")
    return [
        message
        for message in sorted(loaded, key=_position, reverse=True)
        if is_findable(message) and marks.issubset(marks_of(message)) and search.query.matches(searched_text(message))
    ]


def snippet(message: Message, query: Query) -> SafeString:
    """The part of the text in which the first hit stands, escaped, each hit marked."""
    text = composed(searched_text(message))
    spans = query.spans(text)
    start = max(0, spans[0][0] - SNIPPET_BEFORE) if spans else 0
    end = min(len(text), start + SNIPPET_LENGTH)
    parts: list[str] = ["…"] if start else []
    at = start
    for first, last in spans:
        if first < at or first >= end:
            continue
        last = min(last, end)
        parts += [conditional_escape(text[at:first]), format_html("<mark>{}</mark>", text[first:last])]
        at = last
    parts += [conditional_escape(text[at:end]), "…" if end < len(text) else ""]
    return mark_safe("".join(parts))  # noqa: S308  (each part is escaped above)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _beginning_of(day: date) -> datetime:
    """In the searcher's own time zone."""
    try:
        return timezone.make_aware(datetime.combine(day, time.min)).astimezone(UTC)
    except OverflowError:  # at the ends of the calendar
        return datetime.combine(day, time.min, UTC) + timedelta(days=1 if day.year == 1 else 0)
