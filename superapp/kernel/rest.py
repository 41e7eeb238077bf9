"""What every REST answer has in common: problems (RFC 9457), cursor pages, strict JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO, Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, ValidationError
from django.db import DataError
from django.http import Http404
from django.utils.encoding import force_str
from django.utils.translation import gettext as _
from rest_framework import exceptions, status
from rest_framework.pagination import CursorPagination
from rest_framework.parsers import BaseParser
from rest_framework.response import Response

from . import errors, strict_json

_CODES = {
    exceptions.NotAuthenticated: "not_authenticated",
    exceptions.AuthenticationFailed: "not_authenticated",
    exceptions.PermissionDenied: "forbidden",
    exceptions.MethodNotAllowed: "method_not_allowed",
    exceptions.NotAcceptable: "not_acceptable",
    exceptions.UnsupportedMediaType: "unsupported_media_type",
    exceptions.Throttled: "rate_limited",
    exceptions.ParseError: "malformed",
    exceptions.ValidationError: "invalid",
    exceptions.NotFound: "not_found",
}


class StrictJSONParser(BaseParser):
    """JSON in UTF-8 and nothing else: no other charset, no NaN, no depth that exhausts the stack, no lone surrogates
    and no NUL, which PostgreSQL cannot store."""

    media_type = "application/json"

    def parse(
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        try:
            return strict_json.read(stream.read().decode("utf-8"))
        except ValueError as error:
            raise exceptions.ParseError(_("The body is not JSON that can be understood.")) from error
        except RequestDataTooBig as error:
            raise errors.Refused(_("The body is too large.")) from error


class CursorPages(CursorPagination):
    """`{"results", "next", "previous"}`, `?limit=` up to 100, newest first unless the view says otherwise."""

    page_size = 20
    page_size_query_param = "limit"
    max_page_size = 100
    ordering = "-pk"

    def paginate_queryset(self, queryset: Any, request: Any, view: Any = None) -> list[Any] | None:
        """A cursor that somebody made up names no place in the list."""
        try:
            return super().paginate_queryset(queryset, request, view)
        except (ValueError, TypeError, OverflowError, ValidationError, DataError) as error:
            if self.cursor_query_param not in request.query_params:
                raise
            raise exceptions.NotFound(self.invalid_cursor_message) from error


def problem(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF exception handler: any refusal as `application/problem+json`."""
    if isinstance(error, Http404):
        error = errors.NotFound()
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    if isinstance(error, errors.Refused):
        return _response(error.status, error.code, str(error.sentence), error.errors, _headers_of(error))
    if isinstance(error, exceptions.APIException):
        return _from_drf(error)
    return None


def _from_drf(error: exceptions.APIException) -> Response:
    code = next((code for kind, code in _CODES.items() if isinstance(error, kind)), "error")
    headers = {}
    if header := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = header
    if isinstance(error, exceptions.ValidationError):
        return _response(error.status_code, code, str(errors.Invalid.sentence), _field_errors(error.detail), headers)
    return _response(error.status_code, code, force_str(error.detail), {}, headers)


def _headers_of(error: errors.Refused) -> dict[str, str]:
    return {"Retry-After": str(error.retry_after)} if isinstance(error, errors.RateLimited) else {}


def _field_errors(detail: Any) -> dict[str, Any]:
    """DRF's nested lists of errors as field → sentence (or field → nested object)."""
    if isinstance(detail, list):
        return {"non_field_errors": " ".join(map(force_str, detail))}
    fields: dict[str, Any] = {}
    for name, value in detail.items():
        if isinstance(value, list) and not any(isinstance(part, dict) for part in value):
            fields[name] = " ".join(map(force_str, value))
        elif isinstance(value, dict):
            fields[name] = _field_errors(value)
        else:
            fields[name] = [_field_errors(part) if isinstance(part, dict) else force_str(part) for part in value]
    return fields


def _response(code_http: int, code: str, detail: str, fields: Mapping[str, Any], headers: dict[str, str]) -> Response:
    from rest_framework.views import set_rollback  # reads the settings, which name this module

    set_rollback()
    body = problem_body(code_http, code, detail, fields)
    return Response(body, status=code_http, headers=headers, content_type="application/problem+json")


def problem_body(code_http: int, code: str, detail: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    body: dict[str, Any] = {
        "type": f"urn:superapp:problem:{code}",
        "title": code.replace("_", " ").capitalize(),
        "status": code_http,
        "detail": detail,
        "code": code,
    }
    if fields:
        body["errors"] = {
            name: value if isinstance(value, dict | list) else str(value) for name, value in fields.items()
        }
    return body


PROBLEM_SCHEMA = {
    "type": "object",
    "description": "RFC 9457 problem details.",
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "A sentence in the caller's language."},
        "code": {"type": "string", "description": "Stable, for programs."},
        "errors": {"type": "object", "additionalProperties": True},
    },
    "required": ["type", "title", "status", "detail", "code"],
    "example": {
        "type": "urn:superapp:problem:not_found",
        "title": "Not found",
        "status": status.HTTP_404_NOT_FOUND,
        "detail": "There is nothing here, or it is not for you to see.",
        "code": "not_found",
    },
}


def add_problem_responses(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Schema hook: every operation may answer with a problem."""
    result.setdefault("components", {}).setdefault("schemas", {})["Problem"] = PROBLEM_SCHEMA
    answer = {
        "description": "The request was refused.",
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    for path in result.get("paths", {}).values():
        for operation in path.values():
            if isinstance(operation, dict) and "responses" in operation:
                operation["responses"].setdefault("default", answer)
    return result
