from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from babel.dates import format_timedelta
from django import template
from django.template import engines
from django.utils.dateparse import parse_datetime
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, to_locale

from accounts.models import User
from chat.listing import ListRow
from chat.models import Conversation, SavedItem
from chat.timeline import Row
from chat.wording import card_label, drawn_emoji, greeting_or_default, line_of, linked, record_title, summary
from superapp.kernel import qr
from uploads.models import Upload

register = template.Library()
register.filter("linked", linked)
register.filter("summary", summary)
register.filter("card_label", card_label)
register.filter("greeting", greeting_or_default)
register.filter("record_title", record_title)
register.filter("drawn_emoji", drawn_emoji)


@register.filter
def record_line(item: Mapping[str, Any]) -> str:
    return line_of(item["kind"], item["text"])


@register.filter
def saved_line(item: SavedItem) -> str:
    return line_of(item.kind, item.text)


@register.filter
def moment_of(text: str) -> datetime | None:
    """A time as JSON keeps it."""
    return parse_datetime(text)


@register.filter
def places(uploads: list[Upload], wanted: list[int]) -> list[Upload]:
    """Of the files of a record, those that one of its items names."""
    return [uploads[place] for place in wanted if place < len(uploads)]


@register.simple_tag(takes_context=True)
def message_rows(context: template.Context, rows: Sequence[Row]) -> SafeString:
    """Messages in a row. Bubbles that are more than text are drawn by templates that see the page's context."""

    def bubble(row: Row) -> SafeString:
        with context.push(row=row, message=row.message, envelope=row.message.red_envelope):
            return _template(row.template).render(context)

    drawn = engines["jinja"].get_template("chat/_rows.jinja")
    return mark_safe(  # noqa: S308  (drawn with autoescape)
        drawn.render(
            {
                "rows": rows,
                "bubble": bubble,
                "here": context["here"],
                "is_group": context["is_group"],
                "unread_from": context.get("unread_from"),
                "unread_line": _template("chat/_unread_line.html").render(context)
                if context.get("unread_from")
                else "",
                "read_mark": context.get("read_mark"),
                "read_line": _template("chat/_read_mark.html").render(context) if context.get("read_mark") else "",
            }
        )
    )


@register.simple_tag
def conversation_rows(rows: Sequence[ListRow], active: int | None) -> SafeString:
    drawn = engines["jinja"].get_template("chat/_conversation_rows.jinja")
    return mark_safe(drawn.render({"rows": rows, "active": active}))  # noqa: S308  (drawn with autoescape)


@cache
def _template(name: str) -> Any:
    """As Django's own engine has it: it draws with the context of the page."""
    return engines["django"].get_template(name).template  # type: ignore[attr-defined]


@register.simple_tag
def qr_code(text: str) -> SafeString:
    """A code for cameras, always dark on white: readers want it so."""
    edge, path = qr.drawn(text)
    return format_html(
        '<svg class="qr" viewBox="0 0 {} {}" role="img" aria-label="{}" shape-rendering="crispEdges">'
        '<path class="qr-paper" d="M0 0h{}v{}H0z"/><path class="qr-ink" d="{}"/></svg>',
        edge,
        edge,
        gettext("Code to scan"),
        edge,
        edge,
        path,
    )


@register.filter
def title_for(conversation: Conversation, viewer: User) -> str:
    return conversation.title_for(viewer)


@register.filter
def span(length: timedelta) -> str:
    """How long something took, in the largest unit that says it."""
    return format_timedelta(length, threshold=1.5, locale=to_locale(get_language() or "en"))
