"""The main job of the product, from end to end: two people spend an evening in it, side by side."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.acts import ask_to_be_friends, bubble, mark, picture, say, sign_up
from tests.browser.conftest import DESK, PHONE, Complaints

pytestmark = pytest.mark.browser


def test_two_people_spend_an_evening(open_browser: Callable[..., Page], complaints: Complaints) -> None:
    lin, tom = open_browser(DESK), open_browser(PHONE, has_touch=True)
    sign_up(lin, name="Lin Yue", handle="lin")
    sign_up(tom, name="Tom Reed", handle="tom")

    # Friends: a request with a greeting, noticed live, accepted.
    noticed = mark(tom)
    ask_to_be_friends(lin, handle="tom", greeting="We met at the concert")
    expect(tom.get_by_role("link", name=re.compile("1 .*Contacts"))).to_be_visible()
    assert tom.evaluate("window.stayed") == noticed
    tom.goto("/contacts/requests/")
    expect(tom.get_by_text("We met at the concert")).to_be_visible()
    tom.get_by_role("button", name=re.compile("Accept")).click()

    # Moments: a post with photos, seen, liked and answered by the friend.
    lin.goto("/moments/new/")
    lin.get_by_label("Text").fill("First evening in the new house")
    lin.locator("input[type=file]").first.set_input_files([picture("seagreen"), picture("orange")])
    expect(lin.locator(".photo-tile[data-state=ready]")).to_have_count(2)
    lin.get_by_role("button", name="Post").click()
    expect(lin.get_by_text("First evening in the new house")).to_be_visible()
    tom.goto("/moments/")
    post = tom.locator("article", has_text="First evening in the new house")
    expect(post.locator("img.photo, .photo img, .photos img").first).to_be_visible()
    stayed = mark(tom)
    post.get_by_role("button", name=re.compile("Like")).first.click()
    expect(post.get_by_text("Tom Reed").first).to_be_visible()
    assert tom.evaluate("window.stayed") == stayed

    # A group, and live talk in it both ways without a reload.
    lin.goto("/chats/new/")
    lin.get_by_label("Name").first.fill("Evening people")
    lin.get_by_role("checkbox", name=re.compile("Tom Reed")).check()
    lin.get_by_role("button", name="Start the group").click()
    expect(lin.get_by_role("heading", name=re.compile("Evening people")).first).to_be_visible()
    tom.goto("/chats/")
    tom.get_by_role("link", name=re.compile("Evening people")).click()
    of_lin, of_tom = mark(lin), mark(tom)
    say(lin, "Good evening, Tom")
    expect(bubble(tom, "Good evening, Tom")).to_be_visible()
    say(tom, "Good evening! 晚上好")
    expect(bubble(lin, "Good evening! 晚上好")).to_be_visible()
    for number in range(5):
        say(lin, f"Line {number}")
    expect(bubble(tom, "Line 4")).to_be_visible()
    assert bubble(tom, "Line 2").count() == 1
    assert (lin.evaluate("window.stayed"), tom.evaluate("window.stayed")) == (of_lin, of_tom)

    # Money: play credit, a lucky red envelope, grabbed live by the other.
    chat = lin.url
    lin.goto("/wallet/top-up/")
    lin.get_by_role("textbox", name=re.compile("Amount", re.I)).fill("100")
    lin.get_by_role("button", name="Continue").click()
    lin.get_by_role("button", name=re.compile("Top up")).click()
    expect(lin.get_by_text(re.compile(r"100\.00")).first).to_be_visible()
    lin.goto(chat)
    lin.get_by_role("button", name=re.compile("red envelope", re.I)).click()
    lin.get_by_role("link", name="Red envelope").click()
    lin.get_by_label("Number of shares").fill("2")
    lin.get_by_label("Total amount").fill("8.88")
    lin.get_by_label(re.compile("Greeting|wish", re.I)).fill("To the new house")
    lin.get_by_role("button", name=re.compile("send", re.I)).click()
    expect(lin.get_by_role("log").get_by_text("To the new house")).to_be_visible()
    envelope = tom.get_by_role("log").get_by_text("To the new house")
    expect(envelope).to_be_visible()
    envelope.click()
    tom.get_by_role("button", name="Open", exact=True).click()
    expect(tom.get_by_text(re.compile(r"It is in your wallet"))).to_be_visible()
    assert tom.evaluate("window.stayed") == of_tom
    lin.get_by_role("log").get_by_text("To the new house").click()
    lin.get_by_role("button", name="Open", exact=True).click()
    expect(lin.get_by_text("Best luck")).to_be_visible()

    # A public account: followed, an article written, published, noticed live, found in the inbox, commented.
    lin.goto("/accounts/new/")
    lin.get_by_label("Name").first.fill("Harbour Notes")
    lin.get_by_label("Handle").fill("harbour")
    lin.get_by_role("button", name="Open the account").click()
    tom.goto("/accounts/harbour/")
    tom.get_by_role("button", name=re.compile("Follow")).first.click()
    expect(tom.get_by_role("button", name=re.compile("Stop following"))).to_be_visible()
    tom.goto("/chats/")
    told = tom.locator("[data-badge=notifications]:visible")
    before = (told.count() and told.inner_text()) or "0"
    waiting = mark(tom)
    lin.goto("/accounts/harbour/")
    lin.get_by_role("main").get_by_role("link", name="Write an article").click()
    lin.get_by_label("Title").fill("The lamps along the quay")
    editor = lin.locator(".ProseMirror")
    editor.click()
    editor.press_sequentially("At nine the lamps are lit, one after another.")
    lin.get_by_role("button", name="Publish…").click()
    lin.get_by_role("button", name="Publish", exact=True).click()
    expect(lin.get_by_role("heading", name="The lamps along the quay").first).to_be_visible()
    expect(told).to_contain_text(str(int(re.sub(r"\D", "", before)) + 1))
    assert tom.evaluate("window.stayed") == waiting
    tom.goto("/articles/")
    tom.get_by_role("link", name=re.compile("The lamps along the quay")).first.click()
    expect(tom.get_by_text("At nine the lamps are lit, one after another.")).to_be_visible()
    tom.get_by_role("textbox", name="Your comment").fill("I shall walk there tonight")
    tom.get_by_role("button", name="Comment").click()
    expect(tom.get_by_text("I shall walk there tonight")).to_be_visible()
    lin.reload()
    expect(lin.get_by_text("I shall walk there tonight")).to_be_visible()

    assert complaints == []
