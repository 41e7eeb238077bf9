"""Handing an export to its owner."""

from __future__ import annotations

from django.core.signing import BadSignature, TimestampSigner
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

from chat.models import Export
from uploads.delivery import deliver

LINK_SECONDS = 600

_signer = TimestampSigner(salt="chat.export")


def sign(export: Export) -> str:
    return _signer.sign(f"{export.pk}:{export.owner_id}")


def is_good(signature: str, export: Export) -> bool:
    try:
        return _signer.unsign(signature, max_age=LINK_SECONDS) == f"{export.pk}:{export.owner_id}"
    except BadSignature:
        return False


def hand_out(request: HttpRequest, export: Export) -> HttpResponseBase:
    """The archive itself. The caller has found it to be the reader's own."""
    if not export.is_ready:
        raise Http404
    headers = {
        "Content-Type": "application/zip",
        "Content-Disposition": content_disposition_header(True, f"{export.title}.zip") or "attachment",
        "Cache-Control": "private, no-store",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
    }
    return deliver(request, export.file_name, f'"{export.pk.hex}"', headers, in_parts=True)
