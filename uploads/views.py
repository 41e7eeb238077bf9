from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from . import signatures
from .models import Upload, Variant

HEADERS = {
    "Content-Type": "image/webp",
    "Content-Disposition": "inline",
    "Cache-Control": "private, max-age=300",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Accept-Ranges": "none",
}


@require_safe
def file(request: HttpRequest, pk: UUID, variant: str) -> HttpResponse:
    """One file, for its owner or for whom its address was made a moment ago. For others it is not there."""
    viewer = request.user
    if not viewer.is_authenticated or variant not in Variant.values:
        raise Http404
    uploads = Upload.objects.ready()
    if not signatures.is_good(request.GET.get("s", ""), pk, variant, viewer.pk):
        uploads = uploads.visible_to(viewer)
    upload = uploads.filter(pk=pk).first()
    if upload is None:
        raise Http404
    etag = f'"{upload.pk.hex}-{variant}"'  # a file never changes
    response = get_conditional_response(request, etag=etag) or _content(upload.file_name(variant))
    for name, value in {**HEADERS, "ETag": etag}.items():
        response.headers[name] = value
    return response


def _content(name: str) -> HttpResponse:
    if settings.ACCEL_REDIRECT_PREFIX:
        return HttpResponse(headers={"X-Accel-Redirect": f"{settings.ACCEL_REDIRECT_PREFIX.rstrip('/')}/{name}"})
    try:
        with default_storage.open(name) as stored:
            return HttpResponse(stored.read())
    except FileNotFoundError as error:
        raise Http404 from error
