"""How a stored file reaches the browser: handed to the front server, or read here, whole or in parts (RFC 9110)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import IO

from django.conf import settings
from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response

CHUNK = 256 * 1024
PART_MAX = 2 * 1024 * 1024  # of a range without an end: players ask for the next one when they need it
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


def deliver(
    request: HttpRequest, name: str, etag: str, headers: Mapping[str, str], *, in_parts: bool
) -> HttpResponseBase:
    response: HttpResponseBase | None = get_conditional_response(request, etag=etag)
    if response is None:
        response = _handed_over(name) if settings.ACCEL_REDIRECT_PREFIX else _read(request, name, etag, in_parts)
    for header, value in headers.items():
        response.headers[header] = value
    if not settings.ACCEL_REDIRECT_PREFIX:
        response.headers["Accept-Ranges"] = "bytes" if in_parts else "none"
    return response


def _handed_over(name: str) -> HttpResponse:
    """The front server answers ranges by itself."""
    return HttpResponse(headers={"X-Accel-Redirect": f"{settings.ACCEL_REDIRECT_PREFIX.rstrip('/')}/{name}"})


def _read(request: HttpRequest, name: str, etag: str, in_parts: bool) -> HttpResponseBase:
    try:
        size = default_storage.size(name)
        stored = default_storage.open(name)
    except OSError as error:
        raise Http404 from error
    if not in_parts:
        with stored:
            return HttpResponse(stored.read())
    wanted = _range_of(request, etag, size)
    if wanted is None:
        return _stream(stored, 0, size)
    first, last = wanted
    if first > last:
        stored.close()
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    response = _stream(stored, first, last - first + 1)
    response.status_code = 206
    response.headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    return response


def _range_of(request: HttpRequest, etag: str, size: int) -> tuple[int, int] | None:
    """The first and the last byte asked for; None for the whole. What cannot be met has its first after its last."""
    found = _RANGE.fullmatch(request.headers.get("Range", "").strip())
    if not found or found[0] == "bytes=-" or request.headers.get("If-Range", etag) != etag:
        return None
    if not found[1]:  # the last so many
        return max(0, size - int(found[2])) if int(found[2]) else size, size - 1
    first = int(found[1])
    last = int(found[2]) if found[2] else first + PART_MAX - 1
    if found[2] and last < first:
        return None
    return first, min(last, size - 1)


def _stream(stored: IO[bytes], first: int, length: int) -> HttpResponseBase:
    response = StreamingHttpResponse(_chunks(stored, first, length))
    response.headers["Content-Length"] = str(length)
    return response


def _chunks(stored: IO[bytes], first: int, length: int) -> Iterator[bytes]:
    with stored:
        stored.seek(first)
        while length > 0 and (chunk := stored.read(min(CHUNK, length))):
            length -= len(chunk)
            yield chunk
