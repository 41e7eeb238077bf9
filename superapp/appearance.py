"""The theme a browser has chosen: kept in a cookie, so that the first byte of a page already knows it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

COOKIE = "theme"


class Theme(models.TextChoices):
    SYSTEM = "system", _("System")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


def chosen_theme(request: HttpRequest) -> str:
    theme = request.COOKIES.get(COOKIE, "")
    return theme if theme in Theme.values else Theme.SYSTEM.value


def keep_theme(response: HttpResponse, theme: str) -> None:
    response.set_cookie(
        COOKIE, theme, max_age=60 * 60 * 24 * 365, samesite="Lax", secure=settings.SECURE_SITE, httponly=True
    )
