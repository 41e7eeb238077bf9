from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from chat import services
from chat.models import Conversation, ScheduledMessage
from chat.models.conversation import attach_list_facts
from chat.together_forms import ScheduleForm
from superapp.kernel.errors import Refused, add_to_form

from .loading import conversation_of, list_beside, quoted


@login_required
@require_safe
def scheduled(request: HttpRequest) -> HttpResponse:
    """Everything the person has scheduled, what could not be sent among it."""
    rows = list(ScheduledMessage.objects.visible_to(request.user).for_list())
    context = list_beside(request) | {"rows": _with_titles(request, rows)}
    return render(request, "chat/scheduled.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def scheduled_here(request: HttpRequest, pk: int) -> HttpResponse:
    """What waits for one conversation, and a form for more. The composer posts here what it has been given: with a
    time it is done, without one it is asked for."""
    conversation = conversation_of(request, pk)
    form = ScheduleForm(request.POST or None)
    if request.method == "POST" and "when" not in request.POST:
        kept = {name: request.POST.get(name, "") for name in ("text", "reply_to")}
        form = ScheduleForm(initial=kept | {"when": ScheduleForm.OWN})
    elif request.method == "POST" and form.is_valid():
        words = form.cleaned_data
        try:
            row = services.schedule_message(
                sender=request.user,
                conversation=conversation,
                text=words["text"],
                send_at=words["send_at"],
                reply_to=quoted(request, conversation, words["reply_to"]),
                silent=words["silent"],
            )
        except Refused as refusal:
            add_to_form(form, refusal)
        else:
            at = date_format(timezone.localtime(row.send_at), "DATETIME_FORMAT")
            messages.success(request, _("Scheduled: %(time)s") % {"time": at})
            return redirect("chat:detail", pk)
    mine = ScheduledMessage.objects.visible_to(request.user).filter(conversation=conversation.pk)
    context = list_beside(request, conversation) | {
        "conversation": conversation,
        "rows": [(row, "") for row in mine.for_list()],
        "form": form,
        "soonest": timezone.localtime(),
    }
    return render(request, "chat/scheduled_here.html", context, status=422 if form.is_bound else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change_scheduled(request: HttpRequest, pk: int) -> HttpResponse:
    row = _mine(request, pk)
    initial = {"text": row.text, "when": ScheduleForm.OWN, "send_at": row.send_at, "silent": row.silent}
    form = ScheduleForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        words = form.cleaned_data
        try:
            services.change_scheduled(
                sender=request.user,
                scheduled=row,
                text=words["text"],
                send_at=words["send_at"],
                silent=words["silent"],
            )
        except Refused as refusal:
            add_to_form(form, refusal)
        else:
            return redirect("chat:scheduled_here", row.conversation_id)
    context = list_beside(request) | {"row": row, "form": form, "soonest": timezone.localtime()}
    return render(request, "chat/change_scheduled.html", context, status=422 if form.is_bound else 200)


@login_required
@require_POST
def send_scheduled(request: HttpRequest, pk: int) -> HttpResponse:
    row = _mine(request, pk)
    services.send_scheduled(sender=request.user, scheduled=row)
    return redirect("chat:detail", row.conversation_id)


@login_required
@require_POST
def delete_scheduled(request: HttpRequest, pk: int) -> HttpResponse:
    row = _mine(request, pk)
    services.delete_scheduled(sender=request.user, scheduled=row)
    messages.success(request, _("Deleted."))
    if row.conversation.is_visible_to(request.user):
        return redirect("chat:scheduled_here", row.conversation_id)
    return redirect("chat:scheduled")


def _mine(request: HttpRequest, pk: int) -> ScheduledMessage:
    return get_object_or_404(ScheduledMessage.objects.visible_to(request.user).select_related("conversation"), pk=pk)


def _with_titles(request: HttpRequest, rows: list[ScheduledMessage]) -> list[tuple[ScheduledMessage, Any]]:
    """Each with what the conversation is called; with nothing where the person has left it."""
    ids = {row.conversation_id for row in rows}
    found = Conversation.objects.with_list_facts(request.user).filter(pk__in=ids)
    titles = {one.pk: one.title_for(request.user) for one in attach_list_facts(found, request.user)}
    return [(row, titles.get(row.conversation_id, "")) for row in rows]
