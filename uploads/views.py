from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import content_disposition_header, url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from . import services, signatures
from .delivery import deliver
from .models import Form, Upload, Variant

# Nothing that somebody sent may act as a page of ours, whatever it is and however it is opened.
HEADERS = {
    "Cache-Control": "private, max-age=300",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
_PICTURES = {f"{variant}.webp": variant.value for variant in Variant}
_GIVEN_OUT = {*_PICTURES, Form.VIDEO.value, Form.VOICE.value, Form.FILE.value}


@require_safe
def file(request: HttpRequest, pk: UUID, name: str) -> HttpResponseBase:
    """One file, for its owner or for whom its address was made a moment ago. For others it is not there."""
    viewer = request.user
    if not viewer.is_authenticated or name not in _GIVEN_OUT:
        raise Http404
    uploads = Upload.objects.ready()
    if not signatures.is_good(request.GET.get("s", ""), pk, _PICTURES.get(name, name), viewer.pk):
        uploads = uploads.visible_to(viewer)
    upload = uploads.filter(pk=pk).first()
    if upload is None:
        raise Http404
    etag = f'"{upload.pk.hex}-{name.partition(".")[0]}"'  # a file never changes
    headers = HEADERS | {"ETag": etag, "Content-Type": "image/webp", "Content-Disposition": "inline"}
    if name not in _PICTURES:
        headers["Content-Type"] = Form(name).content_type
    if name == Form.FILE:
        headers["Content-Disposition"] = content_disposition_header(True, upload.name or "file") or "attachment"
    return deliver(request, upload.stored_name(name), etag, headers, in_parts=name not in _PICTURES)


@login_required
@require_POST
def retry(request: HttpRequest, pk: UUID) -> HttpResponse:
    upload = get_object_or_404(Upload.objects.visible_to(request.user), pk=pk)
    services.retry_upload(owner=request.user, upload=upload)
    back = request.POST.get("next", "")
    return redirect(back if url_has_allowed_host_and_scheme(back, None) else "home")
