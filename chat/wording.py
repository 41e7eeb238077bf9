"""Messages in words: in one line for lists and quotes, with links in their bubble."""

from __future__ import annotations

import datetime
import unicodedata
from collections.abc import Mapping
from typing import Any

from django.template.defaultfilters import date as format_date
from django.utils import timezone
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from .models import Message
from .links import links_in
from .mentions import EVERYBODY, mentions_of, names_in
from .system_lines import system_sentence


def linked(text: str, names: Mapping[str, str] | None = None) -> SafeString:
    """The text, escaped, with web addresses as links, and the people it names (`mentions_of`). Line breaks are left to
    `white-space: pre-wrap`."""
    parts, end = [], 0
    for start, address in links_in(text):
        parts += [_named(text[end:start], names), _link(address)]
        end = start + len(address)
    parts.append(_named(text[end:], names))
    return mark_safe("".join(parts))  # noqa: S308  (each part is escaped above)


def _link(address: str) -> SafeString:
    return format_html(
        '<a href="{}" dir="ltr" target="_blank" rel="noopener noreferrer nofollow ugc">{}</a>', address, address
    )


def _named(text: str, names: Mapping[str, str] | None) -> SafeString:
    """Words between links: who is named in them stands there by name, and leads to their profile."""
    if not names:
        return conditional_escape(text)
    parts, done = [], 0
    for start, end, handle in names_in(text):
        if handle in names:
            parts += [conditional_escape(text[done:start]), _name(handle, names[handle])]
            done = end
    parts.append(conditional_escape(text[done:]))
    return mark_safe("".join(parts))  # noqa: S308  (each part is escaped above)


def with_names(text: str, names: Mapping[str, str]) -> str:
    """The text in which those it names stand by name, as plain words."""
    for start, end, handle in reversed(list(names_in(text)) if names else []):
        if handle in names:
            name = gettext("everyone") if handle == EVERYBODY else names[handle] or handle
            text = f"{text[:start]}@{name}{text[end:]}"
    return text


def _name(handle: str, name: str) -> SafeString:
    if handle == EVERYBODY:
        return format_html('<span class="mention">@{}</span>', gettext("everyone"))
    return format_html(
        '<a class="mention" href="{}">@<bdi>{}</bdi></a>', reverse("accounts:profile", args=[handle]), name or handle
    )


def summary(message: Message) -> str:
    """A message in one line: for the list, a quote, a notice."""
    if message.is_system:
        return system_sentence(message)
    if message.kind == Message.Kind.RED_ENVELOPE:
        return _labelled(gettext("[Red envelope]"), greeting_or_default(message.text))
    if message.kind == Message.Kind.IMAGE:
        return _labelled(gettext("[Photo]"), message.text)
    if message.kind == Message.Kind.CARD:
        return _labelled(f"[{card_label(message.payload)}]", str(message.payload.get("title", "")))
    return message.text


def _labelled(label: str, text: str) -> str:
    return f"{label} {text}".strip()


def greeting_or_default(greeting: str) -> str:
    return greeting or gettext("Best wishes")


def card_label(card: Mapping[str, Any]) -> str:
    """What kind of thing a card leads to."""
    labels = {"article": gettext("Article"), "moment": gettext("Moment"), "public_account": gettext("Public account")}
    return labels.get(str(card.get("kind")), gettext("Link"))


def day_in_words(date: datetime.date) -> str:
    """The heading of a day in a conversation: today and yesterday by name, this week by weekday, else the date."""
    age = (timezone.localdate() - date).days
    if age == 0:
        return gettext("Today")
    if age == 1:
        return gettext("Yesterday")
    return format_date(date, "l" if 1 < age < 7 else "DATE_FORMAT")


def is_large_emoji(text: str) -> bool:
    """Up to three emoji and nothing else are shown large."""
    if not text or len(text) > 24:
        return False
    symbols = sum(unicodedata.category(character) == "So" for character in text)
    joins = all(unicodedata.category(character) in {"So", "Sk", "Mn", "Cf", "Me"} for character in text)
    return joins and 1 <= symbols <= 3
