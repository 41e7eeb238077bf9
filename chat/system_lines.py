"""What a conversation says of itself: who came, who left, what it is called now."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from babel.lists import format_list
from django.db import models
from django.utils.translation import get_language, gettext_lazy, ngettext, override, pgettext_lazy, to_locale

from accounts.models import User

from .models import Message

PEOPLE_NAMED = 10  # more of them are counted
PEOPLE_KEPT = 50  # so many are named to programs, who find the others in the list of members


class Line(models.TextChoices):
    GROUP_CREATED = "group_created", gettext_lazy("%(actor)s started the group with %(people)s.")
    MEMBER_JOINED = "member_joined", gettext_lazy("%(actor)s added %(people)s.")
    MEMBER_LEFT = "member_left", gettext_lazy("%(actor)s left the group.")
    MEMBER_REMOVED = "member_removed", gettext_lazy("%(actor)s removed %(people)s.")
    OWNER_CHANGED = "owner_changed", gettext_lazy("%(people)s now owns the group.")
    TITLE_CHANGED = "title_changed", gettext_lazy("%(actor)s named the group “%(title)s”.")
    TITLE_REMOVED = "title_removed", gettext_lazy("%(actor)s took away the group’s name.")
    ANNOUNCEMENT_CHANGED = "announcement_changed", gettext_lazy("%(actor)s changed the announcement.")
    ANNOUNCEMENT_REMOVED = "announcement_removed", gettext_lazy("%(actor)s took down the announcement.")
    PICTURE_CHANGED = "picture_changed", gettext_lazy("%(actor)s changed the group’s picture.")
    JOINED_BY_INVITE = "joined_by_invite", gettext_lazy("%(people)s joined by an invitation of %(actor)s.")
    LET_IN = "let_in", gettext_lazy("%(actor)s let %(people)s in.")
    ADMIN_MADE = "admin_made", gettext_lazy("%(actor)s made %(people)s an admin.")
    ADMIN_UNMADE = "admin_unmade", gettext_lazy("%(people)s is no longer an admin.")
    ONLY_ADMINS_SPEAK = "only_admins_speak", gettext_lazy("%(actor)s muted all: only the admins may write now.")
    EVERYBODY_SPEAKS = "everybody_speaks", gettext_lazy("%(actor)s let everybody write again.")
    ONLY_ADMINS_INVITE = "only_admins_invite", gettext_lazy("From now on only the admins bring in new members.")
    EVERYBODY_INVITES = "everybody_invites", gettext_lazy("From now on every member may bring in others.")
    APPROVAL_NEEDED = "approval_needed", gettext_lazy("From now on the admins decide who comes in.")
    APPROVAL_NOT_NEEDED = "approval_not_needed", gettext_lazy("New members come in without approval now.")
    HISTORY_SHOWN = "history_shown", gettext_lazy("New members will see what is said here from now on.")
    HISTORY_HIDDEN = "history_hidden", gettext_lazy("New members will not see what was said before they came.")
    TODO_MADE = "todo_made", gettext_lazy("%(actor)s asks everybody: %(title)s")
    RETENTION_CHANGED = "retention_changed", gettext_lazy("%(actor)s set the days that messages are kept to %(title)s.")
    RETENTION_ENDED = "retention_ended", gettext_lazy("%(actor)s lets messages be kept for good.")
    DISSOLVED = "dissolved", gettext_lazy("%(actor)s dissolved the group. Nobody can write here any more.")
    REQUEST_ACCEPTED = "request_accepted", gettext_lazy("%(actor)s accepted the request. You can talk now.")
    NOW_FRIENDS = "now_friends", pgettext_lazy("system line", "You are now friends. Say hello!")


def payload_of(line: Line, *, actor: User, people: Iterable[User] = (), title: str = "") -> dict[str, Any]:
    """Handles for programs, and the names of that moment for readers."""
    people = list(people)
    kept = people[:PEOPLE_KEPT]
    names = {person.handle: person.display_name for person in [actor, *kept]}
    return {
        "event": line.value,
        "actor": actor.handle,
        "people": [person.handle for person in kept],
        "names": names,
        **({"count": len(people)} if len(people) > len(kept) else {}),
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
        "people": _and([names.get(handle, handle) for handle in payload.get("people", [])], payload.get("count")),
        "title": payload.get("title", ""),
    }
    return str(line.label) % words


def fallback_text(payload: dict[str, Any]) -> str:
    """The line in English, for those who cannot render it themselves."""
    with override("en"):
        return system_sentence(Message(kind=Message.Kind.SYSTEM, payload=payload))


def _and(names: list[str], count: int | None) -> str:
    shown = names[:PEOPLE_NAMED]
    others = (count or len(names)) - len(shown)
    if others:
        shown.append(ngettext("%(count)s other", "%(count)s others", others) % {"count": others})
    return format_list(shown, locale=to_locale(get_language() or "en"))
