"""The description of the REST interface is whole: what is not in it cannot be found, what is wrong in it misleads."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from drf_spectacular.drainage import GENERATOR_STATS, reset_generator_stats
from drf_spectacular.generators import SchemaGenerator

from accounts.api.me import Me
from tests.conftest import Web

METHODS = {"get", "post", "put", "patch", "delete"}


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    generated: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    return generated


def operations(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            if method in METHODS:
                yield f"{method} {path}", operation


def rest_routes() -> Iterator[tuple[str, URLPattern]]:
    """Every route under /api/v1/, with its arguments' names left out."""

    def walk(resolver: URLResolver, prefix: str) -> Iterator[tuple[str, URLPattern]]:
        for part in resolver.url_patterns:
            here = prefix + str(part.pattern)
            if isinstance(part, URLResolver):
                yield from walk(part, here)
            else:
                yield here, part

    for route, part in walk(get_resolver(), "/"):
        if route.startswith("/api/v1/"):
            yield nameless(route), part


def nameless(route: str) -> str:
    """`/friends/{handle}/`, `/friends/<str:handle>/` and `^friends/(?P<handle>[^/]+)/$` are one route."""
    route = re.sub(r"\(\?P<\w+>(?:\[[^\]]*\]|[^()])*\)", "{}", route)
    route = re.sub(r"<[^>]+>|\{\w*\}", "{}", route)
    return re.sub(r"\\Z|[\^$\\]", "", route)


def test_it_is_openapi_3_1_and_made_without_a_warning() -> None:
    reset_generator_stats()
    schema = SchemaGenerator().get_schema(request=None, public=True)

    assert schema["openapi"].startswith("3.1")
    assert not GENERATOR_STATS, (GENERATOR_STATS._warn_cache, GENERATOR_STATS._error_cache)


def test_warnings_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    reset_generator_stats()
    monkeypatch.setattr(Me, "get", lambda view, request: None)
    SchemaGenerator().get_schema(request=None, public=True)

    assert GENERATOR_STATS
    reset_generator_stats()


def test_every_route_is_in_it(schema: dict[str, Any]) -> None:
    described = {nameless(path) for path in schema["paths"]}
    routes = {route for route, _part in rest_routes()}

    assert len(routes) > 40
    assert routes - described == set()
    assert described - routes == set()


def test_every_method_of_a_route_is_in_it(schema: dict[str, Any]) -> None:
    described: dict[str, set[str]] = {}
    for path, methods in schema["paths"].items():
        described[nameless(path)] = METHODS & set(methods)
    answered: dict[str, set[str]] = {}
    for route, part in rest_routes():
        handlers = getattr(part.callback, "actions", None) or {
            method: method for method in METHODS if hasattr(getattr(part.callback, "cls", None), method)
        }
        answered.setdefault(route, set()).update(METHODS & set(handlers))

    assert answered == described


def test_every_operation_says_what_it_does(schema: dict[str, Any]) -> None:
    silent = [
        name for name, operation in operations(schema) if not (operation.get("summary") or operation.get("description"))
    ]

    assert silent == []


def test_every_operation_is_in_one_chapter(schema: dict[str, Any]) -> None:
    chapters = {
        "groups", "me", "people", "friends", "uploads", "moments", "chat", "messages", "wallet", "red envelopes",
        "public accounts", "notifications", "bots", "stickers", "together", "scheduled messages",
    }  # fmt: skip
    for name, operation in operations(schema):
        assert len(operation.get("tags", [])) == 1, name
        assert operation["tags"][0] in chapters, name


def test_every_operation_has_a_name_of_its_own(schema: dict[str, Any]) -> None:
    names = [operation["operationId"] for _name, operation in operations(schema)]

    assert len(names) == len(set(names))


def test_every_operation_may_be_refused_with_a_problem(schema: dict[str, Any]) -> None:
    for name, operation in operations(schema):
        answer = operation["responses"]["default"]["content"]["application/problem+json"]
        assert answer["schema"] == {"$ref": "#/components/schemas/Problem"}, name


def test_every_reference_leads_somewhere(schema: dict[str, Any]) -> None:
    def references(part: Any) -> Iterator[str]:
        if isinstance(part, dict):
            for key, value in part.items():
                if key == "$ref":
                    yield value
                else:
                    yield from references(value)
        elif isinstance(part, list):
            for value in part:
                yield from references(value)

    known = {f"#/components/schemas/{name}" for name in schema["components"]["schemas"]}
    assert set(references(schema)) <= known


def test_money_moves_only_with_a_key(schema: dict[str, Any]) -> None:
    keyed = {
        name
        for name, operation in operations(schema)
        for parameter in operation.get("parameters", [])
        if parameter["name"] == "Idempotency-Key" and parameter.get("required")
    }

    assert keyed == {"post /api/v1/wallet/top-ups/", "post /api/v1/conversations/{id}/red-envelopes/"}


def test_it_is_served(db: None, web: type[Web]) -> None:
    served = web().get("/api/schema/", headers={"Accept": "application/vnd.oai.openapi+json"})

    assert served.status_code == 200
    assert served.json()["openapi"].startswith("3.1")
