"""A program among people, in real browsers: it posts into an open chat, and its commands are suggested there."""

from __future__ import annotations

import re
from collections.abc import Callable

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.browser.acts import befriend, bubble, sign_up
from tests.browser.conftest import DESK, PHONE, Complaints

pytestmark = [pytest.mark.browser, pytest.mark.covers("E3")]


def test_what_a_program_posts_appears_in_open_chats(
    open_browser: Callable[..., Page], complaints: Complaints, site: str
) -> None:
    ida, jon = open_browser(DESK), open_browser(PHONE)
    sign_up(ida, name="Ida", handle="ida_bots")
    sign_up(jon, name="Jon", handle="jon_bots")
    befriend(ida, jon, handle="jon_bots")
    asked: list[str] = []
    for page in (ida, jon):
        page.on("request", lambda request: asked.append(request.url))

    ida.goto("/chats/new/")
    ida.get_by_role("checkbox", name=re.compile("jon_bots")).check()
    ida.get_by_label("Name of the group").or_(ida.locator("[name=title]")).first.fill("Builds")
    ida.locator("main form button[type=submit]").last.click()
    expect(ida).to_have_url(re.compile(r"/chats/\d+/$"))
    chat = ida.url
    jon.goto(chat)

    ida.goto(f"{chat}bots/")
    ida.get_by_label("Name").fill("Build robot")
    ida.get_by_role("button", name="New webhook").click()
    address = ida.locator(".bot-told code").inner_text()
    assert httpx.post(address, json={"text": "Build 7 passed :tada:"}).text == "ok"

    expect(bubble(jon, "Build 7 passed 🎉")).to_be_visible(timeout=45_000)
    expect(jon.locator(".bot-mark").first).to_be_visible()

    ida.goto("/bots/")
    ida.get_by_role("main").get_by_role("link", name=re.compile("Build robot")).click()
    ida.get_by_label("Command", exact=True).fill("/build")
    ida.get_by_label("What it does").fill("Builds it again")
    ida.get_by_role("button", name="Add the command").click()
    expect(ida.get_by_text("/build", exact=True)).to_be_visible()

    ida.goto(chat)
    expect(ida.locator("#composer[data-ready]")).to_be_visible(timeout=15_000)
    words = ida.get_by_role("textbox", name="Message")
    words.press_sequentially("/b")
    expect(ida.get_by_role("option", name=re.compile("Builds it again"))).to_be_visible(timeout=15_000)
    words.press("Tab")
    expect(words).to_have_value("/build ")
    words.fill("/help")
    expect(ida.get_by_role("option", name=re.compile("What can be used here"))).to_be_visible()
    words.press("Enter")
    expect(ida.get_by_role("option")).to_have_count(2)  # the command, and /help itself
    expect(bubble(ida, "/help")).to_have_count(0)

    assert [url for url in asked if not url.startswith((site, "data:", "blob:"))] == []
    assert complaints == []
