from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from . import services
from .forms import EmailSettingsForm
from .models import Notification

PAGE_SIZE = 30


@login_required
@require_safe
def notification_list(request: HttpRequest) -> HttpResponse:
    """Newest first. Pages are numbered from `before`, so that what arrives meanwhile moves nothing."""
    rows = Notification.objects.visible_to(request.user).select_related("actor").order_by("-pk")
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) <= 18:
        rows = rows.filter(pk__lt=int(before))
    found = list(rows[: PAGE_SIZE + 1])
    shown = found[:PAGE_SIZE]
    return render(
        request,
        "notifications/list.html",
        {
            "notifications": shown,
            "has_unread": any(row.read_at is None for row in shown),
            "next_url": f"{reverse('notifications:list')}?before={shown[-1].pk}" if len(found) > PAGE_SIZE else "",
        },
    )


@login_required
@require_safe
def open_notification(request: HttpRequest, pk: int) -> HttpResponse:
    notification = get_object_or_404(
        Notification.objects.filter(pk=pk).visible_to(request.user).select_related("actor")
    )
    services.mark_read(person=request.user, ids=[notification.pk])
    return redirect(notification.url())


@login_required
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    services.mark_read(person=request.user)
    return redirect("notifications:list")


@login_required
@require_http_methods(["GET", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    form = EmailSettingsForm(request.POST or None, initial=services.email_settings(request.user))
    if request.method == "POST" and form.is_valid():
        services.change_email_settings(person=request.user, email=form.cleaned_data)
        messages.success(request, _("Your choice is kept."))
        return redirect("notifications:settings")
    return render(request, "notifications/settings.html", {"form": form})
