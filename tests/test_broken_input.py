"""No input, however broken, is answered with an error of the server; and a program is told what was wrong.

Made from the OpenAPI description and from the table of URLs, so that a new door is tried as soon as it is there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import product
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.urls import NoReverseMatch, reverse
from django.urls.converters import IntConverter, UUIDConverter
from django.utils.datastructures import MultiValueDict
from drf_spectacular.generators import SchemaGenerator

from tests.conftest import Api, Web
from tests.test_architecture import URLS, policy_of
from tests.visibility.matrix import undone
from tests.visibility.town import Town, build

pytestmark = pytest.mark.covers("C12")

VALUES: list[Any] = [
    None, True, 0, -1, 1.5, 2**63, 10**40, "", " ", "abc", "\x00", "a\x00b", "\ud800", "\u202e\u200b\ufeff", "😀" * 60,
    "2" * 400, "x" * 100_000, [], [[]], [None], [1, "a", {}], ["x" * 300] * 50, {}, {"a": {"b": []}}, {"mode": []},
]  # fmt: skip
BODIES: list[bytes] = [
    b"", b"null", b"true", b"12", b'"text"', b"[]", b"[{}]", b"{", b"{}", b'{"a": NaN}', b'{"a": Infinity}',
    b'{"a": 1e999}', b'{"a": "\\ud800"}', b'{"\\ud800": 1}', b'{"a": "\\u0000"}', b"\xff\xfe{\x00", b"\xed\xa0\x80",
    b"[" * 100_000, b'{"a":' * 20_000, b'{"a": ' + b"9" * 100_000 + b"}", b"{" + b" " * 100_000 + b"}",
]  # fmt: skip
TYPES = ["text/plain", "application/xml", "application/json; charset=utf-16", "multipart/form-data", "", "a/b; c=\x01"]
NAMES = ["nobody_here", "0", "-1", str(2**63), str(10**40), "abc", "x" * 3000, "%00", "a%00b", "%ED%A0%80", "..", "%2e"]
QUERY = [
    "",
    "0",
    "-1",
    "abc",
    "²",
    "٣",
    str(2**63),
    "9" * 40,
    "\x00",
    "x" * 5000,
    "cD1hYmM=",
    "bz05OTk5OTk5OTk5OTk5OTk5",
]
KEYS = ["", " ", "k" * 256, "schlüssel", "\x01", "a,b"]

# What stands in an address, by what comes before it.
KNOWN = {
    "invites": "token", "join-requests": "asking", "group-invitations": "invited", "message-requests": "knock",
    "bots": "robot", "webhooks": "webhook", "deliveries": "delivery", "commands": "command",
    "articles": "draft", "article-comments": "bobs_word", "conversations": "group", "friend-requests": "request",
    "friend-tags": "tag", "moments": "moment", "moment-comments": "comment", "red-envelopes": "envelope",
    "uploads": "upload", "public-accounts": "account", "members": "bob", "friends": "bob", "people": "bob",
    "blocks": "mallory", "messages": "said", "todos": "todo", "scheduled": "scheduled",
    "saved": "saved", "reactions": "thumb", "sticker-packs": "pack", "stickers": "sticker", "favourites": "sticker",
    "custom-emoji": "emoji", "exports": "export",
}  # fmt: skip

SCHEMA: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
OPERATIONS = sorted(
    (path, method)
    for path, methods in SCHEMA["paths"].items()
    for method in methods
    if method in {"get", "post", "put", "patch", "delete"}
)
NAMED = [f"{method} {path}" for path, method in OPERATIONS]


@pytest.fixture(scope="module")
def standing_town(django_db_setup: None, django_db_blocker) -> Iterator[Town]:  # type: ignore[no-untyped-def]
    with django_db_blocker.unblock(), undone():
        town = build()
        town.ids |= {"bob": "bob", "mallory": "mallory", "thumb": "👍"}
        yield town


@pytest.fixture
def town(standing_town: Town, db: None) -> Town:
    return standing_town


def address_of(path: str, town: Town) -> str:
    """With things of Alice's own, so that a request gets as far as it can."""
    return re.sub(r"([\w-]+)/\{\w+\}", lambda match: f"{match[1]}/{town.ids[KNOWN[match[1]]]}", path)


