"""A person's own place for a conversation, what they have begun to write in it, and who has read what."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from chat import services
from chat.forms import DraftForm
from chat.models import Message
from chat.readers import readers_of
from superapp.kernel.errors import Refused, add_to_form

from .loading import conversation_of, list_beside, quoted

MORNING = time(8)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def own(request: HttpRequest, pk: int) -> HttpResponse:
    """What one may do with a row of the list: as a page, and for htmx as a menu."""
    conversation = conversation_of(request, pk)
    if request.method == "POST":
        _act(request, conversation, request.POST.get("act", ""))
        if request.htmx:
            return HttpResponse(status=204)
        messages.success(request, _("Saved."))
        return redirect("chat:list")
    if request.htmx:
        return render(request, "chat/_own_actions.html", {"conversation": conversation, "menu": True})
    return render(request, "chat/own.html", list_beside(request, conversation) | {"conversation": conversation})


@login_required
@require_POST
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Kept while it is being written; the page's scripts send it."""
    conversation = conversation_of(request, pk)
    form = DraftForm(request.POST)
    if form.is_valid():
        words = form.cleaned_data
        try:
            services.keep_draft(
                writer=request.user,
                conversation=conversation,
                text=words["text"],
                reply_to=quoted(request, conversation, words["reply_to"]),
                written_at=words["written_at"],
            )
        except Refused as refusal:
            add_to_form(form, refusal)
    return HttpResponse(status=422 if form.errors else 204)


@login_required
@require_safe
def readers(request: HttpRequest, pk: int, message_pk: int) -> HttpResponse:
    """Who has read a message."""
    conversation = conversation_of(request, pk)
    visible = Message.objects.visible_to(request.user).filter(conversation=conversation).select_related("conversation")
    message = get_object_or_404(visible.select_related("sender", "red_envelope"), pk=message_pk)
    context = list_beside(request, conversation) | {
        "conversation": conversation,
        "message": message,
        "readers": readers_of(message, request.user),
    }
    return render(request, "chat/readers.html", context)


@login_required
@require_safe
def shortcuts(request: HttpRequest) -> HttpResponse:
    """What can be done by keys: as a page, and for scripts as what their dialog shows."""
    if request.htmx:
        return render(request, "chat/_shortcuts.html")
    return render(request, "chat/shortcuts.html", list_beside(request))


def _act(request: HttpRequest, conversation: Any, act: str) -> None:
    if act == "read":
        services.mark_read(reader=request.user, conversation=conversation, seq=conversation.head)
        return
    member = conversation.member(request.user)
    services.change_own_place(member=member, **_CHANGES.get(act, {}), **_silence(act))


_CHANGES: dict[str, Any] = {
    "pin": {"pinned": True},
    "unpin": {"pinned": False},
    "fold": {"folded": True},
    "unfold": {"folded": False},
    "hide": {"hidden": True},
    "show": {"hidden": False},
    "unread": {"marked_unread": True},
    "mute": {"muted": True},
    "unmute": {"muted": False},
}


def _silence(act: str) -> dict[str, datetime]:
    now = timezone.localtime()
    ends = {"mute-1h": now + timedelta(hours=1), "mute-8h": now + timedelta(hours=8), "mute-morning": _morning(now)}
    return {"muted_until": ends[act]} if act in ends else {}


def _morning(now: datetime) -> datetime:
    """The next time it is morning where the person lives."""
    day = now.date() if now.time() < MORNING else now.date() + timedelta(days=1)
    return datetime.combine(day, MORNING, tzinfo=now.tzinfo)
