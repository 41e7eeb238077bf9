"""What a conversation says of itself: who came, who left, what it is called now."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from babel.lists import format_list
from django.db import models
from django.utils.translation import get_language, gettext_lazy, override, pgettext_lazy, to_locale
from django.utils.translation import gettext as _

from accounts.models import User

from .models import Message

PEOPLE_NAMED = 10  # more of them are counted


class Line(models.TextChoices):
    GROUP_CREATED = "group_created", gettext_lazy("%(actor)s started the group with %(people)s.")
    MEMBER_JOINED = "member_joined", gettext_lazy("%(actor)s added %(people)s.")
    MEMBER_LEFT = "member_left", gettext_lazy("%(actor)s left the group.")
    MEMBER_REMOVED = "member_removed", gettext_lazy("%(actor)s removed %(people)s.")
    OWNER_CHANGED = "owner_changed", gettext_lazy("%(people)s now owns the group.")
    TITLE_CHANGED = "title_changed", gettext_lazy("%(actor)s named the group “%(title)s”.")
    TITLE_REMOVED = "title_removed", gettext_lazy("%(actor)s took away the group’s name.")
    ANNOUNCEMENT_CHANGED = "announcement_changed", gettext_lazy("%(actor)s changed the announcement.")
    NOW_FRIENDS = "now_friends", pgettext_lazy("system line", "You are now friends. Say hello!")


def payload_of(line: Line, *, actor: User, people: Iterable[User] = (), title: str = "") -> dict[str, Any]:
    """Handles for programs, and the names of that moment for readers."""
    people = list(people)
    names = {person.handle: person.display_name for person in [actor, *people]}
    return {
        "event": line.value,
        "actor": actor.handle,
        "people": [person.handle for person in people],
        "names": names,
        **({"title": title} if title else {}),
    }


def system_sentence(message: Message) -> str:
    """The line in the reader's language."""
    payload = message.payload
    try:
        line = Line(payload.get("event"))
    except ValueError:
        return message.text
    names = payload.get("names", {})
    words = {
        "actor": names.get(payload.get("actor"), payload.get("actor", "")),
        "people": _and([names.get(handle, handle) for handle in payload.get("people", [])]),
        "title": payload.get("title", ""),
    }
    return str(line.label) % words


def fallback_text(payload: dict[str, Any]) -> str:
    """The line in English, for those who cannot render it themselves."""
    with override("en"):
        return system_sentence(Message(kind=Message.Kind.SYSTEM, payload=payload))


def _and(names: list[str]) -> str:
    shown = names[:PEOPLE_NAMED]
    if len(names) > len(shown):
        shown.append(_("%(count)s others") % {"count": len(names) - len(shown)})
    return format_list(shown, locale=to_locale(get_language() or "en"))
