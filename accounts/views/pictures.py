from __future__ import annotations

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_safe


@require_safe
def avatar(request: HttpRequest, token: str) -> HttpResponseBase:
    """A changed picture has another address, so this one never changes. Guests see faces only where the sign-in page
    shows them, to choose a demo person by."""
    if not (request.user.is_authenticated or settings.DEVELOPMENT):
        return redirect_to_login(request.get_full_path())
    name = f"avatars/{token}.webp"
    response: HttpResponseBase
    if settings.ACCEL_REDIRECT_PREFIX:
        response = HttpResponse(content_type="image/webp")
        response["X-Accel-Redirect"] = f"{settings.ACCEL_REDIRECT_PREFIX.rstrip('/')}/{name}"
    else:
        try:
            response = FileResponse(default_storage.open(name), content_type="image/webp")
        except (FileNotFoundError, OSError) as error:
            raise Http404 from error
    response["Cache-Control"] = "private, max-age=31536000, immutable"
    return response
