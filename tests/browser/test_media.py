"""A voice, a video and a file, from the device to the bubble, in real Chromium with a microphone that beeps."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests import films

from .acts import say, sign_up
from .conftest import PHONE, Complaints

pytestmark = pytest.mark.browser


def own_chat(page: Page) -> None:
    page.goto("/contacts/")
    page.get_by_role("button", name="File Transfer").click()
    expect(page).to_have_url(re.compile(r"/chats/\d+/$"))
    page.wait_for_load_state("networkidle")


def test_what_is_recorded_and_chosen_arrives_and_plays(open_browser, complaints: Complaints) -> None:
    page = open_browser(PHONE, permissions=["microphone"])
    sign_up(page, name="Vera", handle="vera_voice")
    own_chat(page)

    page.get_by_role("button", name="Record a voice message").click()
    recorder = page.get_by_role("group", name="Voice message")
    expect(recorder.get_by_role("timer")).to_have_text("0:02", timeout=10_000)
    recorder.get_by_role("button", name="Stop").click()
    expect(recorder.get_by_role("button", name="Listen")).to_be_visible()
    recorder.get_by_role("button", name="Send").click()
    expect(recorder).to_be_hidden()
    play = page.get_by_role("button", name=re.compile("Play the voice message"))
    expect(play).to_be_visible(timeout=20_000)
    play.click()
    expect(page.locator(".voice.playing")).to_be_visible()

    page.get_by_role("button", name="Record a voice message").click()
    expect(recorder).to_be_visible()
    recorder.get_by_role("button", name="Throw away").click()
    expect(recorder).to_be_hidden()

    clip = {"name": "clip.webm", "mimeType": "video/webm", "buffer": films.video(box="webm", codec="libvpx")}
    page.locator("input[name=photos]").set_input_files([clip])
    notes = {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"Bread, twice."}
    page.locator("input[name=files]").set_input_files([notes])
    expect(page.locator(".composer-photo[data-state=ready]")).to_have_count(2)
    say(page, "Two things")
    expect(page.get_by_role("link", name=re.compile("notes.txt"))).to_be_visible(timeout=20_000)
    video = page.get_by_role("link", name=re.compile("Play the video"))
    expect(video).to_be_visible(timeout=20_000)
    video.click()
    expect(page.locator("dialog video")).to_have_js_property("paused", False)
    page.get_by_role("button", name="Close").click()
    assert page.locator('[data-module="voice"]').count() == 1
    assert complaints == []


def test_the_panel_writes_emoji_and_finds_them_by_name(open_browser, complaints: Complaints) -> None:
    page = open_browser(PHONE)
    sign_up(page, name="Ema", handle="ema_emoji")
    own_chat(page)
    page.get_by_role("link", name="Emoji and stickers").click()
    page.get_by_role("searchbox", name="Find an emoji").fill("bread")
    page.get_by_role("button", name="bread", exact=True).click()
    expect(page.get_by_role("textbox", name="Message")).to_have_value("🍞")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("log").get_by_text("🍞")).to_be_visible()
    assert complaints == []
