"""What people do in a browser, for tests to tell stories with."""

from __future__ import annotations

import io
import random
import re

from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import DESK


def sign_up(page: Page, *, name: str, handle: str) -> None:
    page.goto("/account/signup/")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Handle").fill(handle)
    page.get_by_label("E-mail").fill(f"{handle}@example.org")
    page.get_by_label("Password", exact=True).fill("a quiet evening 42")
    page.get_by_role("button", name="Create account").click()
    expect(page).to_have_url(re.compile("/chats/$"))


def ask_to_be_friends(page: Page, *, handle: str, greeting: str) -> None:
    page.goto("/contacts/add/")
    page.get_by_role("searchbox", name="Handle or name").fill(handle)
    page.get_by_role("main").get_by_role("link", name=re.compile(f"@{handle}$")).click()
    page.get_by_role("link", name="Add to contacts").click()
    page.get_by_label("Greeting").fill(greeting)
    page.get_by_role("button", name="Send request").click()


def say(page: Page, text: str) -> None:
    box = page.get_by_role("textbox", name="Message")
    box.fill(text)
    box.press("Enter") if page.viewport_size == DESK else page.get_by_role("button", name="Send", exact=True).click()


def bubble(page: Page, text: str) -> Locator:
    return page.get_by_role("log").get_by_text(text, exact=True)


def picture(colour: str) -> dict[str, object]:
    file = io.BytesIO()
    Image.new("RGB", (1200, 900), colour).save(file, "JPEG")
    return {"name": f"{colour}.jpg", "mimeType": "image/jpeg", "buffer": file.getvalue()}


def mark(page: Page) -> str:
    """A value that a reload of the page would lose."""
    value = f"{random.random()}"
    page.evaluate("value => { window.stayed = value }", value)
    return value


def befriend(one: Page, other: Page, *, handle: str) -> None:
    """`one` asks the person called `handle`, who sits at `other` and agrees."""
    ask_to_be_friends(one, handle=handle, greeting="Hello")
    expect(one.get_by_text(re.compile("sent|Waiting")).first).to_be_visible()
    other.goto("/contacts/requests/")
    other.get_by_role("button", name=re.compile("Accept")).click()
    expect(other.get_by_role("button", name=re.compile("Accept"))).to_have_count(0)


def open_chat(page: Page, *, handle: str) -> None:
    page.goto(f"/people/{handle}/")
    page.get_by_role("button", name="Message").click()
    expect(page).to_have_url(re.compile(r"/chats/\d+/"))
    page.wait_for_load_state("networkidle")
