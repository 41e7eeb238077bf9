"""How long a group keeps what is said in it, and taking a conversation away."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from chat import services
from chat.export.delivery import hand_out
from chat.forms import RetentionForm
from chat.models import Export
from superapp.kernel.errors import NotFound, Refused, add_to_form

from .loading import conversation_of, list_beside


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def retention(request: HttpRequest, pk: int) -> HttpResponse:
    conversation = conversation_of(request, pk)
    if not conversation.is_group or conversation.role != "owner":
        raise NotFound
    form = RetentionForm(request.POST or None, initial=RetentionForm.initial_of(conversation.retention_days))
    if form.is_bound and form.is_valid():
        try:
            services.change_retention(owner=request.user, conversation=conversation, days=form.days)
        except Refused as refusal:
            add_to_form(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("chat:info", pk)
    context = _beside(request, conversation) | {"form": form, "most": settings.RETENTION_DAYS_MAX}
    return render(request, "chat/retention.html", context, status=422 if form.is_bound else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def export(request: HttpRequest, pk: int) -> HttpResponse:
    """Says what it is, then starts it."""
    conversation = conversation_of(request, pk)
    if request.method == "POST":
        return _start_export(request, conversation)
    mine = Export.objects.visible_to(request.user).filter(conversation=conversation)
    context = _beside(request, conversation) | {
        "exports": mine.order_by("-created_at")[:10],
        "days": settings.EXPORT_DAYS,
    }
    return render(request, "chat/export/start.html", context)


@reauthentication_required
def _start_export(request: HttpRequest, conversation: Any) -> HttpResponse:
    return redirect("chat:export_progress", services.request_export(person=request.user, conversation=conversation).pk)  # type: ignore[arg-type]


@login_required
@require_safe
def export_progress(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Asks again by itself until it is ready. Open to its owner also after leaving the conversation."""
    found = get_object_or_404(Export.objects.visible_to(request.user), pk=pk)
    template = "chat/export/_progress.html" if request.htmx else "chat/export/progress.html"
    return render(request, template, list_beside(request) | {"export": found})


@login_required
@require_safe
@reauthentication_required
def export_file(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    return hand_out(request, get_object_or_404(Export.objects.visible_to(request.user), pk=pk))


def _beside(request: HttpRequest, conversation: Any) -> dict[str, Any]:
    return list_beside(request, conversation) | {"conversation": conversation}
