from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from accounts.presence import Presence, presence_of
from chat import services, timeline
from chat.forms import MessageForm, ReadForm
from chat.models import Admission, Member, RecalledText, Todo
from chat.parts import parts_of
from chat.readers import read_by_other
from chat.speech import composer_of
from superapp.kernel.errors import Refused, add_to_form

from .loading import conversation_and_list, conversation_of, list_beside, number, own_place, part_of_list, quoted

AROUND = timeline.PAGE_SIZE // 2
ROWS_ASKED_MAX = 50
OFFSET_MAX = 100_000
NAMED_LENGTH_MAX = 60


@login_required
@require_safe
def conversation_list(request: HttpRequest) -> HttpResponse:
    """Alone on phones, beside an invitation to choose on wider screens. For htmx, the rows alone."""
    offset = min(number(request.GET.get("offset")) or 0, OFFSET_MAX)
    named = request.GET.get("named", "").replace("\x00", "").strip()[:NAMED_LENGTH_MAX]
    page = list_beside(request, offset=offset, part=part_of_list(request), named=named)
    context = page | {"active": number(request.GET.get("active")), "named": named}
    return render(request, "chat/_conversations.html" if request.htmx else "chat/list.html", context)


@login_required
@require_safe
def conversation_detail(request: HttpRequest, pk: int) -> HttpResponse:
    form = MessageForm(initial={"text": _recalled_words(request, pk)})
    return _conversation_page(request, pk, form, reply_to=number(request.GET.get("reply_to")))


@login_required
@require_POST
def send(request: HttpRequest, pk: int) -> HttpResponse:
    conversation = conversation_of(request, pk)
    form = MessageForm(request.POST, request.FILES)
    if form.is_valid():
        words = form.cleaned_data
        try:
            reply_to = quoted(request, conversation, words["reply_to"])
            for part in parts_of(request.user, words):
                services.send_message(
                    sender=request.user,
                    conversation=conversation,
                    reply_to=reply_to,
                    silent=words["silent"],
                    clears_draft=True,
                    **part,
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
@require_safe
def newer(request: HttpRequest, pk: int) -> HttpResponse:
    """What follows on a page that does not end with the latest message. `X-Seq` says up to where this is whole."""
    conversation = conversation_of(request, pk)
    after = number(request.GET.get("after"))
    if after is None:
        return HttpResponseBadRequest()
    page = timeline.page_after(own_place(conversation, request.user), after=after)
    response = render(request, "chat/_newer.html", _conversation_context(request, conversation) | {"page": page})
    response["X-Seq"] = str(conversation.head)
    return response


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
    if not form.is_bound and conversation.draft:
        form.initial["text"] = conversation.draft
        reply_to = reply_to or conversation.draft_reply_to
    context = {
        **beside,
        **_conversation_context(request, conversation),
        "page": page,
        "detached": detached,
        "unread_from": timeline.first_unread(page, member.read_seq) if conversation.unread else None,
        "read_mark": timeline.last_read_by_other(page, read_by_other(request.user, conversation)),
        "presence": _presence(request.user, conversation),
        "form": form,
        "client_id": uuid.uuid4(),
        "voice_seconds": settings.VOICE_SECONDS_MAX,
        "reply_to": quoted(request, conversation, reply_to),
    }
    return render(request, "chat/conversation.html", context, status=status)


def _recalled_words(request: HttpRequest, pk: int) -> str:
    """What the reader has just taken back and wants to write better, if the address says so."""
    asked = number(request.GET.get("reedit"))
    if asked is None:
        return ""
    kept = RecalledText.objects.visible_to(request.user).filter(message=asked, message__conversation=pk).first()
    return kept.text if kept else ""


def _presence(viewer: User, conversation: Any) -> Presence | None:
    other = conversation.other(viewer)
    return presence_of(other, viewer) if other is not None else None


def _conversation_context(request: HttpRequest, conversation: Any) -> dict[str, Any]:
    return {
        "conversation": conversation,
        "here": conversation.get_absolute_url(),
        "is_group": conversation.is_group,
        "person": request.user,
        "todo": Todo.objects.next_for(request.user, conversation) if conversation.open_todos else None,
        "composer": composer_of(conversation, request.user),
        "other": conversation.other(request.user) if conversation.is_request else None,
        "asking": _asking(request.user, conversation),
    }


def _asking(viewer: User, conversation: Any) -> int:
    """How many ask to join, for those who let them in."""
    if not conversation.joining_needs_approval or conversation.role not in Member.MANAGERS:
        return 0
    return Admission.objects.for_managers(viewer).filter(conversation=conversation).count()
