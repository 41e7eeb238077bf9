"""A group names people, votes and plans, seen by both at once."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.acts import befriend, mark, sign_up
from tests.browser.conftest import DESK, PHONE, Complaints

pytestmark = pytest.mark.browser


def test_a_group_names_votes_and_sends_later(open_browser: Callable[..., Page], complaints: Complaints) -> None:
    ida, otto = open_browser(DESK), open_browser(PHONE, has_touch=True)
    sign_up(ida, name="Ida Fern", handle="ida")
    sign_up(otto, name="Otto Berg", handle="otto")
    befriend(ida, otto, handle="otto")
    ida.goto("/chats/new/")
    ida.get_by_label("Group name").fill("Lunch club")
    ida.get_by_role("checkbox", name=re.compile("Otto")).check()
    ida.get_by_role("button", name="Start the group").click()
    expect(ida).to_have_url(re.compile(r"/chats/\d+/$"))
    ida.wait_for_load_state("networkidle")
    otto.goto(ida.url)
    otto.wait_for_load_state("networkidle")
    of_otto = mark(otto)

    # The list of members opens at an @; Enter takes the one who is marked.
    box = ida.get_by_role("textbox", name="Message")
    box.press_sequentially("Hungry, @ot")
    expect(ida.get_by_role("option", name=re.compile("Otto Berg"))).to_have_attribute("aria-selected", "true")
    box.press("Enter")
    expect(box).to_have_value("Hungry, @otto ")
    box.press("Enter")
    named = otto.locator(".message.names-me a.mention")
    expect(named).to_have_text("@Otto Berg")

    # What is sent without sound looks like any other.
    box.fill("Psst")
    ida.get_by_role("button", name="Other ways to send").click()
    ida.get_by_role("button", name="Send without sound").click()
    expect(otto.get_by_role("log").get_by_text("Psst", exact=True)).to_be_visible()

    # A poll: asked on a page of its own, answered where it stands.
    ida.get_by_role("button", name=re.compile("Photo, file")).click()
    ida.get_by_role("link", name="Poll").click()
    ida.get_by_label("Question").fill("Where?")
    ida.get_by_label("Option 1").fill("Noodles")
    ida.get_by_label("Option 2").fill("Dumplings")
    ida.get_by_role("button", name="Another option").click()
    ida.get_by_label("Option 5").fill("Home")
    ida.get_by_role("button", name="Ask the group").click()
    poll = otto.locator(".poll")
    expect(poll).to_contain_text("Where?")
    poll.get_by_role("radio", name="Dumplings").check()
    poll.get_by_role("button", name="Vote").click()
    expect(poll.get_by_role("button", name="Change vote")).to_be_visible()
    expect(ida.locator(".poll")).to_contain_text("1 vote")
    expect(otto.locator(".poll .poll-count").nth(1)).to_have_text("1")
    assert otto.evaluate("window.stayed") == of_otto

    # Later: the composer is empty, and the message waits on its page.
    box = ida.get_by_role("textbox", name="Message")
    box.fill("Bring umbrellas")
    ida.get_by_role("button", name="Other ways to send").click()
    ida.get_by_role("button", name="Send in 1 hour").click()
    expect(ida.get_by_text(re.compile("Scheduled:"))).to_be_visible()
    expect(box).to_have_value("")
    ida.goto(f"{ida.url}scheduled/")
    ida.get_by_role("button", name="Send now").click()
    expect(otto.get_by_role("log").get_by_text("Bring umbrellas", exact=True)).to_be_visible()
