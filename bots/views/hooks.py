"""Where programs post to, in the manner of Slack: plain words for answers, and nobody signed in."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from bots import services
from superapp.kernel import strict_json
from superapp.kernel.errors import RateLimited, Refused

BODY_MAX = 256 * 1024


@csrf_exempt
@require_POST
def hook(request: HttpRequest, token: str) -> HttpResponse:
    """Whoever knows the address speaks: there is no session to abuse, so there is no token against forgery either."""
    try:
        services.receive_post(token=token, payload=_payload(request))
    except (ValueError, RequestDataTooBig, TooManyFieldsSent, MultiPartParserError):
        return _answer("invalid_payload", 400)
    except RateLimited as refusal:
        return _answer(refusal.code, 429, {"Retry-After": str(refusal.retry_after)})
    except Refused as refusal:
        return _answer(refusal.code, refusal.status)
    return _answer("ok", 200)


def _payload(request: HttpRequest) -> Any:
    """JSON as the body, or in the field `payload` of a form, as old integrations send it."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > BODY_MAX:
        raise ValueError("too large")
    if request.content_type in {"application/x-www-form-urlencoded", "multipart/form-data"}:
        form = request.POST.get("payload")
        if form is None and request.POST.get("text"):
            return {"text": request.POST["text"], "username": request.POST.get("username", "")}
        return strict_json.read(form or "")
    return strict_json.read(request.body.decode("utf-8"))


def _answer(words: str, status: int, headers: dict[str, str] | None = None) -> HttpResponse:
    return HttpResponse(words, status=status, content_type="text/plain; charset=utf-8", headers=headers)
