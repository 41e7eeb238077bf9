"""What is done with a message where it stands, seen by both at once."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.acts import befriend, bubble, mark, open_chat, say, sign_up
from tests.browser.conftest import DESK, PHONE, Complaints

pytestmark = pytest.mark.browser


def row(page: Page, text: str) -> Locator:
    return page.locator(".message[data-id]", has_text=text)


def test_a_message_is_edited_reacted_to_forwarded_and_recalled(
    open_browser: Callable[..., Page], complaints: Complaints
) -> None:
    ada, ben = open_browser(DESK), open_browser(PHONE, has_touch=True)
    sign_up(ada, name="Ada Moss", handle="ada")
    sign_up(ben, name="Ben Hale", handle="ben")
    befriend(ada, ben, handle="ben")
    open_chat(ada, handle="ben")
    open_chat(ben, handle="ada")
    say(ada, "See you at fivee")
    expect(bubble(ben, "See you at fivee")).to_be_visible()
    of_ada, of_ben = mark(ada), mark(ben)

    # ↑ in the empty composer puts the last message in other words.
    ada.get_by_role("textbox", name="Message").press("ArrowUp")
    expect(ada.locator(".of-edit")).to_be_visible()
    ada.get_by_role("textbox", name="Message").fill("See you at five")
    ada.get_by_role("textbox", name="Message").press("Enter")
    expect(row(ben, "See you at five").get_by_role("link", name="edited")).to_be_visible()
    expect(ada.locator(".of-edit")).to_have_count(0)

    # A reaction from the sheet of a phone; tapped by the other, there are two.
    row(ben, "See you at five").locator("[data-actions]").dispatch_event("click")
    ben.locator("dialog.of-actions").get_by_role("button", name="👍").click()
    chip = row(ada, "See you at five").locator(".reaction")
    expect(chip).to_have_text(re.compile("👍 *1"))
    chip.click()
    expect(row(ben, "See you at five").locator(".reaction")).to_have_text(re.compile("👍 *2"))
    expect(ben.locator("dialog.of-actions")).to_have_count(0)

    # Recalled from the menu of the other mouse button, and written again.
    say(ada, "The key is under the pot")
    expect(bubble(ben, "The key is under the pot")).to_be_visible()
    bubble(ada, "The key is under the pot").click(button="right")
    ada.locator(".menu.of-actions").get_by_role("button", name="Recall").click()
    expect(ben.get_by_text("Ada Moss recalled a message").last).to_be_visible()
    expect(ben.get_by_text("The key is under the pot")).to_have_count(0)
    ada.get_by_role("link", name="Re-edit").click()
    expect(ada.get_by_role("textbox", name="Message")).to_have_value("The key is under the pot")
    assert (ada.evaluate("window.stayed"), ben.evaluate("window.stayed")) == (of_ada, of_ben)

    # Two of them, chosen in the conversation, go on as one record.
    ada.get_by_role("textbox", name="Message").fill("")
    say(ada, "Bring bread")
    expect(row(ada, "Bring bread")).to_be_visible()
    bubble(ada, "Bring bread").click(button="right")
    ada.get_by_role("link", name="Select several").click()
    row(ada, "See you at five").click()
    ada.get_by_role("button", name="As one record").click()
    ada.get_by_role("checkbox", name=re.compile("Ben Hale")).check()
    ada.get_by_role("button", name="Forward").click()
    ben.get_by_role("link", name=re.compile("Chat record of Ada Moss")).click()
    expect(ben.get_by_text("Bring bread")).to_be_visible()
    assert complaints == []
