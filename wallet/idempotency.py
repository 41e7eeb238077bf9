"""The `Idempotency-Key` header: a money request that is sent again is carried out once.

The key is kept in the ledger, with what it caused, in the same transaction. Here it is only read and answered.
"""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response

from superapp.kernel import errors

_KEY = re.compile(r"[\x20-\x7e]{1,255}")

KEY_HEADER = OpenApiParameter(
    "Idempotency-Key",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    required=True,
    description=(
        "Chosen by the client for this one request, up to 255 printable ASCII characters. Sent again with the same "
        "body it gives the same answer, with `Idempotent-Replay: true`; with another body, 422 `idempotency_mismatch`."
    ),
)


class IdempotencyKeyRequired(errors.Invalid):
    code = "idempotency_key_required"
    sentence = _("Requests that move money need an Idempotency-Key: up to 255 printable ASCII characters.")


def check_key(key: str) -> str:
    if not _KEY.fullmatch(key) or not key.strip():
        raise IdempotencyKeyRequired()
    return key


def read_key(request: Request) -> str:
    return check_key(request.headers.get("Idempotency-Key", ""))


def new_key() -> str:
    """For a form: made when it is shown, so that sending it twice does one thing."""
    return str(uuid4())


def answer(data: Any, *, replayed: bool, status: int = 201) -> Response:
    return Response(data, status=status, headers={"Idempotent-Replay": "true"} if replayed else None)
