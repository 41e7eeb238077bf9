from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from babel.dates import format_timedelta
from django import template
from django.template.defaultfilters import date as format_date
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, to_locale

from accounts.models import User
from chat.models import Conversation, Message
from chat.system_lines import system_sentence
from wallet.models import RedEnvelope

register = template.Library()

_LINK = re.compile(r"https?://\w[^\s<>\"“”「」『』（），。、；！？]*", re.IGNORECASE)
_CLOSERS = {")": "(", "]": "["}


@register.filter
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


@register.filter
def clock(at: datetime) -> str:
    return time_format(timezone.localtime(at), "H:i")


@register.filter
def day(at: datetime) -> str:
    """The heading of a day in a conversation: today and yesterday by name, this week by weekday, else the date."""
    local, today = timezone.localtime(at).date(), timezone.localdate()
    age = (today - local).days
    if age == 0:
        return gettext("Today")
    if age == 1:
        return gettext("Yesterday")
    if 1 < age < 7:
        return format_date(local, "l")
    return format_date(local, "DATE_FORMAT")


@register.filter
def summary(message: Message) -> str:
    """A message in one line: for the list, a quote, a notice."""
    if message.is_system:
        return system_sentence(message)
    if message.kind == Message.Kind.RED_ENVELOPE:
        return _labelled(gettext("[Red envelope]"), message.text or gettext("Best wishes"))
    if message.kind == Message.Kind.IMAGE:
        return _labelled(gettext("[Photo]"), message.text)
    if message.kind == Message.Kind.CARD:
        return _labelled(f"[{card_label(message.payload)}]", str(message.payload.get("title", "")))
    return message.text


def _labelled(label: str, text: str) -> str:
    return f"{label} {text}".strip()


@register.filter
def greeting(envelope: RedEnvelope) -> str:
    return envelope.greeting or gettext("Best wishes")


@register.filter
def card_label(card: Mapping[str, Any]) -> str:
    """What kind of thing a card leads to."""
    labels = {"article": gettext("Article"), "moment": gettext("Moment"), "public_account": gettext("Public account")}
    return labels.get(str(card.get("kind")), gettext("Link"))


@register.filter
def is_large_emoji(text: str) -> bool:
    """Up to three emoji and nothing else are shown large."""
    if not text or len(text) > 24:
        return False
    symbols = sum(unicodedata.category(character) == "So" for character in text)
    joins = all(unicodedata.category(character) in {"So", "Sk", "Mn", "Cf", "Me"} for character in text)
    return joins and 1 <= symbols <= 3


@register.filter
def title_for(conversation: Conversation, viewer: User) -> str:
    return conversation.title_for(viewer)


@register.filter
def span(length: timedelta) -> str:
    """How long something took, in the largest unit that says it."""
    return format_timedelta(length, threshold=1.5, locale=to_locale(get_language() or "en"))
