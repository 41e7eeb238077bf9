"""Three people in one group: a voice that two others hear, words taken back, and a page that falls silent."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.acts import befriend, bubble, mark, say, sign_up
from tests.browser.conftest import DESK, PHONE, Complaints

pytestmark = pytest.mark.browser


def test_a_voice_a_recall_and_a_removal(open_browser: Callable[..., Page], complaints: Complaints) -> None:
    uma, ken, zoe = open_browser(DESK, permissions=["microphone"]), open_browser(PHONE), open_browser(DESK)
    for page, name in ((uma, "Uma"), (ken, "Ken"), (zoe, "Zoe")):
        sign_up(page, name=name, handle=f"{name.lower()}_of_three")
    befriend(uma, ken, handle="ken_of_three")
    befriend(uma, zoe, handle="zoe_of_three")
    uma.goto("/chats/new/")
    uma.get_by_label("Group name").fill("Rehearsal")
    uma.get_by_role("checkbox", name=re.compile("Ken")).check()
    uma.get_by_role("checkbox", name=re.compile("Zoe")).check()
    uma.get_by_role("button", name="Start the group").click()
    expect(uma).to_have_url(re.compile(r"/chats/\d+/$"))
    group = uma.url
    ken.goto(group)
    zoe.goto(group)
    stayed = mark(ken)

    uma.get_by_role("button", name="Record a voice message").click()
    recorder = uma.get_by_role("group", name="Voice message")
    expect(recorder.get_by_role("timer")).to_have_text("0:02", timeout=10_000)
    recorder.get_by_role("button", name="Stop").click()
    recorder.get_by_role("button", name="Send").click()
    for page in (ken, zoe):
        play = page.get_by_role("button", name=re.compile("Play the voice message"))
        expect(play).to_be_visible(timeout=20_000)
        play.click()
        expect(page.locator(".voice.playing")).to_be_visible()

    say(zoe, "The door code is 4711")
    expect(bubble(ken, "The door code is 4711")).to_be_visible()
    bubble(zoe, "The door code is 4711").click(button="right")
    zoe.locator(".menu.of-actions").get_by_role("button", name="Recall").click()
    for page in (uma, ken):
        expect(page.get_by_role("log").get_by_text("Zoe recalled a message")).to_be_visible()
        expect(page.get_by_text("4711")).to_have_count(0)

    remover = uma.context.new_page()  # her own chat stays open beside it
    remover.goto(f"{group}members/zoe_of_three/remove/")
    remover.get_by_role("button", name="Remove").click()
    expect(uma.get_by_role("log").get_by_text("Uma removed Zoe.")).to_be_visible()
    say(uma, "Now it is the two of us")
    expect(bubble(ken, "Now it is the two of us")).to_be_visible()
    say(ken, "So it is")
    expect(bubble(uma, "So it is")).to_be_visible()
    assert zoe.get_by_text("Now it is the two of us").count() == 0
    assert zoe.get_by_text("So it is").count() == 0
    zoe.reload()
    expect(zoe.get_by_role("log")).to_have_count(0)

    assert ken.evaluate("window.stayed") == stayed
    assert [line for line in complaints if "404" not in line] == []
