from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from notifications.services import badges
from superapp import styles
from superapp.appearance import chosen_theme

# Fetched along with app.js rather than after it.
CORE_MODULES = ["requests", "toast", "words", "menu", "sheet"]
LIVE_MODULES = ["live", "badges"]


def shell(request: HttpRequest) -> dict[str, Any]:
    """What every page's frame needs. Nothing is asked of the database until a template uses it."""
    return {
        "site_name": settings.SITE_NAME,
        "development": settings.DEVELOPMENT,
        "theme": chosen_theme(request),
        "text_direction": "rtl" if get_language_bidi() else "ltr",
        "csp_nonce": getattr(request, "csp_nonce", ""),
        "csrf_cookie_name": settings.CSRF_COOKIE_NAME,
        "badges": SimpleLazyObject(lambda: _badges(request)),
        "core_modules": CORE_MODULES,
        "live_modules": LIVE_MODULES,
        "words": _words,
        "stylesheet_version": styles.sheet().version,
    }


def _badges(request: HttpRequest) -> dict[str, int]:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    return badges(user)


def _words() -> dict[str, str]:
    """The few sentences that the page's own scripts say."""
    return {
        "close": _("Close"),
        "failed": _("That did not work. Please try again."),
        "offline": _("No connection. Trying again…"),
        "copied": _("Copied."),
    }
