"""What templates of every app draw with. A builtin library: no `{% load %}` needed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from string import ascii_uppercase
from typing import Any
from unicodedata import combining
from zlib import crc32

from babel.core import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton
from babel.numbers import format_currency, get_currency_precision, get_currency_symbol
from django import template
from django.template.base import Node, NodeList, Parser, Token
from django.template.defaulttags import URLNode
from django.template.defaulttags import url as parse_url
from django.utils import formats, timezone
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, to_locale
from lucide import _render_icon

from accounts.models import Friendship, User
from superapp.kernel.addresses import address

register = template.Library()

AVATAR_EDGES = {"xs": 24, "sm": 36, "md": 48, "lg": 64, "xl": 96}
HUES = 12
_JOINERS = "\u200d\ufe0f"


@cache
def _drawn(name: str, extra: str) -> str:
    classes = f"icon icon-{name} {extra}".strip()
    return _render_icon(name, None, **{"class": classes, "aria_hidden": "true", "focusable": "false"})


@register.simple_tag
def icon(name: str, extra: str = "") -> SafeString:
    """A line icon. It is always decoration: the words stand beside it or in the control's label."""
    return mark_safe(_drawn(name, extra))  # noqa: S308  (drawn from the package's own files)


def _initial(name: str) -> str:
    """The first letter as people see it, with the marks and joiners that belong to it."""
    name = name.strip() or "?"
    end = 1
    while end < len(name) and (name[end] in _JOINERS or name[end - 1] == "\u200d" or combining(name[end])):
        end += 1
    return name[:end]


@register.simple_tag
def avatar(who: Any, size: str = "md") -> SafeString:
    """The picture of a person (or of anything with a handle, a name and perhaps an `avatar_url`)."""
    edge = AVATAR_EDGES[size]
    url = getattr(who, "avatar_url", "")
    if url:
        return format_html(
            '<img class="avatar avatar-{}" src="{}" alt="" width="{}" height="{}" loading="lazy" decoding="async">',
            size,
            url,
            edge,
            edge,
        )
    name = str(getattr(who, "display_name", "") or getattr(who, "name", "") or getattr(who, "title", "") or who)
    seed = str(getattr(who, "handle", "") or getattr(who, "pk", "") or name)
    return format_html(
        '<span class="avatar avatar-{} hue-{}" aria-hidden="true">{}</span>',
        size,
        crc32(seed.encode()) % HUES,
        _initial(name),
    )


def _remarks(viewer: Any) -> dict[int, str]:
    """What the viewer calls their friends; read once for each request, on the viewer's own object."""
    if not getattr(viewer, "is_authenticated", False):
        return {}
    if not hasattr(viewer, "_remarks"):
        rows: Iterable[tuple[int, str]] = (
            Friendship.objects.filter(owner=viewer).exclude(remark="").values_list("friend_id", "remark")
        )
        viewer._remarks = dict(rows)
    remarks: dict[int, str] = viewer._remarks
    return remarks


@register.filter
def name_for(person: User, viewer: Any) -> str:
    """The name under which `viewer` knows `person`, as plain text (for labels and sentences)."""
    return _remarks(viewer).get(person.pk) or person.display_name


@register.simple_tag
def person_name(person: User, viewer: Any) -> SafeString:
    return format_html("<bdi>{}</bdi>", name_for(person, viewer))


@register.simple_tag
def ago(moment: datetime | None) -> SafeString | str:
    """When, as short as a list needs it, in the viewer's zone; in full on hover and for programs."""
    if moment is None:
        return ""
    local = timezone.localtime(moment)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        moment.isoformat(timespec="seconds"),
        formats.date_format(local, "DATETIME_FORMAT"),
        _short(local, timezone.localtime()),
    )


def _short(local: datetime, today: datetime) -> str:
    days = (today.date() - local.date()).days
    if days == 0:
        return formats.time_format(local, "H:i")
    if days == 1:
        return gettext("Yesterday")
    if timedelta(0) < today - local < timedelta(days=7):
        return formats.date_format(local, "D")
    if local.year == today.year:
        return format_skeleton("MMMd", local, locale=_locale())
    return format_date(local, "short", locale=_locale())


def _locale() -> Locale:
    """The viewer's language, as babel knows it."""
    try:
        return Locale.parse(to_locale(get_language() or "en"))
    except (UnknownLocaleError, ValueError):
        return Locale("en")


@register.filter
def money(amount: int, currency: str) -> str:
    """An amount in minor units, as the viewer's language writes it, with the short sign: ¥ and not CN¥."""
    locale = _locale()
    value = Decimal(amount).scaleb(-get_currency_precision(currency))
    sign = get_currency_symbol(currency, locale=locale)
    written = format_currency(value, currency, locale=locale)
    return written.replace(sign, sign.lstrip(ascii_uppercase) or sign)


@register.simple_tag(takes_context=True)
def current(context: template.Context, url: str) -> SafeString:
    """Marks the row of a menu whose page, or a page below it, stands beside it."""
    path = getattr(context.get("request"), "path", "")
    return mark_safe(' aria-current="true"' if url and path.startswith(url) else "")  # noqa: S308  (a constant)


@register.filter
def badge_number(count: int) -> str:
    return "99+" if count > 99 else str(count)


class AddressNode(URLNode):
    """Django's `{% url %}`, which remembers what it has worked out. The admin's addresses depend on the page."""

    def render(self, context: template.Context) -> str:
        name = self.view_name.resolve(context)
        if self.kwargs or self.asvar or name.startswith("admin:"):
            return super().render(context)
        return conditional_escape(address(name, *[place.resolve(context) for place in self.args]))


@register.tag("url")
def url(parser: Parser, token: Token) -> AddressNode:
    node = parse_url(parser, token)
    return AddressNode(node.view_name, node.args, node.kwargs, node.asvar)


class CaptureNode(Node):
    """`{% capture as name %}…{% endcapture %}`: lets a frame ask what its page has put into a block."""

    def __init__(self, nodelist: NodeList, name: str) -> None:
        self.nodelist = nodelist
        self.name = name

    def render(self, context: template.Context) -> SafeString:
        context[self.name] = mark_safe(self.nodelist.render(context).strip())  # noqa: S308  (already rendered)
        return SafeString("")


@register.tag
def capture(parser: Parser, token: Token) -> CaptureNode:
    _tag, _as, name = token.split_contents()
    nodelist = parser.parse(("endcapture",))
    parser.delete_first_token()
    return CaptureNode(nodelist, name)
