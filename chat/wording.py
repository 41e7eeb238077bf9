"""Messages in words: in one line for lists and quotes, with links in their bubble."""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from django.template.defaultfilters import date as format_date
from django.utils import timezone
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from .models import Message
from .system_lines import system_sentence

_LINK = re.compile(r"https?://\w[^\s<>\"“”「」『』（），。、；！？]*", re.IGNORECASE)
_CLOSERS = {")": "(", "]": "["}


def linked(text: str) -> SafeString:
    """The text, escaped, with web addresses as links. Line breaks are left to `white-space: pre-wrap`."""
    parts, end = [], 0
    for found in _LINK.finditer(text):
        address = _without_trailing_marks(found.group())
        parts += [conditional_escape(text[end : found.start()]), _link(address)]
        end = found.start() + len(address)
    parts.append(conditional_escape(text[end:]))
    return mark_safe("".join(parts))  # noqa: S308  (each part is escaped above)


def _link(address: str) -> SafeString:
    return format_html(
        '<a href="{}" dir="ltr" target="_blank" rel="noopener noreferrer nofollow ugc">{}</a>', address, address
    )


def _without_trailing_marks(address: str) -> str:
    """A full stop or a bracket that closes the sentence does not belong to the address."""
    while address[-1] in ".,:;!?'*_~" or _closes_nothing(address):
        address = address[:-1]
    return address


def _closes_nothing(address: str) -> bool:
    opener = _CLOSERS.get(address[-1])
    return opener is not None and address.count(opener) < address.count(address[-1])


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
