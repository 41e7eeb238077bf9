"""Ways into a group and into a conversation, as people walk them."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.acts import befriend, bubble, mark, say, sign_up
from tests.browser.conftest import DESK, PHONE

pytestmark = pytest.mark.browser


def found_wrong(page: Page) -> list[str]:
    return [f"{page.url}: {violation['id']}" for violation in Axe().run(page).response["violations"]]


def test_a_link_a_mute_and_an_end(open_browser: Callable[..., Page]) -> None:
    olga, pia, newcomer = open_browser(DESK), open_browser(PHONE), open_browser(PHONE)
    sign_up(olga, name="Olga", handle="olga")
    sign_up(pia, name="Pia", handle="pia")
    befriend(olga, pia, handle="pia")
    olga.goto("/chats/new/")
    olga.get_by_label("Group name").fill("Choir")
    olga.get_by_role("checkbox", name=re.compile("Pia")).check()
    olga.get_by_role("button", name="Start the group").click()
    expect(olga).to_have_url(re.compile(r"/chats/\d+/$"))
    group = olga.url
    pia.goto(group)
    stayed = mark(pia)

    wrong = []
    for part in ("info/", "people/", "members/pia/", "announcement/", "invites/", "info/group/", "joining/"):
        olga.goto(group + part)
        wrong += found_wrong(olga)
    olga.goto(f"{group}invites/")
    olga.get_by_role("button", name="Make a link").click()
    link = olga.get_by_role("textbox", name="Link").input_value()
    wrong += found_wrong(olga)

    newcomer.goto(link)  # signed out
    newcomer.get_by_role("link", name="Create an account").click()
    newcomer.get_by_label("Name").fill("Nils")
    newcomer.get_by_label("Handle").fill("nils")
    newcomer.get_by_label("E-mail").fill("nils@example.org")
    newcomer.get_by_label("Password", exact=True).fill("a quiet evening 42")
    newcomer.get_by_role("button", name="Create account").click()
    expect(newcomer.get_by_role("heading", name="Choir")).to_be_visible()
    wrong += found_wrong(newcomer)
    newcomer.get_by_role("button", name="Join").click()
    expect(newcomer).to_have_url(group)
    say(newcomer, "Hello, choir")
    expect(bubble(pia, "Hello, choir")).to_be_visible()

    olga.goto(f"{group}info/")
    olga.get_by_role("switch", name=re.compile("Mute all")).check()
    closed = "Only the owner and the admins may write here."
    expect(pia.get_by_text(closed)).to_be_visible()
    expect(pia.get_by_role("textbox", name="Message")).to_be_hidden()
    expect(olga.get_by_text("Saved.")).to_be_visible()
    olga.get_by_role("switch", name=re.compile("Mute all")).uncheck()
    expect(pia.get_by_role("textbox", name="Message")).to_be_visible()
    olga.wait_for_load_state("networkidle")  # the switch has sent its form
    olga.goto(f"{group}dissolve/")
    wrong += found_wrong(olga)
    olga.get_by_role("button", name="Dissolve").click()
    expect(pia.get_by_text("This group has been dissolved. You can still read it.")).to_be_visible()
    expect(pia.get_by_role("textbox", name="Message")).to_be_hidden()
    assert pia.evaluate("window.stayed") == stayed  # all this without a reload
    assert wrong == []


def test_a_stranger_knocks_and_is_let_in(open_browser: Callable[..., Page]) -> None:
    rosa, sam = open_browser(PHONE), open_browser(PHONE)
    sign_up(rosa, name="Rosa", handle="rosa")
    sign_up(sam, name="Sam", handle="sam")
    rosa.goto("/chats/")
    sam.goto("/people/rosa/")
    sam.get_by_role("button", name="Send a message").click()
    expect(sam.get_by_text("You are not friends.")).to_be_visible()
    say(sam, "We met at the lake")
    rosa.get_by_role("link", name=re.compile("Requests")).click()  # it has come to the open list by itself
    expect(rosa.get_by_text("We met at the lake")).to_be_visible()
    assert found_wrong(rosa) == []
    rosa.get_by_role("link", name=re.compile("We met at the lake")).click()
    expect(rosa.get_by_text("To answer is to accept.")).to_be_visible()
    assert found_wrong(rosa) == []
    rosa.get_by_role("button", name="Accept").click()
    expect(sam.get_by_text("You are not friends.")).to_be_hidden()
    say(rosa, "I remember")
    expect(bubble(sam, "I remember")).to_be_visible()
