from __future__ import annotations

from typing import cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from accounts.services import change_profile
from superapp import demo_people, styles
from superapp.appearance import chosen_theme, keep_theme
from superapp.forms import GuestLanguageForm, SettingsForm
from superapp.kernel import limits


def home(request: HttpRequest) -> HttpResponse:
    return redirect("chat:list" if request.user.is_authenticated else "account_login")


@login_required
@require_safe
def me(request: HttpRequest) -> HttpResponse:
    return render(request, "me/me.html", {"form": _settings_form(request)})


@login_required
def preferences(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return render(request, "me/settings.html", {"form": _settings_form(request)})
    form = SettingsForm(request.POST)
    if not form.is_valid():
        return render(request, "me/settings.html", {"form": form}, status=422)
    theme = form.cleaned_data.pop("theme")
    person = change_profile(person=cast(User, request.user), **form.cleaned_data)
    with override(person.language):
        messages.success(request, _("Saved."))
    response = redirect("settings")
    keep_theme(response, theme)
    return response


def _settings_form(request: HttpRequest) -> SettingsForm:
    person = cast(User, request.user)
    return SettingsForm(
        initial={
            "theme": chosen_theme(request),
            "language": person.language,
            "timezone": person.timezone,
            "link_previews": person.link_previews,
        }
    )


@login_required
@require_POST
def time_zone(request: HttpRequest) -> HttpResponse:
    """The browser's own zone, told once; it is taken when the person has never chosen one."""
    person = cast(User, request.user)
    if person.timezone == User._meta.get_field("timezone").get_default():
        change_profile(person=person, timezone=request.POST.get("timezone", "")[:50])
    return HttpResponse(status=204)


@login_required
@require_safe
def discover(request: HttpRequest) -> HttpResponse:
    return render(request, "discover/discover.html")


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """A guest's choice of language; people keep theirs in the settings."""
    form = GuestLanguageForm(request.POST)
    target = request.POST.get("next", "")
    safe = target.startswith("/") and url_has_allowed_host_and_scheme(
        target, {request.get_host()}, require_https=request.is_secure()
    )
    response = redirect(target if safe else "home")
    if form.is_valid():
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            form.cleaned_data["language"],
            max_age=60 * 60 * 24 * 365,
            samesite="Lax",
            secure=settings.SECURE_SITE,
            httponly=True,
        )
    return response


@require_POST
def demo_sign_in(request: HttpRequest, handle: str) -> HttpResponse:
    """One click into a demo person's account, on a developer's own machine alone."""
    if not settings.DEVELOPMENT:
        raise Http404
    limits.count("demo-sign-in", request.META.get("REMOTE_ADDR", ""))
    person = get_object_or_404(demo_people.all_of_them().named(handle))
    login(request, person, backend=settings.AUTHENTICATION_BACKENDS[0])
    return redirect(settings.LOGIN_REDIRECT_URL)


@require_safe
@cache_control(public=True, max_age=3600)
def manifest(request: HttpRequest) -> HttpResponse:
    icons = [
        {"src": static("icons/icon-192.png"), "sizes": "192x192", "type": "image/png", "purpose": "any"},
        {"src": static("icons/icon-512.png"), "sizes": "512x512", "type": "image/png", "purpose": "any"},
        {"src": static("icons/icon-maskable-512.png"), "sizes": "512x512", "type": "image/png", "purpose": "maskable"},
        {"src": static("icons/icon.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": "any"},
    ]
    shortcuts = [
        {"name": _("Chats"), "url": reverse("home")},
        {"name": _("Discover"), "url": reverse("discover")},
        {"name": _("Me"), "url": reverse("me")},
    ]
    return JsonResponse(
        {
            "id": "/",
            "name": settings.SITE_NAME,
            "short_name": settings.SITE_NAME,
            "description": _("Chats, Moments and articles with the people you know."),
            "start_url": reverse("home"),
            "scope": "/",
            "display": "standalone",
            "background_color": "#ffffff",
            "theme_color": "#0d6e56",
            "icons": icons,
            "shortcuts": shortcuts,
        },
        content_type="application/manifest+json",
        json_dumps_params={"ensure_ascii": False},
    )


@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    context = {"static_prefix": settings.STATIC_URL}
    response = render(request, "service-worker.js", context, content_type="text/javascript")
    response["Cache-Control"] = "no-cache"
    return response


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """What the service worker shows when there is no way to the server. The same for everybody."""
    response = render(request, "offline.html", {"user": AnonymousUser()})
    response["Cache-Control"] = "no-cache"
    return response


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    return redirect(static("icons/favicon.ico"))


@require_safe
def stylesheet(request: HttpRequest, version: str) -> HttpResponse:
    sheet = styles.sheet()
    compressed = "gzip" in request.headers.get("Accept-Encoding", "")
    response = HttpResponse(sheet.compressed if compressed else sheet.text, content_type="text/css; charset=utf-8")
    if compressed:
        response["Content-Encoding"] = "gzip"
    patch_vary_headers(response, ["Accept-Encoding"])
    newest = version == sheet.version
    response["Cache-Control"] = "public, max-age=31536000, immutable" if newest else "no-cache"
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "csrf_failure.html", status=403)
