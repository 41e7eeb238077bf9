"""Without scripts everything still works; with a screen reader every page makes sense."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.acts import befriend, bubble, open_chat, sign_up
from tests.browser.conftest import DESK, PHONE

pytestmark = pytest.mark.browser


def test_the_main_job_works_without_scripts(open_browser: Callable[..., Page]) -> None:
    una, paul = (open_browser(PHONE, java_script_enabled=False) for _ in range(2))
    sign_up(una, name="Una", handle="una")
    sign_up(paul, name="Paul", handle="paul")
    una.goto("/people/paul/")
    una.get_by_role("link", name="Add to contacts").click()
    una.get_by_role("button", name="Send request").click()
    paul.goto("/contacts/requests/")
    paul.get_by_role("button", name=re.compile("Accept")).click()
    open_chat(una, handle="paul")
    una.get_by_role("textbox", name="Message").fill("no script here")
    una.get_by_role("button", name="Send", exact=True).click()
    expect(bubble(una, "no script here")).to_be_visible()
    open_chat(paul, handle="una")
    expect(bubble(paul, "no script here")).to_be_visible()
    una.goto("/moments/new/")
    una.get_by_label("Text").fill("Plain words")
    una.get_by_role("button", name="Post").click()
    paul.goto("/moments/")
    post = paul.locator("article", has_text="Plain words")
    post.get_by_role("button", name="Like").click()
    expect(paul.locator("article", has_text="Plain words").get_by_text("Paul").first).to_be_visible()


PAGES = [
    "/chats/", "/contacts/", "/contacts/requests/", "/contacts/add/", "/contacts/tags/", "/discover/", "/moments/",
    "/moments/new/", "/articles/", "/accounts/", "/accounts/new/", "/me/", "/me/profile/", "/me/settings/",
    "/me/blocks/", "/wallet/", "/wallet/top-up/", "/wallet/bills/", "/notifications/", "/chats/new/",
    "/chats/requests/", "/chats/privacy/", "/scan/",
]  # fmt: skip


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_is_accessible(open_browser: Callable[..., Page], scheme: str) -> None:
    ada, ben = open_browser(PHONE, color_scheme=scheme), open_browser(DESK, color_scheme=scheme)
    sign_up(ada, name="Ada", handle=f"ada{scheme}")
    sign_up(ben, name="Ben", handle=f"ben{scheme}")
    befriend(ada, ben, handle=f"ben{scheme}")
    open_chat(ada, handle=f"ben{scheme}")
    open_chat(ben, handle=f"ada{scheme}")
    found = {}
    for page in (ada, ben):
        for path in [page.url, *PAGES]:
            page.goto(path)
            result = Axe().run(page)
            if result.violations_count:
                found[f"{page.viewport_size} {path}"] = result.generate_report()

    assert found == {}
