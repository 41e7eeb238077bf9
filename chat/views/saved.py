from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from chat import services
from chat.models import Message, SavedItem

from .loading import number

PAGE_SIZE = 30
QUERY_LENGTH_MAX = 100
FILTERS = [
    ("", gettext_lazy("All")),
    (Message.Kind.TEXT, gettext_lazy("Text")),
    (Message.Kind.IMAGE, gettext_lazy("Photos")),
    (Message.Kind.VIDEO, gettext_lazy("Videos")),
    (Message.Kind.VOICE, gettext_lazy("Voice")),
    (Message.Kind.FILE, gettext_lazy("Files")),
    (Message.Kind.CARD, gettext_lazy("Cards")),
    (Message.Kind.PLACE, gettext_lazy("Places")),
    (Message.Kind.RECORD, gettext_lazy("Chat records")),
]


@login_required
@require_safe
def saved(request: HttpRequest) -> HttpResponse:
    kind = request.GET.get("kind", "")
    query = request.GET.get("q", "").replace("\x00", "").strip()[:QUERY_LENGTH_MAX]
    before = number(request.GET.get("before"))
    items = SavedItem.objects.visible_to(request.user).for_display(request.user).saying(query)
    if kind:
        items = items.of_kind(kind)
    if before is not None:
        items = items.filter(pk__lt=before)
    found: list[Any] = list(items.order_by("-pk")[: PAGE_SIZE + 1])
    context = {
        "items": found[:PAGE_SIZE],
        "before": found[PAGE_SIZE - 1].pk if len(found) > PAGE_SIZE else None,
        "filters": FILTERS,
        "kind": kind,
        "query": query,
    }
    return render(request, "chat/saved.html", context)


@login_required
@require_safe
def saved_item(request: HttpRequest, pk: int) -> HttpResponse:
    item = get_object_or_404(SavedItem.objects.visible_to(request.user).for_display(request.user), pk=pk)
    return render(request, "chat/saved_item.html", {"item": item})


@login_required
@require_POST
def remove_saved(request: HttpRequest, pk: int) -> HttpResponse:
    item = get_object_or_404(SavedItem.objects.visible_to(request.user), pk=pk)
    services.remove_saved(owner=request.user, item=item)
    messages.success(request, _("Removed."))
    return redirect("chat:saved")
