from __future__ import annotations

import json

import pytest

from accounts import services
from accounts.models import FriendRequest, Friendship

ODD = [
    None,
    True,
    0,
    -1,
    1.5,
    10**30,
    "",
    "\x00",
    "a\x00b",
    "\ud800",
    "x" * 100_000,
    "😀" * 3000,
    [],
    [[]],
    {},
    {"a": []},
    [None],
]
BODIES = [
    b"",
    b"null",
    b"[]",
    b'"text"',
    b"12",
    b"{",
    b'{"to": NaN}',
    b'{"to": 1e400}',
    b"\xff\xfe",
    b"[" * 100_000,
    b'{"a":' * 5000,
    b'{"to": "\\ud800"}',
    b'{"to": "\\u0000"}',
]
DOORS = [
    ("patch", "/api/v1/me/", ["display_name", "bio", "region", "avatar", "language", "timezone"]),
    ("post", "/api/v1/friend-requests/", ["to", "greeting"]),
    ("patch", "/api/v1/friends/bob/", ["remark", "starred", "chat_only", "tags"]),
    ("post", "/api/v1/friend-tags/", ["name"]),
    ("post", "/api/v1/blocks/", ["handle"]),
]


def is_refused(answer) -> bool:
    return 400 <= answer.status_code < 500 and answer.json()["code"] != ""


@pytest.mark.covers("C12")
@pytest.mark.parametrize(("method", "path", "fields"), DOORS)
def test_odd_values_never_break_a_door(alice, bob, charlie, web, method, path, fields):
    browser = web(alice)
    for field in fields:
        for value in ODD:
            body = {"to": "charlie"} if field == "greeting" else {}
            text = json.dumps({**body, field: value})
            answer = getattr(browser, method)(path, text, content_type="application/json")
            assert answer.status_code < 500, (field, value)
            if value in (["x"], {"a": []}, [None], [[]]) or (isinstance(value, str) and "\x00" in value):
                assert is_refused(answer), (field, value)
    bob.refresh_from_db()
    assert alice.is_friend_of(bob)


@pytest.mark.parametrize(("method", "path", "fields"), DOORS)
def test_bodies_that_are_no_json_objects_are_refused(alice, bob, web, method, path, fields):
    before = list(Friendship.objects.values())
    for body in BODIES:
        answer = getattr(web(alice), method)(path, body, content_type="application/json")
        if method == "patch" and body == b"":
            continue
        assert is_refused(answer) or method == "patch", (body[:20], answer.status_code)
        assert answer.status_code < 500
    for kind in ("text/plain", "application/xml", "application/json; charset=bz2_codec", "multipart/form-data"):
        answer = web(alice).generic(method.upper(), path, b"\x00\x01", content_type=kind)
        assert answer.status_code in {400, 415}, kind
    assert list(Friendship.objects.values()) == before


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/people/?q=%00",
        "/api/v1/people/?q=" + "x" * 5000,
        "/api/v1/friends/?cursor=cD1hYmM=",
        "/api/v1/friends/?cursor=bz1hYmM=",
        "/api/v1/friend-requests/?box=side",
        "/api/v1/people/%00/",
        "/api/v1/people/" + "x" * 500 + "/",
        "/api/v1/friend-tags/99999999999999999999999/",
        "/people/%00/",
        "/people/a/",
        "/contacts/tags/99999999999999999999999/",
    ],
)
def test_odd_addresses_are_refused(alice, bob, web, path):
    assert 400 <= web(alice).get(path).status_code < 500


@pytest.mark.parametrize(
    "path",
    [
        "/contacts/?q=%00",
        "/contacts/?offset=-1",
        "/contacts/?offset=²",
        "/contacts/add/?q=%00",
        "/api/v1/friends/?limit=x",
    ],
)
def test_odd_questions_are_overlooked(alice, web, path):
    assert web(alice).get(path).status_code == 200


def test_odd_ids_of_requests_are_nobodys(alice, api):
    for pk in ("99999999999999999999999", "0", "-1", "x", "1%00"):
        assert api(alice).post(f"/api/v1/friend-requests/{pk}/accept/").status_code == 404


def test_pages_take_odd_fields_without_breaking(alice, bob, charlie, web):
    tag = services.create_tag(owner=alice, name="Family")
    odd = ["\x00", "x" * 20000, "99999999999999999999999", "-1", "[]", "😀" * 3000]
    for value in odd:
        for path, fields in [
            ("/people/charlie/request/", ["greeting"]),
            ("/people/bob/edit/", ["remark", "tags", "starred"]),
            ("/contacts/tags/", ["name"]),
            (f"/contacts/tags/{tag.pk}/", ["name", "friends"]),
            ("/me/profile/", ["display_name", "bio", "region", "avatar"]),
        ]:
            for field in fields:
                assert web(alice).post(path, {field: value}).status_code < 500, (path, field, value[:10])
    assert not FriendRequest.objects.filter(greeting__contains="\x01").exists()