def sent(client: Api | Web, method: str, address: str, body: bytes | str = b"", **more: Any) -> HttpResponse:
    """Whatever it does is undone, and an error shows as it would outside: by its status."""
    client.raise_request_exception = False
    more.setdefault("content_type", "application/json")
    with undone():
        response: HttpResponse = client.generic(method.upper(), address, body, **more)
    return response


def what_is_wrong(response: HttpResponse, what: object) -> list[str]:
    told = f"{str(what)[:80]!r} → {response.status_code} {response.content[:120]!r}"
    if response.status_code >= 500:
        return [told]
    if response.status_code < 400:
        return []
    if response["Content-Type"] != "application/problem+json":
        return [f"no problem: {response['Content-Type']} {told}"]
    problem = json.loads(response.content)
    whole = problem["status"] == response.status_code and problem["code"] and problem["detail"] and problem["title"]
    return [] if whole else [f"not whole: {told}"]


def fields_of(operation: dict[str, Any]) -> tuple[list[str], dict[str, Any]]:
    """The names of what a body may hold, and a body that means something."""
    content = operation.get("requestBody", {}).get("content", {}).get("application/json")
    if content is None:
        return [], {}
    schema = content["schema"]
    while "$ref" in schema:
        schema = SCHEMA["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    example = next((example["value"] for example in content.get("examples", {}).values()), {})
    return sorted(schema.get("properties", {})), example


# --- REST ---


@pytest.mark.parametrize(("path", "method"), OPERATIONS, ids=NAMED)
def test_made_up_addresses_are_nobodys(town: Town, path: str, method: str) -> None:
    client = Api(town.people["alice"])
    wrong = []
    for name in NAMES if "{" in path else []:
        address = re.sub(r"\{\w+\}", name, path)
        response = sent(client, method, address, headers={"Idempotency-Key": "key"})
        wrong += what_is_wrong(response, address)
        if response.status_code < 400 or (response.status_code == 400 and method in {"get", "delete"}):
            wrong.append(f"{address} → {response.status_code}")

    assert wrong == []


@pytest.mark.parametrize(("path", "method"), OPERATIONS, ids=NAMED)
def test_odd_values_and_bodies_are_refused(town: Town, path: str, method: str) -> None:
    operation = SCHEMA["paths"][path][method]
    fields, example = fields_of(operation)
    client, address = Api(town.people["alice"]), address_of(path, town)
    headers = {"Idempotency-Key": "key"}
    wrong = []
    for field, value in product(fields, VALUES):
        response = sent(client, method, address, json.dumps({**example, field: value}), headers=headers)
        wrong += what_is_wrong(response, {field: value})
    for body in BODIES if fields else BODIES[:3]:
        wrong += what_is_wrong(sent(client, method, address, body, headers=headers), body)
    for content_type in TYPES if fields else []:
        response = sent(client, method, address, b"\x00\x01{}", headers=headers, content_type=content_type)
        wrong += what_is_wrong(response, content_type)

    assert wrong == []


def test_odd_values_reach_the_fields() -> None:
    """The description names fields, and shows bodies that mean something, for these tests to spoil."""
    spoiled = [fields_of(SCHEMA["paths"][path][method]) for path, method in OPERATIONS]

    assert sum(len(fields) for fields, _example in spoiled) > 40
    assert sum(bool(example) for _fields, example in spoiled) > 10


@pytest.mark.parametrize(("path", "method"), OPERATIONS, ids=NAMED)
def test_odd_questions_are_answered_or_refused(town: Town, path: str, method: str) -> None:
    client, address = Api(town.people["alice"]), address_of(path, town)
    asked = [
        parameter["name"] for parameter in SCHEMA["paths"][path][method].get("parameters", [])
        if parameter["in"] == "query"
    ]  # fmt: skip
    wrong = []
    for name, value in product(asked, QUERY):
        query = urlencode({name: value})
        wrong += what_is_wrong(sent(client, method, f"{address}?{query}"), query)
    for name in asked:
        for query in (f"{name}=%ff%fe", f"{name}=%ED%A0%80", f"{name}=%", f"{name}&{name}={name}", f"{name}[]=1"):
            wrong += what_is_wrong(sent(client, method, f"{address}?{query}"), query)

    assert wrong == []


@pytest.mark.parametrize("path", ["/api/v1/wallet/top-ups/", "/api/v1/conversations/{id}/red-envelopes/"])
def test_odd_keys_are_refused(town: Town, path: str) -> None:
    _fields, example = fields_of(SCHEMA["paths"][path]["post"])
    for key in KEYS:
        response = sent(
            Api(town.people["alice"]), "post", address_of(path, town), json.dumps(example), HTTP_IDEMPOTENCY_KEY=key
        )
        assert what_is_wrong(response, key) == []
        assert response.status_code == (201 if key == "a,b" else 400), key


def test_what_is_no_picture_is_refused(town: Town) -> None:
    client = Api(town.people["alice"])
    client.raise_request_exception = False
    files = [b"", b"\x00", b"GIF89a", b"\xff\xd8\xff\xe0" + b"\x00" * 50, b"RIFF\xff\xff\xff\xffWEBPVP8 ", b"<svg/>"]
    for method, path, field in (("post", "/api/v1/uploads/", "file"), ("patch", "/api/v1/me/", "avatar")):
        for content in files:
            for name in ("a.jpg", "../../x", "😀" * 300, "\x00", ""):
                with undone():
                    response = getattr(client, method)(
                        path, {field: SimpleUploadedFile(name or "x", content, "image/jpeg")}, format="multipart"
                    )
                assert what_is_wrong(response, content) == []
                # A file without a name is no file to Django, and nothing to change is no mistake.
                assert response.status_code == 400 or (method == "patch" and name == "\x00")
        for body in ({field: "text"}, {}, {"alt": "x" * 600}, {field: ["a", "b"]}):
            with undone():
                response = getattr(client, method)(path, body, format="multipart")
            assert what_is_wrong(response, body) == []


# --- pages ---

PAGES = sorted(
    name
    for name in URLS
    if policy_of(name) in {"signed_in", "public"} and not name.startswith(("api:", "account_", "headless:"))
    if name != "schema"
)
PAGE_IDS = {
    "chat:saved_item": "saved", "chat:remove_saved": "saved",
    "chat:invite": "invite", "chat:revoke_invite": "invite", "chat:accept_join_request": "asking",
    "chat:decline_join_request": "asking", "chat:accept_invitation": "invited", "chat:decline_invitation": "invited",
    "chat:accept_request": "knock", "chat:decline_request": "knock",
    "bots": "group", "bots:remove_webhook": "webhook", "chat:preview_image": "preview",
    "accounts:accept_request": "request", "accounts:decline_request": "request", "accounts:tag": "tag",
    "accounts:delete_tag": "tag", "chat": "group", "chat:red_envelope": "envelope",
    "chat:claim_red_envelope": "envelope", "moments": "moment", "moments:delete_comment": "comment",
    "notifications:open": "notice", "publicaccounts": "draft", "publicaccounts:comment_on": "article",
    "publicaccounts:comment": "bobs_word", "publicaccounts:delete_comment": "bobs_word", "wallet:entry": "bill",
    "wallet:red_envelope": "envelope", "chat:change_scheduled": "scheduled", "chat:send_scheduled": "scheduled",
    "chat:delete_scheduled": "scheduled", "chat:poll": "poll", "chat:vote": "poll", "chat:close_poll": "poll",
    "chat:sign_up_list": "list", "chat:sign_up": "list", "chat:withdraw": "list", "chat:close_list": "list",
    "chat:todo": "todo", "chat:tick_todo": "todo", "chat:finish_todo": "todo",
}  # fmt: skip
GARBLED = ["", "a\x00b", "x" * 100_000, "2" * 400, "NaN", "chats", "😀٣²" * 300]
PLAUSIBLE = {
    "text": "Hello", "title": "Title", "name": "Name", "handle": "a_handle", "display_name": "Alice",
    "body": "<p>A</p>",
    "amount": "1.00", "shares": "1", "kind": "normal", "client_id": "0f6a5a3f-1a11-4c58-9d5c-6f1d3f2e6a0e",
    "key": "0f6a5a3f-1a11-4c58-9d5c-6f1d3f2e6a0f", "seq": "1", "language": "en", "timezone": "UTC", "greeting": "Hi",
    "audience": "friends", "members": "carol", "question": "Why?", "options": "A", "when": "hour", "done": "yes",
}  # fmt: skip


def all_subclasses(kind: type) -> Iterator[type]:
    for inner in kind.__subclasses__():
        yield inner
        yield from all_subclasses(inner)


def input_names() -> list[str]:
    """Of every form of ours, and what views read by themselves."""
    OUR = ("accounts", "bots", "chat", "moments", "notifications", "publicaccounts", "superapp", "uploads", "wallet")
    found = {"text", "reply_to", "key", "next", "timezone", "language"}
    for form in all_subclasses(forms.BaseForm):
        if form.__module__.startswith(OUR) and ".admin" not in form.__module__:
            found |= set(getattr(form, "base_fields", {}))
    return sorted(found)


def fields_read(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Filled with the names of the fields that are asked for from here on."""
    read: set[str] = set()
    for method in ("__getitem__", "getlist"):
        original = getattr(MultiValueDict, method)

        def remembering(data: Any, key: str, *rest: Any, _original: Any = original) -> Any:
            read.add(key)
            return _original(data, key, *rest)

        monkeypatch.setattr(MultiValueDict, method, remembering)
    return read


def page_address(name: str, town: Town) -> str:
    given: dict[str, object] = {}
    for key, converter in URLS[name].pattern.converters.items():
        if isinstance(converter, UUIDConverter):
            given[key] = town.ids["upload"]
        elif key == "message_pk":
            given[key] = int(town.ids["said"])
        elif isinstance(converter, IntConverter):
            given[key] = int(town.ids[PAGE_IDS.get(name) or PAGE_IDS[name.partition(":")[0]]])
        else:
            given[key] = {"variant": "thumb", "token": "x"}.get(key) or (
                town.ids["account"]
                if name.startswith("publicaccounts:")
                else town.ids["robot"]
                if name.startswith("bots:")
                else "bob"
            )
    return reverse(name, kwargs=given)


@pytest.mark.parametrize("name", PAGES)
def test_garbled_forms_break_no_page(town: Town, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    web, address, names = Web(town.people["alice"]), page_address(name, town), input_names()
    form_type = "application/x-www-form-urlencoded"
    plausible = {field: PLAUSIBLE.get(field, "") for field in names}
    wrong = []

    def post(body: bytes | str, what: object, content_type: str = form_type) -> int:
        status = sent(web, "post", address, body, content_type=content_type).status_code
        if status >= 500:
            wrong.append(f"{str(what)[:80]!r} → {status}")
        return status

    if post(b"", "nothing") == 405:
        return
    read = fields_read(monkeypatch)
    post(urlencode(plausible), "plausible")
    for value in GARBLED:
        post(urlencode(dict.fromkeys(names, value)), value)
    for field in sorted(read & set(names)):
        post(urlencode({**plausible, field: "\x00" + "9" * 30}), field)
    for body in (b"%", b"a=%ED%A0%80&text=%ff", b"&" * 2000, b"a=1&" * 1500, b"=", b"text=" + b"x" * 3_000_000):
        post(body, body)
    for content_type in ("multipart/form-data", "multipart/form-data; boundary=x", "application/json", "x", ""):
        post(b"--x\r\nnonsense\r\n--x--", content_type, content_type)

    assert wrong == []


@pytest.mark.parametrize("name", PAGES)
def test_garbled_addresses_and_questions_break_no_page(town: Town, name: str) -> None:
    web, wrong = Web(town.people["alice"]), []
    route = "/" + str(URLS[name].pattern)
    asked = ("q", "before", "offset", "since", "around", "row", "reply_to", "reply", "active", "month", "box", "amount",
             "state", "message", "with", "next", "receipt", "s", "limit")  # fmt: skip
    made_up = NAMES if "<" in route and "<int" not in route else ["0", str(2**63), str(10**40)] if "<" in route else []
    addresses = [re.sub(r"<[^>]+>", value, route) for value in made_up]
    addresses += [f"{page_address(name, town)}?{'&'.join(f'{key}={quote(value)}' for key in asked)}" for value in QUERY]
    addresses += [f"{page_address(name, town)}?{'&'.join(f'{key}=%ff%fe%ED%A0%80' for key in asked)}"]
    for address in addresses:
        response = sent(web, "get", address)
        if response.status_code == 405:
            break  # a route for deeds alone
        if response.status_code >= 500:
            wrong.append(f"{address[:100]} → {response.status_code}")

    assert wrong == []


ENTRANCE = sorted(name for name in URLS if name.startswith("account_") and not URLS[name].pattern.converters)
ENTRANCE_FIELDS = [
    "login", "username", "handle", "email", "display_name", "password", "password1", "password2", "oldpassword", "code",
    "next", "remember", "terms", "invitation", "phone", "id", "action_add", "action_remove",
]  # fmt: skip


@pytest.mark.parametrize("name", ENTRANCE)
def test_garbled_forms_break_no_door_of_the_house(town: Town, name: str) -> None:
    try:
        address, wrong = reverse(name), []
    except NoReverseMatch:
        pytest.skip("needs a key of its own")
    for person, value in product((None, town.people["alice"]), GARBLED):
        bodies = [
            urlencode(dict.fromkeys(ENTRANCE_FIELDS, value)),
            urlencode({"login": "alice", "password": value}),
        ]
        for body in bodies:
            response = sent(Web(person), "post", address, body, content_type="application/x-www-form-urlencoded")
            if response.status_code >= 500:
                wrong.append(f"{value[:20]!r} → {response.status_code}")
        response = sent(Web(person), "get", f"{address}?next={quote(value)}&email={quote(value)}")
        if response.status_code >= 500:
            wrong.append(f"?next={value[:20]!r} → {response.status_code}")

    assert wrong == []


def test_an_error_of_the_server_is_a_problem_too(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("accounts.api.me.MeSerializer", None)

    response = sent(Api(town.people["alice"]), "get", "/api/v1/me/")

    assert (response.status_code, response.json()["code"]) == (500, "server_error")
    assert response["Content-Type"] == "application/problem+json"


def test_what_is_no_route_is_a_problem_for_programs_and_a_page_for_people(town: Town) -> None:
    asked = sent(Api(town.people["alice"]), "get", "/api/v1/nothing/")
    page = sent(Web(town.people["alice"]), "get", "/nothing/")

    assert (asked.status_code, asked.json()["code"], asked["Content-Type"]) == (
        404, "not_found", "application/problem+json",
    )  # fmt: skip
    assert (page.status_code, page["Content-Type"]) == (404, "text/html; charset=utf-8")
