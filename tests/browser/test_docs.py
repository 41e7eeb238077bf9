from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, Complaints

pytestmark = pytest.mark.browser


def test_the_rest_documentation_opens_without_the_internet(
    open_browser: Callable[..., Page], complaints: Complaints, site: str
) -> None:
    page = open_browser(DESK)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    page.goto("/api/docs/")

    expect(
        page.get_by_text("/api/v1/article-comments/{id}/", exact=True).first
    ).to_be_visible()  # the rest as one scrolls
    assert [url for url in asked if not url.startswith((site, "data:"))] == []
    assert complaints == []
