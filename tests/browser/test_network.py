"""Bad networks and impatient fingers."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.acts import befriend, bubble, mark, open_chat, say, sign_up
from tests.browser.conftest import DESK, PHONE

pytestmark = pytest.mark.browser


@pytest.fixture
def two(open_browser: Callable[..., Page]) -> tuple[Page, Page]:
    """Two friends with their chat open on both screens."""
    nora, ivan = open_browser(DESK), open_browser(PHONE, has_touch=True)
    number = nora.evaluate("Date.now() % 1e8")
    sign_up(nora, name="Nora", handle=f"nora{number}")
    sign_up(ivan, name="Ivan", handle=f"ivan{number}")
    befriend(nora, ivan, handle=f"ivan{number}")
    open_chat(nora, handle=f"ivan{number}")
    open_chat(ivan, handle=f"nora{number}")
    return nora, ivan


def test_what_is_written_without_a_network_is_sent_when_it_comes_back(two: tuple[Page, Page]) -> None:
    nora, ivan = two
    stayed = mark(nora)
    nora.context.set_offline(True)
    say(nora, "written in the tunnel")
    say(nora, "and this too")
    expect(bubble(nora, "and this too")).to_be_visible()
    nora.context.set_offline(False)

    expect(bubble(ivan, "and this too")).to_be_visible(timeout=40_000)
    order = ivan.get_by_role("log").inner_text()
    assert order.index("written in the tunnel") < order.index("and this too")
    assert bubble(ivan, "written in the tunnel").count() == 1
    expect(bubble(nora, "written in the tunnel")).to_have_count(1)
    assert nora.evaluate("window.stayed") == stayed


def test_what_was_said_while_away_is_there_afterwards(two: tuple[Page, Page]) -> None:
    nora, ivan = two
    stayed = mark(ivan)
    ivan.context.set_offline(True)
    for number in range(4):
        say(nora, f"missed {number}")
    expect(bubble(nora, "missed 3")).to_be_visible()
    ivan.context.set_offline(False)

    expect(bubble(ivan, "missed 3")).to_be_visible(timeout=40_000)
    assert [bubble(ivan, f"missed {number}").count() for number in range(4)] == [1, 1, 1, 1]
    assert ivan.evaluate("window.stayed") == stayed


def test_a_draft_outlives_the_page(two: tuple[Page, Page]) -> None:
    nora, _ivan = two
    nora.get_by_role("textbox", name="Message").fill("not yet said")
    chat = nora.url
    nora.goto("/contacts/")
    nora.goto(chat)

    expect(nora.get_by_role("textbox", name="Message")).to_have_value("not yet said")


def test_a_double_click_tops_up_once(open_browser: Callable[..., Page]) -> None:
    nora = open_browser(DESK)
    sign_up(nora, name="Nora", handle=f"nora{nora.evaluate('Date.now() % 1e8')}")
    nora.goto("/wallet/top-up/confirm/?amount=5")
    nora.get_by_role("button", name="Top up").dblclick(no_wait_after=True)
    nora.wait_for_timeout(500)
    nora.goto("/wallet/")

    expect(nora.get_by_text("¥5.00").first).to_be_visible()
    assert nora.get_by_text("¥10.00").count() == 0
