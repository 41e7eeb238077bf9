"""The template tags and partials that every app draws with, and the rules of the style sheets."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template import Context, Template
from django.template.loader import render_to_string
from django.utils import timezone, translation
from pytest_django import DjangoAssertNumQueries

from accounts.models import Friendship, User
from superapp.templatetags import ui

ROOT = Path(__file__).resolve().parent.parent.parent
SHEETS = sorted((ROOT / "superapp/static/css").rglob("*.css"))
SCRIPTS = sorted((ROOT / "superapp/static/js").glob("*.js"))
NOW = datetime(2026, 11, 23, 15, 30, tzinfo=UTC)


def draw(source: str, **context: object) -> str:
    return Template(source).render(Context(context))


# --- Avatars, icons, names -----------------------------------------------------------------------------------------


def test_an_initial_keeps_its_colour_everywhere() -> None:
    lin = User(handle="lin", display_name="Lin")
    first, again = ui.avatar(lin, "md"), ui.avatar(User(handle="lin", display_name="Lily"), "xs")
    hue = re.search(r"hue-\d+", first)
    assert hue is not None
    assert hue[0] in again
    assert ">L</span>" in first


def test_an_avatar_never_carries_a_style_or_markup_of_the_name() -> None:
    drawn = ui.avatar(User(handle="x_y", display_name="<b onclick=1>"), "md")
    assert "style=" not in drawn
    assert "&lt;</span>" in drawn


@pytest.mark.parametrize(
    ("name", "initial"),
    [("anna", "a"), ("  王伟", "王"), ("👩‍🚀 Mae", "👩‍🚀"), ("❤️ lily", "❤️"), ("é", "é"), ("", "?")],
)
def test_the_initial_is_what_people_see_as_one_letter(name: str, initial: str) -> None:
    drawn = ui.avatar(User(handle="h", display_name=name), "md")
    if name:
        assert drawn.endswith(f">{initial}</span>")


def test_a_picture_has_its_size_and_no_words() -> None:
    lin = User(handle="lin", display_name="Lin", avatar="avatars/abc.webp")
    drawn = ui.avatar(lin, "lg")
    assert '<img class="avatar avatar-lg"' in drawn
    assert 'alt=""' in drawn
    assert 'width="64" height="64"' in drawn


def test_icons_are_silent_and_carry_no_style() -> None:
    drawn = draw('{% icon "bell" %}')
    assert 'aria-hidden="true"' in drawn
    assert "icon-bell" in drawn
    assert "style=" not in drawn


@pytest.mark.django_db
def test_a_friend_is_called_as_the_viewer_calls_them(
    alice: User, bob: User, charlie: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    Friendship.objects.filter(owner=alice, friend=bob).update(remark="Bobby <3")
    with django_assert_num_queries(1):
        drawn = draw("{% person_name b me %}{% person_name c me %}{{ b|name_for:me }}", b=bob, c=charlie, me=alice)
    assert drawn == "<bdi>Bobby &lt;3</bdi><bdi>Charlie</bdi>Bobby &lt;3"


@pytest.mark.django_db
def test_nobody_else_hears_the_remark(alice: User, bob: User, charlie: User) -> None:
    Friendship.objects.filter(owner=alice, friend=bob).update(remark="Bobby")
    assert draw("{{ b|name_for:me }}", b=bob, me=alice) == "Bobby"
    assert draw("{{ b|name_for:me }}", b=bob, me=charlie) == "Bob"
    assert draw("{{ b|name_for:me }}", b=bob, me=AnonymousUser()) == "Bob"


# --- Times and money -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "words"),
    [
        (timedelta(minutes=5), "15:25"),
        (timedelta(hours=16), "Yesterday"),
        (timedelta(days=3), "Fri"),
        (timedelta(days=30), "Oct 24"),
        (timedelta(days=400), "10/19/25"),
        (timedelta(minutes=-5), "15:35"),
        (timedelta(days=-3), "Nov 26"),
    ],
)
def test_times_are_as_short_as_a_list_needs(before: timedelta, words: str) -> None:
    assert ui._short(NOW - before, NOW) == words


def test_times_are_in_the_viewers_zone_and_exact_for_programs() -> None:
    with timezone.override("Asia/Shanghai"):
        drawn = ui.ago(NOW)
    assert "11:30 p.m." in drawn
    assert 'datetime="2026-11-23T15:30:00+00:00"' in drawn


def test_no_time_is_nothing() -> None:
    assert ui.ago(None) == ""


@pytest.mark.parametrize(
    ("amount", "currency", "language", "written"),
    [
        (888, "CNY", "en", "¥8.88"),
        (123456789, "CNY", "zh-hans", "¥1,234,567.89"),
        (500, "JPY", "en", "¥500"),
        (-1050, "EUR", "en", "-€10.50"),
        (1, "CNY", "xx", "¥0.01"),
    ],
)
def test_amounts_are_written_as_the_viewer_writes_them(
    amount: int, currency: str, language: str, written: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ui, "get_language", lambda: language)
    assert ui.money(amount, currency) == written


def test_badges_stop_at_ninety_nine() -> None:
    assert [ui.badge_number(count) for count in [1, 99, 100]] == ["1", "99", "99+"]


# --- Partials ------------------------------------------------------------------------------------------------------


def test_an_empty_state_says_what_to_do_next() -> None:
    drawn = render_to_string(
        "_empty.html",
        {"icon": "users", "title": "No friends yet", "text": "Ask one.", "action_url": "/x/", "action_label": "Add"},
    )
    assert "No friends yet" in drawn
    assert 'href="/x/"' in drawn


def test_a_row_escapes_what_people_wrote() -> None:
    drawn = render_to_string("_row.html", {"url": "/x/", "title": "<i>", "text": "<b>", "count": 120, "chevron": True})
    assert "&lt;i&gt;" in drawn
    assert "&lt;b&gt;" in drawn
    assert "99+" in drawn


def test_pagination_is_a_link_that_works_without_scripts() -> None:
    drawn = render_to_string("_pagination.html", {"next_url": "/x/?cursor=a&b=c"})
    assert 'href="/x/?cursor=a&amp;b=c"' in drawn
    assert render_to_string("_pagination.html", {"next_url": None}).strip() == ""


def test_a_badge_of_nothing_is_hidden() -> None:
    assert "hidden>" in render_to_string("_badge.html", {"name": "chats", "count": 0})
    assert "hidden>" not in render_to_string("_badge.html", {"name": "chats", "count": 2}).split("data-count")[0]


def test_captured_blocks_can_be_asked_for() -> None:
    assert draw("{% capture as x %} hello {% endcapture %}[{{ x }}]") == "[hello]"


# --- Style sheets and scripts --------------------------------------------------------------------------------------

PHYSICAL = re.compile(
    r"(?:^|[;{\s])("
    r"(?:margin|padding|border|inset|scroll-margin|scroll-padding)-(?:left|right|top|bottom)(?:-\w+)?"
    r"|(?:min-|max-)?(?:width|height)"
    r"|left|right|top|bottom"
    r"|border-(?:top|bottom)-(?:left|right)-radius"
    r"|(?:text-align|float|clear)\s*:\s*(?:left|right)"
    r")\s*[:;]"
)


def without_comments(sheet: Path) -> str:
    text = re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.DOTALL)
    return re.sub(r"@import [^;]+;|@(?:media|container)[^{]*", "", text)


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_style_sheets_know_no_left_and_right(sheet: Path) -> None:
    assert [found[1] for found in PHYSICAL.finditer(without_comments(sheet))] == []


def test_the_rule_against_left_and_right_would_notice_them() -> None:
    for wrong in ["a { margin-left: 1px }", "a{width:1px;}", "a { text-align: right; }", "a {\n  top: 0;\n}"]:
        assert PHYSICAL.search(wrong), wrong


@pytest.mark.parametrize("sheet", [s for s in SHEETS if s.parent.name == "components"], ids=lambda sheet: sheet.name)
def test_components_take_their_colours_from_the_tokens(sheet: Path) -> None:
    text = without_comments(sheet)
    assert text.strip().startswith("@layer components")
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b|\brgba?\(|\bhsla?\(", text) == []


def test_every_component_reaches_a_page() -> None:
    """Through the one sheet, or linked by the page that alone needs it."""
    entry = (ROOT / "superapp/static/css/app.css").read_text()
    templates = "".join(page.read_text() for page in (ROOT / "templates").rglob("*.html"))
    names = [f"components/{sheet.name}" for sheet in SHEETS if sheet.parent.name == "components"]
    assert [name for name in names if name not in entry and name not in templates] == []


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_scripts_stay_small_and_leave_no_globals(script: Path) -> None:
    text = script.read_text()
    assert len(text.splitlines()) <= 300
    assert not re.search(r"\bwindow\.\w+\s*=[^=]", text)
    assert "innerHTML" not in text
    assert "eval(" not in text


@pytest.mark.parametrize("language", ["en", "zh-hans", "ar"])
def test_failure_pages_speak_the_language(language: str) -> None:
    with translation.override(language):
        assert f'<html lang="{language}"' in render_to_string("500.html")
