from __future__ import annotations

import uuid
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from chat import services, timeline
from chat.forms import MessageForm, ReadForm
from chat.models import Message
from superapp.kernel.errors import Refused, add_to_form
from uploads.services import receive_upload

from .loading import conversation_and_list, conversation_of, list_beside, number, own_place

AROUND = timeline.PAGE_SIZE // 2
ROWS_ASKED_MAX = 50
OFFSET_MAX = 100_000


@login_required
@require_safe
def conversation_list(request: HttpRequest) -> HttpResponse:
    """Alone on phones, beside an invitation to choose on wider screens. For htmx, the rows alone."""
    offset = min(number(request.GET.get("offset")) or 0, OFFSET_MAX)
    context = list_beside(request, offset=offset) | {"active": number(request.GET.get("active"))}
    return render(request, "chat/_conversations.html" if request.htmx else "chat/list.html", context)


@login_required
@require_safe
def conversation_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _conversation_page(request, pk, MessageForm(), reply_to=number(request.GET.get("reply_to")))


@login_required
@require_POST
def send(request: HttpRequest, pk: int) -> HttpResponse:
    conversation = conversation_of(request, pk)
    form = MessageForm(request.POST, request.FILES)
    if form.is_valid():
        words = form.cleaned_data
        try:
            uploads = [str(receive_upload(owner=request.user, file=photo).pk) for photo in words["photos"]]
            services.send_message(
                sender=request.user,
                conversation=conversation,
                client_id=words["client_id"],
                kind=Message.Kind.IMAGE if uploads else Message.Kind.TEXT,
                text=words["text"],
                uploads=uploads,
                reply_to=_quoted(request, conversation, words["reply_to"]),
            )
        except Refused as refusal:
            add_to_form(form, refusal)
        else:
            return redirect("chat:detail", pk)
    reply_to = form.cleaned_data.get("reply_to")
    return _conversation_page(request, pk, form, reply_to=reply_to, status=422)


@login_required
@require_safe
def changes(request: HttpRequest, pk: int) -> HttpResponse:
    """The rows changed since a number, for an open page to merge by their ids."""
    conversation = conversation_of(request, pk)
    since = number(request.GET.get("since"))
    if since is None:
        return HttpResponseBadRequest()
    also = [seq for seq in map(number, request.GET.getlist("row")[:ROWS_ASKED_MAX]) if seq is not None]
    found = timeline.changes_since(
        own_place(conversation, request.user), since=since, head=conversation.head, also=also
    )
    context = _conversation_context(request, conversation) | {"rows": found.rows}
    response = render(request, "chat/_changes.html", context)
    response["X-Seq"] = str(found.seq)
    if found.has_more:
        response["X-Has-More"] = "true"
    return response


@login_required
@require_safe
def older(request: HttpRequest, pk: int) -> HttpResponse:
    conversation = conversation_of(request, pk)
    before = number(request.GET.get("before"))
    if before is None:
        return HttpResponseBadRequest()
    page = timeline.page_of(own_place(conversation, request.user), before=before)
    return render(request, "chat/_history.html", _conversation_context(request, conversation) | {"page": page})


@login_required
@require_POST
def read(request: HttpRequest, pk: int) -> HttpResponse:
    conversation = conversation_of(request, pk)
    form = ReadForm(request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest()
    services.mark_read(reader=request.user, conversation=conversation, seq=form.cleaned_data["seq"])
    return redirect("chat:detail", pk)


@login_required
@require_POST
def open_direct(request: HttpRequest, handle: str) -> HttpResponse:
    other = get_object_or_404(User.objects.visible_to(request.user), handle=handle)
    return redirect(services.open_direct(person=request.user, other=other))


def _conversation_page(
    request: HttpRequest, pk: int, form: MessageForm, *, reply_to: int | None, status: int = 200
) -> HttpResponse:
    conversation, beside = conversation_and_list(request, pk)
    member = own_place(conversation, request.user)
    before, around = number(request.GET.get("before")), number(request.GET.get("around"))
    detached = before is not None or around is not None
    if around is not None:
        before = around + AROUND
    unread = min(conversation.unread, timeline.UNREAD_SHOWN_MAX)
    page = timeline.page_of(member, before=before, size=max(timeline.PAGE_SIZE, unread + 5))
    if page.rows and detached and page.rows[-1].seq >= conversation.head:
        detached = False
    context = {
        **beside,
        **_conversation_context(request, conversation),
        "page": page,
        "detached": detached,
        "unread_from": timeline.first_unread(page.rows, member.read_seq) if conversation.unread else None,
        "form": form,
        "client_id": uuid.uuid4(),
        "reply_to": _quoted(request, conversation, reply_to),
    }
    return render(request, "chat/conversation.html", context, status=status)


def _conversation_context(request: HttpRequest, conversation: Any) -> dict[str, Any]:
    return {
        "conversation": conversation,
        "here": conversation.get_absolute_url(),
        "is_group": conversation.is_group,
        "person": request.user,
    }


def _quoted(request: HttpRequest, conversation: Any, pk: int | None) -> Message | None:
    if pk is None:
        return None
    visible = Message.objects.visible_to(request.user).filter(conversation=conversation).select_related("sender")
    return visible.select_related("red_envelope").filter(pk=pk).first()
