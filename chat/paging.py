"""Pages of messages by their numbers: `?before=` and `?after=`, newest first."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param

SEQ_MAX = 2**63 - 1


def read_number(request: Request, name: str, *, most: int = SEQ_MAX) -> int | None:
    """A query parameter that is a whole number from 0; None when it is not there."""
    text = request.query_params.get(name)
    if text is None:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 20 and int(text) <= most):
        raise serializers.ValidationError({name: _("A whole number is expected here.")})
    return int(text)


def _parameter(name: str, description: str) -> dict[str, Any]:
    schema = {"type": "integer", "format": "int64", "minimum": 0}
    return {"name": name, "in": "query", "required": False, "description": description, "schema": schema}


class SeqPages(BasePagination):
    page_size = 40
    max_page_size = 100

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        self.url = request.build_absolute_uri()
        before, after = read_number(request, "before"), read_number(request, "after")
        size = min(read_number(request, "limit", most=10**6) or self.page_size, self.max_page_size)
        if after is not None and before is None:
            found = list(queryset.filter(seq__gt=after).order_by("seq")[: size + 1])
            self.has_newer, self.has_older = len(found) > size, after > 0
            return found[:size][::-1]
        older_first = queryset if before is None else queryset.filter(seq__lt=before)
        if after is not None:
            older_first = older_first.filter(seq__gt=after)
        found = list(older_first.order_by("-seq")[: size + 1])
        self.has_newer, self.has_older = before is not None, len(found) > size
        return found[:size]

    def get_paginated_response(self, data: Any) -> Response:
        older = newer = None
        if data and self.has_older:
            older = self._beside("before", data[-1]["seq"], "after")
        if data and self.has_newer:
            newer = self._beside("after", data[0]["seq"], "before")
        return Response({"results": data, "next": older, "previous": newer})

    def _beside(self, name: str, seq: int, other: str) -> str:
        return str(replace_query_param(remove_query_param(self.url, other), name, seq))

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["results", "next", "previous"],
            "properties": {
                "next": {**link, "description": "Older messages."},
                "previous": {**link, "description": "Newer messages."},
                "results": schema,
            },
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        return [
            _parameter("before", "Messages before this number."),
            _parameter("after", "The first messages after this number."),
            _parameter("limit", "At most 100."),
        ]
