from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from chat import services
from chat.models import LinkPreview, Message

HEADERS = {
    "Content-Type": "image/webp",
    "Content-Disposition": "inline",
    "Cache-Control": "private, max-age=86400",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Accept-Ranges": "none",
}


@login_required
@require_safe
def preview_image(request: HttpRequest, pk: int) -> HttpResponse:
    """Our copy of a page's picture, for those whom a message shows it to."""
    preview = get_object_or_404(LinkPreview.objects.visible_to(request.user).exclude(image=""), pk=pk)
    if settings.ACCEL_REDIRECT_PREFIX:
        where = f"{settings.ACCEL_REDIRECT_PREFIX.rstrip('/')}/{preview.image}"
        return HttpResponse(headers={**HEADERS, "X-Accel-Redirect": where})
    try:
        with default_storage.open(preview.image) as stored:
            return HttpResponse(stored.read(), headers=HEADERS)
    except FileNotFoundError as error:
        raise Http404 from error


@login_required
@require_POST
def remove_preview(request: HttpRequest, pk: int) -> HttpResponse:
    message = get_object_or_404(Message.objects.visible_to(request.user), pk=pk)
    services.remove_preview(sender=request.user, message=message)
    if request.htmx:
        return HttpResponse(status=204)  # the change itself comes over the socket
    return redirect(f"{message.conversation.get_absolute_url()}?around={message.seq}#message-{message.seq}")
