"""Messages in words: in one line for lists and quotes, with links in their bubble."""

from __future__ import annotations

import datetime
import unicodedata
from collections.abc import Mapping
from typing import Any

from babel.lists import format_list
from django.template.defaultfilters import date as format_date
from django.urls import reverse
from django.utils import timezone
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, gettext_lazy, to_locale

from .custom_emoji import with_custom_emoji
from .links import links_in
from .mentions import EVERYBODY, mentions_of, names_in
from .models import Message
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
        return _words(text)
    parts, done = [], 0
    for start, end, handle in names_in(text):
        if handle in names:
            parts += [_words(text[done:start]), _name(handle, names[handle])]
            done = end
    parts.append(_words(text[done:]))
    return mark_safe("".join(parts))  # noqa: S308  (each part is escaped above)


def _words(text: str) -> SafeString:
    return with_custom_emoji(conditional_escape(text))


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
    if message.is_recalled:
        return gettext("Message recalled")
    if message.kind == Message.Kind.CARD:
        return _labelled(f"[{card_label(message.payload)}]", str(message.payload.get("title", "")))
    if message.kind == Message.Kind.TEXT:
        return with_names(message.text, mentions_of(message))
    return line_of(message.kind, _words_of(message))


def _words_of(message: Message) -> str:
    """What stands after the name of its kind."""
    kind, payload = Message.Kind(message.kind), message.payload
    if kind == Message.Kind.RED_ENVELOPE:
        return greeting_or_default(message.text)
    if kind == Message.Kind.RECORD:
        return record_title(payload)
    named_by = {Message.Kind.POLL: "question", Message.Kind.LIST: "title", Message.Kind.FILE: "name"}
    if kind in named_by and not (kind == Message.Kind.FILE and message.text):
        return str(payload.get(named_by[kind], ""))
    return "" if kind == Message.Kind.VOICE else with_names(message.text, mentions_of(message))


def recalled_sentence(message: Message, reader_id: int, name: str) -> str:
    """The line that stands where a message has been. `name` is what the reader calls its sender."""
    if message.recalled_by_id == message.sender_id:
        if message.sender_id == reader_id:
            return gettext("You recalled a message")
        return gettext("%(name)s recalled a message") % {"name": name}
    if message.recalled_by_id == reader_id:
        return gettext("You removed a message of %(name)s") % {"name": name}
    remover = message.recalled_by.display_name if message.recalled_by else ""
    if message.sender_id == reader_id:
        return gettext("%(name)s removed a message of yours") % {"name": remover}
    return gettext("%(name)s removed a message of %(sender)s") % {"name": remover, "sender": name}


def record_title(head: Mapping[str, Any]) -> str:
    """What to call a chat record."""
    if head.get("of_group"):
        return gettext("Chat record of a group")
    names = format_list(head.get("names") or [""], style="unit-short", locale=to_locale(get_language() or "en"))
    return gettext("Chat record of %(names)s") % {"names": names}


_LABELS = {
    Message.Kind.RED_ENVELOPE.value: gettext_lazy("[Red envelope]"),
    Message.Kind.POLL.value: gettext_lazy("[Poll]"),
    Message.Kind.LIST.value: gettext_lazy("[Sign-up list]"),
    Message.Kind.IMAGE.value: gettext_lazy("[Photo]"),
    Message.Kind.VIDEO.value: gettext_lazy("[Video]"),
    Message.Kind.VOICE.value: gettext_lazy("[Voice message]"),
    Message.Kind.FILE.value: gettext_lazy("[File]"),
    Message.Kind.PLACE.value: gettext_lazy("[Place]"),
    Message.Kind.CARD.value: gettext_lazy("[Card]"),
    Message.Kind.STICKER.value: gettext_lazy("[Sticker]"),
    Message.Kind.RECORD.value: gettext_lazy("[Chat record]"),
}


def line_of(kind: str, text: str) -> str:
    """What was said, in one line."""
    return _labelled(str(_LABELS[kind]), text) if kind in _LABELS else text


def _labelled(label: str, text: str) -> str:
    return f"{label} {text}".strip()


def greeting_or_default(greeting: str) -> str:
    return greeting or gettext("Best wishes")


def card_label(card: Mapping[str, Any]) -> str:
    """What kind of thing a card leads to."""
    labels = {
        "article": gettext("Article"),
        "moment": gettext("Moment"),
        "person": gettext("Contact card"),
        "public_account": gettext("Public account"),
    }
    return labels.get(str(card.get("kind")), gettext("Link"))


def day_in_words(date: datetime.date) -> str:
    """The heading of a day in a conversation: today and yesterday by name, this week by weekday, else the date."""
    age = (timezone.localdate() - date).days
    if age == 0:
        return gettext("Today")
    if age == 1:
        return gettext("Yesterday")
    return format_date(date, "l" if 1 < age < 7 else "DATE_FORMAT")


def drawn_emoji(emoji: str) -> SafeString:
    """A reaction: an emoji of all, or one of this place by its name."""
    return with_custom_emoji(conditional_escape(emoji))


def is_large_emoji(text: str) -> bool:
    """Up to three emoji and nothing else are shown large."""
    if not text or len(text) > 24:
        return False
    symbols = sum(unicodedata.category(character) == "So" for character in text)
    joins = all(unicodedata.category(character) in {"So", "Sk", "Mn", "Cf", "Me"} for character in text)
    return joins and 1 <= symbols <= 3
