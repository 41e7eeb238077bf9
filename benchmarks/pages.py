"""Pages and what REST answers, against a server that says hello."""

from __future__ import annotations

from django.conf import settings

from benchmarks.load import measure, request
from benchmarks.stage import Site
from benchmarks.table import Row, progress


def rows(site: Site) -> list[Row]:
    group = site.town.group.pk
    hello = measure(site.bare_pages, lambda: request("/", host="127.0.0.1"))
    cookie = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={site.town.keys[0]}"}
    wanted = [
        ("chat page: 40 messages, list of 50", "pages/s", f"/chats/{group}/", "≥ 264"),
        ("40 messages as JSON", "answers/s", f"/api/v1/conversations/{group}/messages/?limit=40", "≥ 500"),
        ("list of 50 conversations as JSON", "answers/s", "/api/v1/conversations/?limit=50", "≥ 500"),
        ("moments, first page of 20 cards", "pages/s", "/moments/", "≥ 300"),
    ]
    found = []
    for what, unit, path, target in wanted:
        progress(what)
        question = request(path, host="127.0.0.1", headers=cookie)
        run = measure(site.pages, lambda question=question: question)
        found.append(Row(what, run.rate, unit, hello.rate, "bare hello", target, run.cpu, hello.cpu, run.spread))
    return found
