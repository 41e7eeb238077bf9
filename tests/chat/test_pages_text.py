from __future__ import annotations

import pytest

from chat.wording import is_large_emoji, linked


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("see https://example.org.", "https://example.org"),
        ("(https://example.org/a)", "https://example.org/a"),
        ("https://en.wikipedia.org/wiki/Tea_(drink)", "https://en.wikipedia.org/wiki/Tea_(drink)"),
        ("HTTP://EXAMPLE.ORG/X!", "HTTP://EXAMPLE.ORG/X"),
        ("看这里https://example.org/路，好吗", "https://example.org/路"),
        ("<https://example.org/a>", "https://example.org/a"),
    ],
)
def test_an_address_is_linked_without_the_marks_around_it(text: str, address: str) -> None:
    assert f'<a href="{address}"' in linked(text)


@pytest.mark.parametrize("text", ["http://", "https://.", "javascript:alert(1)", "data:text/html,x", "mailto:a@b.c"])
def test_what_is_no_web_address_is_left_as_text(text: str) -> None:
    assert "<a" not in linked(text)


@pytest.mark.parametrize(
    "text",
    ['https://example.org/"onmouseover="alert(1)', "https://example.org/'><script>alert(1)</script>", "<b>&amp;</b>"],
)
def test_nothing_in_the_text_becomes_markup(text: str) -> None:
    html = linked(text)
    assert "<script" not in html and "<b>" not in html
    assert '"onmouseover' not in html


@pytest.mark.parametrize(
    ("text", "large"),
    [("👍", True), ("🎉🎉🎉", True), ("👩‍🚀", True), ("🎉🎉🎉🎉", False), ("ok 👍", False), ("", False)],
)
def test_a_few_emoji_alone_are_shown_large(text: str, large: bool) -> None:
    assert is_large_emoji(text) is large
