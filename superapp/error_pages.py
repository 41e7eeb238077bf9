"""The answers when no view has one: for people a page, below the REST root a problem like every other."""

from __future__ import annotations

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext_lazy as _
from django.views import defaults
from redis.exceptions import RedisError

from superapp.kernel import rest
from superapp.kernel.errors import Invalid, NotFound, Refused, Unavailable

REST_ROOT = "/api/v1/"
# What a database or a Redis that is away, restarting or overloaded makes of a request. It may work in a moment.
OUT_OF_REACH = (OperationalError, InterfaceError, RedisError)
AGAIN_IN = "1"  # second


class Broken(Refused):
    code = "server_error"
    sentence = _("Something has gone wrong on our side.")
    status = 500


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _problem(Invalid()) if _is_rest(request) else defaults.bad_request(request, exception)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _problem(NotFound()) if _is_rest(request) else defaults.page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """Django calls it while it handles the error."""
    if isinstance(sys.exc_info()[1], OUT_OF_REACH):
        return _unavailable(request)
    return _problem(Broken()) if _is_rest(request) else defaults.server_error(request)


def _unavailable(request: HttpRequest) -> HttpResponse:
    response = _problem(Unavailable()) if _is_rest(request) else defaults.server_error(request)
    response.status_code = Unavailable.status
    response["Retry-After"] = AGAIN_IN
    return response


def _is_rest(request: HttpRequest) -> bool:
    return request.path_info.startswith(REST_ROOT)


def _problem(refusal: Refused) -> HttpResponse:
    body = rest.problem_body(refusal.status, refusal.code, str(refusal.sentence), {})
    return JsonResponse(body, status=refusal.status, content_type="application/problem+json")
