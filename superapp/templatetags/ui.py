"""What templates of every app draw with. A builtin library: no `{% load %}` needed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache, lru_cache
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
    if url := getattr(who, "avatar_url", ""):
        return _picture(url, size)
    name = str(getattr(who, "display_name", "") or getattr(who, "name", "") or getattr(who, "title", "") or who)
    return _initial_drawn(str(getattr(who, "handle", "") or getattr(who, "pk", "") or name), name, size)


@lru_cache(maxsize=8192)
def _picture(url: str, size: str) -> SafeString:
    edge = AVATAR_EDGES[size]
    return format_html(
        '<img class="avatar avatar-{}" src="{}" alt="" width="{}" height="{}" loading="lazy" decoding="async">',
        size,
        url,
        edge,
        edge,
    )


@lru_cache(maxsize=8192)
def _initial_drawn(seed: str, name: str, size: str) -> SafeString:
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
def ago(moment: datetime | None, *, in_full: bool = True) -> SafeString | str:
    """When, as short as a list needs it, in the viewer's zone; in full (unless a long list saves that) on hover."""
    if moment is None:
        return ""
    local = timezone.localtime(moment)
    short = _short(local, timezone.localtime())
    title = format_html(' title="{}"', formats.date_format(local, "DATETIME_FORMAT")) if in_full else ""
    return format_html('<time datetime="{}"{}>{}</time>', moment.isoformat(timespec="seconds"), title, short)


def _short(local: datetime, today: datetime) -> str:
    days = (today.date() - local.date()).days
    if days == 0:
        return f"{local.hour:02}:{local.minute:02}"
    if days == 1:
        return gettext("Yesterday")
    is_near = timedelta(0) < today - local < timedelta(days=7)
    return _short_date(local.date(), is_near, local.year == today.year, get_language() or "en")


@lru_cache(maxsize=4096)
def _short_date(day: date, is_near: bool, is_this_year: bool, language: str) -> str:
    if is_near:
        return formats.date_format(day, "D")
    if is_this_year:
        return format_skeleton("MMMd", day, locale=_locale())
    return format_date(day, "short", locale=_locale())


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
