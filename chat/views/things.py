"""Places, contact cards, cards of other apps, and what has been sent."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from chat import services
from chat.cards import make_card
from chat.files import FilesKind, files_page
from chat.forms import ContactForm, PlaceForm, ShareForm
from chat.listing import list_page
from chat.models import Conversation, Message
from superapp.kernel.errors import Refused, add_to_form

from .groups import _by_name
from .loading import conversation_of, list_beside, number, own_place

TARGETS_SHOWN = 50


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def send_place(request: HttpRequest, pk: int) -> HttpResponse:
    conversation = conversation_of(request, pk)
    form = PlaceForm(request.POST or None, initial={"client_id": uuid.uuid4()})
    if request.method == "POST" and form.is_valid():
        try:
            services.send_place(sender=request.user, conversation=conversation, **form.wanted())
        except Refused as refusal:
            add_to_form(form, refusal)
        else:
            return redirect("chat:detail", pk)
    context = list_beside(request, conversation) | {"conversation": conversation, "form": form}
    return render(request, "chat/send_place.html", context, status=422 if form.is_bound else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def send_contact(request: HttpRequest, pk: int) -> HttpResponse:
    """Whose card: a friend's."""
    conversation = conversation_of(request, pk)
    friends = User.objects.active().friends_of(request.user)
    form = ContactForm(request.POST or None, friends=friends, initial={"client_id": uuid.uuid4()})
    if request.method == "POST" and form.is_valid():
        words = form.cleaned_data
        try:
            services.share_card(
                sender=request.user,
                conversation=conversation,
                client_id=words["client_id"],
                kind="person",
                name=words["person"].handle,
            )
        except Refused as refusal:
            add_to_form(form, refusal)
        else:
            return redirect("chat:detail", pk)
    context = list_beside(request, conversation) | {
        "conversation": conversation,
        "form": form,
        "friends": _by_name(request.user, friends),
    }
    return render(request, "chat/send_contact.html", context, status=422 if form.is_bound else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def share(request: HttpRequest, kind: str, name: str) -> HttpResponse:
    """Where to share something one sees."""
    card = make_card(request.user, kind, name)
    form = ShareForm(
        request.POST or None,
        conversations=Conversation.objects.for_member(request.user),
        initial={"client_id": uuid.uuid4()},
    )
    if request.method == "POST" and form.is_valid():
        words = form.cleaned_data
        try:
            services.share_widely(
                sender=request.user, to=list(words["to"]), client_id=words["client_id"], kind=kind, name=name
            )
        except Refused as refusal:
            add_to_form(form, refusal)
        else:
            sentence = ngettext("Shared to %(count)s chat.", "Shared to %(count)s chats.", len(words["to"]))
            messages.success(request, sentence % {"count": len(words["to"])})
            return redirect(card["url"])
    context = list_beside(request) | {
        "card": card,
        "form": form,
        "targets": list_page(request.user).rows[:TARGETS_SHOWN],
        "chosen_targets": request.POST.getlist("to"),
    }
    return render(request, "chat/share.html", context, status=422 if form.is_bound else 200)


@login_required
@require_POST
def heard(request: HttpRequest, pk: int) -> HttpResponse:
    message = get_object_or_404(Message.objects.visible_to(request.user), pk=pk)
    services.mark_heard(listener=request.user, message=message)
    return HttpResponse(status=204)


@login_required
@require_safe
def files(request: HttpRequest, pk: int) -> HttpResponse:
    conversation = conversation_of(request, pk)
    kind = request.GET.get("kind", FilesKind.MEDIA)
    if kind not in FilesKind.values:
        raise Http404
    page = files_page(own_place(conversation, request.user), kind, before=number(request.GET.get("before")))
    context = list_beside(request, conversation) | {
        "conversation": conversation,
        "kind": kind,
        "kinds": FilesKind.choices,
        "page": page,
        "here": conversation.get_absolute_url(),
    }
    return render(request, "chat/files.html", context)
