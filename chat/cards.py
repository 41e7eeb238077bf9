"""What can be shared into a chat as a card. Apps above add their kinds in their AppConfig.ready, each with a function
that finds the thing as the sharer may see it and says what a card shows of it.

A card is for everybody in the chat, so it shows only what everybody here may see of the thing: that is why Moments,
which are for friends alone, have none.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypedDict

from accounts.models import User
from superapp.kernel.errors import NotFound


class Card(TypedDict):
    """A small snapshot of something that lives elsewhere. Opening `url` goes through its own page and its own rule."""

    kind: str
    title: str
    text: str
    image: str
    url: str


Maker = Callable[[User, str], Card | None]

_makers: dict[str, Maker] = {}


def register_card(kind: str, maker: Maker) -> None:
    _makers[kind] = maker


def card_kinds() -> list[str]:
    return sorted(_makers)


def make_card(sharer: User, kind: str, name: str) -> Card:
    """The card of something the sharer may see, by the name its address has. NotFound for anything else."""
    maker = _makers.get(kind)
    card = maker(sharer, name) if maker else None
    if card is None:
        raise NotFound
    return card


def person_card(sharer: User, name: str) -> Card | None:
    person = User.objects.visible_to(sharer).filter(handle=name).first()
    if person is None:
        return None
    return Card(
        kind="person",
        title=person.display_name,
        text=f"@{person.handle}",
        image=person.avatar_url or "",
        url=person.get_absolute_url(),
    )
