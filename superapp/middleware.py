from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers, patch_cache_control

from superapp.kernel.errors import RateLimited, Refused

GetResponse = Callable[[HttpRequest], HttpResponse]


class PrivateResponses:
    """No shared cache ever keeps what was made for one person."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
            patch_cache_control(response, private=True, no_store=True)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response


class RefusalPages:
    """A refusal that a view did not turn into a form error becomes a page (or, for htmx, a toast)."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, Refused):
            return None
        context = {"sentence": error.sentence, "status": error.status}
        if request.htmx:  # type: ignore[attr-defined]
            messages.error(request, str(error.sentence))
            response = render(request, "_toasts.html", context, status=error.status)
            response["HX-Retarget"] = "#toasts"
            response["HX-Reswap"] = "beforeend"
        else:
            response = render(
                request, "404.html" if error.status == 404 else "refused.html", context, status=error.status
            )
        if isinstance(error, RateLimited):
            response["Retry-After"] = str(error.retry_after)
        return response
