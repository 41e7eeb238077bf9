"""One person at several devices, and what friends let each other see."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.acts import befriend, bubble, open_chat, say, sign_up
from tests.browser.conftest import DESK, PHONE, Complaints

pytestmark = pytest.mark.browser


def field(page: Page):  # type: ignore[no-untyped-def]
    return page.get_by_role("textbox", name="Message")


def allow_receipts(page: Page) -> None:
    page.goto("/me/privacy/")
    page.get_by_role("switch", name="Read receipts").check()
    page.get_by_text("my friends").click()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()


def test_drafts_follow_and_reading_shows(open_browser: Callable[..., Page], complaints: Complaints) -> None:
    iris, noah = open_browser(DESK), open_browser(PHONE)
    sign_up(iris, name="Iris", handle="iris")
    sign_up(noah, name="Noah", handle="noah")
    befriend(iris, noah, handle="noah")
    allow_receipts(iris)
    allow_receipts(noah)
    open_chat(iris, handle="noah")
    second = iris.context.new_page()
    complaints.listen_to(second)
    second.goto(iris.url)
    second.wait_for_load_state("networkidle")

    # What is begun in one place is there in the other, and goes when it is sent.
    iris.bring_to_front()
    field(iris).press_sequentially("Shall we")
    expect(field(second)).to_have_value("Shall we")
    field(iris).fill("Shall we go?")
    field(iris).press("Enter")
    expect(bubble(second, "Shall we go?")).to_be_visible()
    expect(field(second)).to_have_value("")
    expect(bubble(iris, "Shall we go?")).to_have_count(1)

    # The other opens it: the mark comes by itself.
    expect(iris.locator("[data-messages] [data-read-mark]")).to_have_count(0)
    open_chat(noah, handle="iris")
    expect(iris.locator("[data-messages] [data-read-mark]")).to_be_visible()
    expect(noah.get_by_text("Online")).to_be_visible()

    # A draft stands in the list of another page; the menu of a row folds it away.
    field(iris).fill("And then")
    second.goto("/chats/")
    row = second.locator("#chats a[data-conversation]", has_text="Noah")
    expect(row).to_contain_text("And then")
    row.hover()
    row.click(button="right")
    second.get_by_role("button", name="Fold", exact=True).click()
    expect(row).to_have_count(0)
    second.get_by_role("link", name=re.compile("Folded chats")).click()
    expect(row).to_be_visible()

    # Keys.
    second.keyboard.press("Control+k")
    second.get_by_role("searchbox", name="Go to a chat").press_sequentially("noa")
    expect(second.locator(".switcher-rows a")).to_have_count(1)
    second.keyboard.press("Enter")
    expect(second).to_have_url(re.compile(r"/chats/\d+/$"))
    second.wait_for_load_state("networkidle")
    second.locator("[data-scroller]").focus()
    second.keyboard.press("?")
    expect(second.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    assert complaints == []


def test_a_long_talk_grows_both_ways_and_back_finds_the_place(
    open_browser: Callable[..., Page], complaints: Complaints
) -> None:
    ruth, saul = open_browser(DESK), open_browser(DESK)
    sign_up(ruth, name="Ruth", handle="ruth")
    sign_up(saul, name="Saul", handle="saul")
    befriend(ruth, saul, handle="saul")
    open_chat(ruth, handle="saul")
    for number in range(90):
        say(ruth, f"line {number}")
    expect(ruth.locator(".message.mine[data-id]")).to_have_count(90, timeout=30_000)
    first = ruth.locator(".message.mine[data-id]").first.get_attribute("data-seq")
    ruth.goto(f"{ruth.url}?around={first}#message-{first}")
    ruth.wait_for_load_state("networkidle")
    expect(bubble(ruth, "line 0")).to_be_in_viewport()
    ruth.locator("[data-newer]").scroll_into_view_if_needed()
    expect(bubble(ruth, "line 89")).to_have_count(1)
    expect(ruth.locator(".conversation[data-detached]")).to_have_count(0)
    open_chat(saul, handle="ruth")
    say(saul, "I am here too")
    expect(bubble(ruth, "I am here too")).to_have_count(1)

    bubble(ruth, "line 60").scroll_into_view_if_needed()
    ruth.goto("/contacts/")
    ruth.go_back()
    expect(bubble(ruth, "line 60")).to_be_in_viewport()
    assert complaints == []
