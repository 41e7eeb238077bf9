"""What can be done with a message: one page for all of it, and a page or a button for each."""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from chat import services, timeline
from chat.forms import EditForm, ForwardForm, ReactionForm
from chat.listing import list_page
from chat.models import Conversation, Message, MessageEdit, Reaction, Record
from chat.models.reaction import own_reactions_of
from superapp.kernel.errors import Refused, add_to_form

from .loading import conversation_of, list_beside, number, own_place

QUICK_EMOJI = ["👍", "❤️", "😂", "😮", "😢", "🙏"]
REACTIONS_SHOWN = 200
SELECTABLE_SHOWN = 60
TARGETS_SHOWN = 200
CHOSEN_MAX = 100


@login_required
@require_safe
def message(request: HttpRequest, pk: int, message_pk: int) -> HttpResponse:
    """The message, and everything that may be done with it. For scripts, the actions alone."""
    conversation = conversation_of(request, pk)
    said = _message_of(request, pk, message_pk)
    context = _context(request, conversation, said)
    if request.htmx:
        return render(request, "chat/_message_actions.html", context)
    return render(request, "chat/message.html", _page(request, conversation, said) | context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def reactions(request: HttpRequest, pk: int, message_pk: int) -> HttpResponse:
    """Who has reacted; with POST, one's own reaction."""
    conversation = conversation_of(request, pk)
    said = _message_of(request, pk, message_pk)
    if request.method == "POST":
        services.react(person=request.user, message=said, emoji=_emoji(request))
        return _done(request, said)
    found = Reaction.objects.visible_to(request.user).filter(message=said).select_related("user").order_by("-pk")
    context = _context(request, conversation, said) | {"reactions": found[:REACTIONS_SHOWN]}
    return render(request, "chat/reactions.html", _page(request, conversation, said) | context)


@login_required
@require_POST
def take_back_reaction(request: HttpRequest, pk: int, message_pk: int) -> HttpResponse:
    said = _message_of(request, pk, message_pk)
    services.take_back_reaction(person=request.user, message=said, emoji=_emoji(request))
    return _done(request, said)


@login_required
@require_POST
def recall(request: HttpRequest, pk: int, message_pk: int) -> HttpResponse:
    said = _message_of(request, pk, message_pk)
    services.recall_message(actor=request.user, message=said)
    return _done(request, said)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int, message_pk: int) -> HttpResponse:
    conversation = conversation_of(request, pk)
    said = _message_of(request, pk, message_pk)
    form = EditForm(request.POST or None, initial={"text": said.text})
    if request.method == "POST" and form.is_valid():
        try:
            services.edit_message(editor=request.user, message=said, text=form.cleaned_data["text"])
        except Refused as refusal:
            add_to_form(form, refusal)
        else:
            return _done(request, said)
    context = _context(request, conversation, said) | {"form": form}
    page = _page(request, conversation, said) | context
    return render(request, "chat/edit_message.html", page, status=422 if form.is_bound else 200)


@login_required
@require_safe
def edits(request: HttpRequest, pk: int, message_pk: int) -> HttpResponse:
    conversation = conversation_of(request, pk)
    said = _message_of(request, pk, message_pk)
    versions = MessageEdit.objects.visible_to(request.user).filter(message=said).order_by("-pk")
    context = _context(request, conversation, said) | {"versions": versions}
    return render(request, "chat/edits.html", _page(request, conversation, said) | context)


