"""The contact list as it is shown: sorted by name, under letters, a page at a time."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from .models import Friendship, FriendshipQuerySet
from .names import initial_of, sort_key

PAGE_SIZE = 100
STAR = "★"


@dataclass(frozen=True)
class Section:
    heading: str
    friendships: list[Friendship]


@dataclass(frozen=True)
class ContactPage:
    sections: list[Section]
    total: int
    next_offset: int | None

    @property
    def next_query(self) -> str:
        return f"?offset={self.next_offset}"


def contact_page(friendships: FriendshipQuerySet, query: str = "", offset: int = 0) -> ContactPage:
    """Sorting needs every name but nothing else of a friend, so only the rows of this page are loaded whole."""
    names = [
        (not starred, *sort_key(remark or name), pk)
        for pk, remark, name, handle, starred in friendships.values_list(
            "pk", "remark", "friend__display_name", "friend__handle", "starred"
        )
        if _matches(query, remark, name, handle)
    ]
    names.sort()
    here = [pk for *_, pk in names[offset : offset + PAGE_SIZE]]
    rows = friendships.select_related("friend").in_bulk(here)
    shown = [rows[pk] for pk in here if pk in rows]
    following = offset + PAGE_SIZE
    return ContactPage(
        [Section(heading, list(group)) for heading, group in groupby(shown, key=_heading)],
        len(names),
        following if following < len(names) else None,
    )


def _heading(friendship: Friendship) -> str:
    return STAR if friendship.starred else initial_of(friendship.name)


def _matches(query: str, *texts: str) -> bool:
    return any(query.casefold() in text.casefold() for text in texts)
