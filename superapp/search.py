"""The page on which one looks for everything at once: people, chats and what was said."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import cast
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.finding import find_people
from accounts.models import User
from chat.lookup import find_conversation
from chat.models import Conversation
from chat.paging import SEQ_MAX
from chat.search.finding import QUERY_LENGTH_MAX, Found, find_messages, read_search
from chat.search.places import find_conversations
from superapp.kernel import limits

TABS = {
    "all": _("All"),
    "messages": _("Messages"),
    "files": _("Files"),
    "links": _("Links"),
    "chats": _("Chats"),
    "people": _("People"),
}
HAS = {"files": "file", "links": "link"}
AMONG_ALL = 4
ALONE = 50
FACES = 4
CURSOR_DIGITS_MAX = 19


@dataclass(frozen=True)
class Tab:
    name: str
    label: str | Promise
    url: str


@dataclass(frozen=True)
class Chat:
    conversation: Conversation
    title: str
    person: User | None
    faces: list[User]


@dataclass
class Results:
    people: list[User] = field(default_factory=list)
    chats: list[Chat] = field(default_factory=list)
    found: Found = field(default_factory=lambda: Found([]))

    def __bool__(self) -> bool:
        return bool(self.people or self.chats or self.found.hits or self.found.next_before)


@login_required
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    person = cast(User, request.user)
    query = request.GET.get("q", "").strip()[:QUERY_LENGTH_MAX].replace("\x00", "")
    place = find_conversation(person, request.GET["chat"]) if request.GET.get("chat") else None
    tab = request.GET.get("tab", "all")
    if tab not in TABS or (place and tab in {"chats", "people"}):
        tab = "all"
    results = _look(person, query, tab, place, _cursor(request)) if query or tab in HAS else Results()
    following = results.found.next_before
    context = {
        "query": query,
        "tab_name": tab,
        "tabs": _tabs(query, place),
        "place": place,
        "place_title": place.title_for(person) if place else "",
        "person": person,
        "results": results,
        "searched": bool(query) or tab in HAS,
        "next_url": _address(query, tab, place, before=str(following)) if following else "",
        "messages_url": _address(query, "messages", place),
    }
    return render(request, "search/search.html", context)


def _look(person: User, query: str, tab: str, place: Conversation | None, before: int | None) -> Results:
    wanted = read_search(query)
    if tab in {"chats", "people"}:
        limits.count("search", person.pk)
    results = Results()
    few = AMONG_ALL if tab == "all" else ALONE
    if tab in {"all", "people"} and place is None and before is None:
        results.people = find_people(searcher=person, words=wanted.words, limit=few)
    if tab in {"all", "chats"} and place is None and before is None:
        chats = find_conversations(searcher=person, query=wanted.query, limit=few)
        results.chats = [
            Chat(one, one.title_for(person), one.avatar_for(person), one.others(person)[:FACES]) for one in chats
        ]
    if tab not in {"chats", "people"}:
        wanted = wanted.narrowed(has=HAS[tab]) if tab in HAS else wanted
        results.found = find_messages(searcher=person, search=wanted, conversation=place, before=before)
    return results


def _tabs(query: str, place: Conversation | None) -> list[Tab]:
    names = [name for name in TABS if place is None or name not in {"chats", "people"}]
    return [Tab(name, TABS[name], _address(query, name, place)) for name in names]


def _address(query: str, tab: str, place: Conversation | None, **more: str) -> str:
    parts = {"q": query, "tab": tab, "chat": str(place.pk) if place else "", **more}
    return f"{reverse('search')}?{urlencode({name: value for name, value in parts.items() if value})}"


def _cursor(request: HttpRequest) -> int | None:
    text = request.GET.get("before", "")
    is_number = text.isascii() and text.isdecimal() and len(text) <= CURSOR_DIGITS_MAX
    return min(int(text), SEQ_MAX) if is_number else None