@login_required
@require_safe
def record(request: HttpRequest, pk: int, message_pk: int) -> HttpResponse:
    conversation = conversation_of(request, pk)
    records = Record.objects.visible_to(request.user).filter(message__conversation=pk, message=message_pk)
    found = get_object_or_404(records.select_related("message").prefetch_related("files__upload"))
    context = list_beside(request, conversation) | {
        "conversation": conversation,
        "head": found.message.payload,
        "items": found.items,
        "uploads": found.uploads,
        "back_url": _address(found.message),
    }
    return render(request, "chat/record.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def select(request: HttpRequest, pk: int) -> HttpResponse:
    """Several messages to choose from, for browsers without scripts; others choose in the conversation itself. With
    POST, on to where they shall go."""
    conversation = conversation_of(request, pk)
    if request.method == "POST":
        asked = [("message", said.pk) for said in _chosen(request, pk, request.POST.getlist("message"))]
        merged = [("merged", 1)] if request.POST.get("merged") else []
        return redirect(f"{reverse('chat:forward', args=[pk])}?{urlencode([*asked, *merged])}")
    before = number(request.GET.get("before"))
    page = timeline.page_of(own_place(conversation, request.user), before=before, size=SELECTABLE_SHOWN)
    rows = [row for row in page.rows if row.message.is_portable]
    context = list_beside(request, conversation) | {"conversation": conversation, "page": page, "rows": rows}
    return render(request, "chat/select.html", context)


@login_required
@require_POST
def save(request: HttpRequest, pk: int) -> HttpResponse:
    chosen = _chosen(request, pk, request.POST.getlist("message"))
    services.save_messages(owner=request.user, messages=chosen)
    messages.success(request, _("Saved. You find it under Me."))
    if request.htmx:
        response = render(request, "_toasts.html")
        response["HX-Trigger"] = "chat:done"
        return response
    return redirect("chat:detail", pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def forward(request: HttpRequest, pk: int) -> HttpResponse:
    """Where to. The messages are named in the address, so that the page can be opened again."""
    conversation = conversation_of(request, pk)
    chosen = _chosen(request, pk, request.GET.getlist("message"))
    merged = bool(request.GET.get("merged"))
    page = list_page(request.user)
    form = ForwardForm(
        request.POST or None,
        conversations=Conversation.objects.for_member(request.user),
        initial={"client_id": uuid.uuid4(), "merged": merged},
    )
    if request.method == "POST" and form.is_valid():
        try:
            targets = _forward(request.user, chosen, form.cleaned_data)
        except Refused as refusal:
            add_to_form(form, refusal)
        else:
            sentence = ngettext("Forwarded to %(count)s chat.", "Forwarded to %(count)s chats.", len(targets))
            messages.success(request, sentence % {"count": len(targets)})
            return redirect("chat:detail", targets[0].pk if len(targets) == 1 else pk)
    context = list_beside(request, conversation) | {
        "conversation": conversation,
        "form": form,
        "messages_chosen": chosen,
        "merged": merged,
        "targets": page.rows[:TARGETS_SHOWN],
        "chosen_targets": request.POST.getlist("to"),
    }
    return render(request, "chat/forward.html", context, status=422 if form.is_bound else 200)


@login_required
@require_POST
def open_own(request: HttpRequest) -> HttpResponse:
    """The conversation with oneself, for notes and files."""
    return redirect(services.open_direct(person=request.user, other=request.user))


def _forward(sender: User, chosen: list[Message], wanted: dict[str, Any]) -> list[Conversation]:
    targets = list(wanted["to"])
    services.forward_messages(
        sender=sender, messages=chosen, to=targets, client_id=wanted["client_id"], merged=wanted["merged"]
    )
    return targets


def _message_of(request: HttpRequest, pk: int, message_pk: int) -> Message:
    visible = Message.objects.visible_to(request.user).filter(conversation=pk).for_display()
    found: Message = get_object_or_404(visible, pk=message_pk)
    return found


def _chosen(request: HttpRequest, pk: int, named: list[str]) -> list[Message]:
    """The messages a request names; what is not there, or not of this conversation, is as if nothing was named."""
    keys = list(dict.fromkeys(key for key in map(number, named[:CHOSEN_MAX]) if key is not None))
    visible = Message.objects.visible_to(request.user).filter(conversation=pk, pk__in=keys)
    found = list(visible.for_display().order_by("seq"))
    if not found or len(found) != len(keys):
        get_object_or_404(visible.none())
    return found


def _emoji(request: HttpRequest) -> str:
    form = ReactionForm(request.POST)
    return str(form.cleaned_data["emoji"]) if form.is_valid() else ""


def _context(request: HttpRequest, conversation: Any, said: Message) -> dict[str, Any]:
    own = own_place(conversation, request.user)
    chosen = own_reactions_of(said, request.user.pk)
    spoken = not said.is_system and not said.is_recalled
    return {
        "conversation": conversation,
        "here": conversation.get_absolute_url(),
        "is_group": conversation.is_group,
        "message": said,
        "mine": said.sender_id == request.user.pk,
        "own": own,
        "is_spoken": spoken,
        "is_portable": said.is_portable,
        "may_recall": said.recallable_by(own),
        "may_edit": said.editable_by(request.user),
        "may_ask_all": spoken and conversation.is_group and not conversation.is_dissolved and own.may_manage,
        "quick": [(emoji, emoji in chosen) for emoji in QUICK_EMOJI],
        "chosen": chosen,
    }


def _page(request: HttpRequest, conversation: Any, said: Message) -> dict[str, Any]:
    """What a whole page shows beside the actions: the list, and the message as the conversation shows it."""
    row = timeline.row_of(own_place(conversation, request.user), said.seq)
    return list_beside(request, conversation) | {"rows": [row] if row else [], "back_url": _address(said)}


def _address(said: Message) -> str:
    return f"{reverse('chat:detail', args=[said.conversation_id])}?around={said.seq}#message-{said.seq}"


def _done(request: HttpRequest, said: Message) -> HttpResponse:
    """Back to the message; a script, which is told of the change like everybody, only closes what it has opened."""
    if request.htmx:
        return HttpResponse(status=204, headers={"HX-Trigger": "chat:done"})
    return redirect(_address(said))
