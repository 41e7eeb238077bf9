"""What every REST answer has in common."""

from __future__ import annotations

from io import BytesIO

import pytest
from rest_framework.exceptions import ParseError

from accounts.models import User
from superapp.kernel.rest import StrictJSONParser
from tests.conftest import Api

NOT_JSON = {
    "nothing": b"",
    "not JSON": b"{not json}",
    "another charset": '{"text": "é"}'.encode("latin-1"),
    "UTF-16": '{"text": "hi"}'.encode("utf-16"),
    "NaN": b'{"amount": NaN}',
    "infinity": b'{"amount": -Infinity}',
    "half a surrogate": b'{"text": "\\ud800"}',
    "NUL, escaped": b'{"text": "a\\u0000b"}',
    "NUL, raw": b'{"text": "a\x00b"}',
    "NUL in a name": b'{"a\\u0000": 1}',
    "a thousand times nested": b"[" * 100_000 + b"]" * 100_000,
    "two documents": b"{} {}",
    "single quotes": b"{'a': 1}",
    "a huge integer": b"9" * 5000,
}


@pytest.mark.covers("C13")
@pytest.mark.parametrize("body", NOT_JSON.values(), ids=NOT_JSON.keys())
def test_what_is_not_strict_json_is_refused(body: bytes) -> None:
    with pytest.raises(ParseError):
        StrictJSONParser().parse(BytesIO(body))


@pytest.mark.parametrize("text", ["plain", "你好 🎉", "\\u4f60", "a\\\\u0000b", "\\ud83c\\udf89"])
def test_ordinary_json_is_understood(text: str) -> None:
    assert StrictJSONParser().parse(BytesIO(f'{{"text": "{text}"}}'.encode()))


def assert_problem(response: object, status: int, code: str) -> None:
    assert response.status_code == status  # type: ignore[attr-defined]
    assert response["Content-Type"] == "application/problem+json"  # type: ignore[index]
    body = response.json()  # type: ignore[attr-defined]
    assert body["code"] == code
    assert body["status"] == status
    assert set(body) >= {"type", "title", "status", "detail", "code"}


def test_a_body_that_is_not_json_is_a_problem_document(alice: User) -> None:
    for body in filter(None, NOT_JSON.values()):
        response = Api(alice).generic("PATCH", "/api/v1/me/", body, content_type="application/json")
        assert_problem(response, 400, "malformed")


def test_each_refusal_is_a_problem_document(alice: User) -> None:
    guest = Api()
    assert_problem(guest.get("/api/v1/me/"), 401, "not_authenticated")
    assert_problem(Api(alice).get("/api/v1/people/nobody-here/"), 404, "not_found")
    assert_problem(Api(alice).delete("/api/v1/people/alice/"), 405, "method_not_allowed")
    form = Api(alice).patch("/api/v1/me/", "a=b", content_type="application/x-www-form-urlencoded")
    assert_problem(form, 415, "unsupported_media_type")
    assert_problem(Api(alice).patch("/api/v1/me/", {"display_name": ""}), 400, "invalid")


def test_a_wrong_session_token_is_told_apart_from_none_by_nothing(db: None) -> None:
    assert_problem(Api().get("/api/v1/me/", headers={"X-Session-Token": "made-up"}), 401, "not_authenticated")


def test_the_detail_speaks_the_language_of_the_caller_when_it_has_one(alice: User) -> None:
    alice.language = "zh-hans"
    alice.save()
    assert Api(alice).get("/api/v1/people/nobody-here/").json()["code"] == "not_found"
