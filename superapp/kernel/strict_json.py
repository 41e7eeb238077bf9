"""JSON as it may come in, whichever door it comes through."""

from __future__ import annotations

import json
from typing import Any


def read(text: str) -> Any:
    """The value, or ValueError: no NaN, no depth that exhausts the stack, no lone surrogates and no NUL, which
    PostgreSQL cannot store."""
    try:
        value = json.loads(text, parse_constant=_refuse_constant)
        if "\\u" in text:  # only an escape can bring what the encoding itself rules out
            _look_for_unstorable(value)
    except RecursionError as error:
        raise ValueError("too deep") from error
    return value


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


def _look_for_unstorable(value: Any) -> None:
    if isinstance(value, str):
        value.encode("utf-8")  # a lone surrogate cannot be encoded
        if "\x00" in value:
            raise ValueError("NUL")
    elif isinstance(value, dict):
        for name, inner in value.items():
            _look_for_unstorable(name)
            _look_for_unstorable(inner)
    elif isinstance(value, list):
        for inner in value:
            _look_for_unstorable(inner)
