"""Pages of polls, sign-up lists and to-dos. What happens on them leads back to the chat, or to where one came from."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import F
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from chat import services
from chat.models import Member, Message, SignUp, Todo
from chat.models.poll import OPTIONS_MAX
from chat.together_forms import LineForm, ListForm, PollForm, TodoForm
from superapp.kernel.errors import NotFound, Refused, add_to_form

from .loading import conversation_of, list_beside, number

OPTIONS_OFFERED = 4  # empty inputs to begin with; the script adds more


def _message(request: HttpRequest, pk: int, kind: str) -> Message:
    visible = Message.objects.visible_to(request.user).select_related("conversation", "sender")
    return get_object_or_404(visible, pk=pk, kind=kind, recalled_at=None)


def _page(
    request: HttpRequest, template: str, conversation: Any, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    return render(request, template, list_beside(request) | {"conversation": conversation} | context, status=status)


# --- Polls ---


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_poll(request: HttpRequest, pk: int) -> HttpResponse:
    conversation = conversation_of(request, pk)
    if not conversation.is_group:
        raise NotFound
    form = PollForm(request.POST or None, initial={"client_id": uuid.uuid4()})
    options = request.POST.getlist("options")[: OPTIONS_MAX + 1]
    if request.method == "POST" and form.is_valid():
        try:
            services.send_poll(sender=request.user, conversation=conversation, options=options, **form.cleaned_data)
        except Refused as refusal:
            add_to_form(form, refusal)
        else:
            return redirect("chat:detail", pk)
    shown = (options + [""] * OPTIONS_OFFERED)[: max(OPTIONS_OFFERED, len(options))]
    context = {"form": form, "options": shown, "most": OPTIONS_MAX}
    return _page(request, "chat/new_poll.html", conversation, context, 422 if form.is_bound else 200)


@login_required
@require_safe
def poll(request: HttpRequest, pk: int) -> HttpResponse:
    """How it stands, and who has chosen what unless that is nobody's business."""
    message = _message(request, pk, Message.Kind.POLL)
    asked = services.poll_of(request.user, message, held=False)
    stands = asked.snapshot()
    votes = list(asked.votes.select_related("user").order_by("pk"))
    for option in stands["options"]:
        option["voters"] = [] if asked.is_anonymous else [v.user for v in votes if v.option == option["number"]]
        option["mine"] = any(v.user_id == request.user.pk and v.option == option["number"] for v in votes)
    context = {
        "message": message,
        "poll": stands,
        "is_over": asked.is_over,
        "has_voted": any(option["mine"] for option in stands["options"]),
        "may_close": asked.closed_at is None and services.may_close(request.user, message),
    }
    return _page(request, "chat/poll.html", message.conversation, context)


@login_required
@require_POST
def vote(request: HttpRequest, pk: int) -> HttpResponse:
    """Without a choice it takes the vote back."""
    message = _message(request, pk, Message.Kind.POLL)
    chosen = [number(text) for text in request.POST.getlist("options")[: OPTIONS_MAX + 1]]
    if None in chosen:
        return HttpResponseBadRequest()
    if chosen:
        services.vote(voter=request.user, message=message, options=[option for option in chosen if option is not None])
    else:
        services.take_back_vote(voter=request.user, message=message)
    return _done(request, message)


@login_required
@require_POST
def close_poll(request: HttpRequest, pk: int) -> HttpResponse:
    message = _message(request, pk, Message.Kind.POLL)
    services.close_poll(actor=request.user, message=message)
    return redirect("chat:poll", pk)


# --- Sign-up lists ---


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_list(request: HttpRequest, pk: int) -> HttpResponse:
    conversation = conversation_of(request, pk)
    if not conversation.is_group:
        raise NotFound
    form = ListForm(request.POST or None, initial={"client_id": uuid.uuid4()})
    if request.method == "POST" and form.is_valid():
        try:
            services.send_list(sender=request.user, conversation=conversation, **form.cleaned_data)
        except Refused as refusal:
            add_to_form(form, refusal)
        else:
            return redirect("chat:detail", pk)
    return _page(request, "chat/new_list.html", conversation, {"form": form}, 422 if form.is_bound else 200)


@login_required
@require_safe
def sign_up_list(request: HttpRequest, pk: int) -> HttpResponse:
    return _list_page(request, pk, LineForm())


@login_required
@require_POST
def sign_up(request: HttpRequest, pk: int) -> HttpResponse:
    message = _message(request, pk, Message.Kind.LIST)
    form = LineForm(request.POST)
    if form.is_valid():
        try:
            services.sign_up(person=request.user, message=message, text=form.cleaned_data["text"])
        except Refused as refusal:
            add_to_form(form, refusal)
        else:
            return _done(request, message)
    return _list_page(request, pk, form, status=422)


@login_required
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    message = _message(request, pk, Message.Kind.LIST)
    services.withdraw(person=request.user, message=message)
    return _done(request, message)


@login_required
@require_POST
def close_list(request: HttpRequest, pk: int) -> HttpResponse:
    message = _message(request, pk, Message.Kind.LIST)
    services.close_list(actor=request.user, message=message)
    return redirect("chat:sign_up_list", pk)


def _list_page(request: HttpRequest, pk: int, form: LineForm, status: int = 200) -> HttpResponse:
    message = _message(request, pk, Message.Kind.LIST)
    joined = services.list_of(request.user, message, held=False)
    lines = list(joined.entries.select_related("user").order_by("pk"))
    context = {
        "message": message,
        "joined": joined,
        "lines": lines,
        "as_text": _as_text(joined.title, joined.description, lines),
        "own": next((line for line in lines if line.user_id == request.user.pk), None),
        "form": form,
        "may_close": not joined.is_over and services.may_close(request.user, message),
    }
    return _page(request, "chat/sign_up_list.html", message.conversation, context, status)


def _as_text(title: str, description: str, lines: list[SignUp]) -> str:
    """To be pasted elsewhere."""
    numbered = [f"{place}. {line.name} {line.text}".rstrip() for place, line in enumerate(lines, start=1)]
    return "\n".join(filter(None, [title, description, *numbered]))


# --- To-dos ---


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def todos(request: HttpRequest, pk: int) -> HttpResponse:
    """All of a group, and a form for those who may make one (of a message too: `?message=`)."""
    conversation = conversation_of(request, pk)
    if not conversation.is_group:
        raise NotFound
    named = number(request.POST.get("message") or request.GET.get("message"))
    message = Message.objects.visible_to(request.user).filter(conversation=conversation, pk=named).first()
    form = TodoForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.make_todo(
                actor=request.user, conversation=conversation, text=form.cleaned_data["text"], message=message
            )
        except Refused as refusal:
            add_to_form(form, refusal)
        else:
            return redirect("chat:todos", pk)
    found = Todo.objects.visible_to(request.user).filter(conversation=conversation).with_progress(request.user)
    context = {
        "todos": found.select_related("created_by").order_by(F("closed_at").desc(nulls_first=True), "-pk")[:100],
        "form": form,
        "message": message,
        "may_manage": conversation.role in Member.MANAGERS and not conversation.is_dissolved,
    }
    return _page(request, "chat/todos.html", conversation, context, 422 if form.is_bound else 200)


def _todo(request: HttpRequest, pk: int) -> Any:
    found = Todo.objects.visible_to(request.user).with_progress(request.user)
    return get_object_or_404(found.select_related("conversation", "created_by"), pk=pk)


@login_required
@require_safe
def todo(request: HttpRequest, pk: int) -> HttpResponse:
    """Who has done it, and who has not yet."""
    asked = _todo(request, pk)
    done = list(asked.ticks.present().select_related("user").order_by("pk"))
    members = asked.conversation.members.active().filter(user__is_bot=False).select_related("user")
    missing = members.exclude(user__in=[tick.user_id for tick in done]).by_seniority()
    own = asked.conversation.member(request.user)
    may_manage = own.may_manage and not asked.conversation.is_dissolved
    context = {"todo": asked, "done": done, "missing": missing, "may_manage": may_manage}
    return _page(request, "chat/todo.html", asked.conversation, context)


@login_required
@require_POST
def tick_todo(request: HttpRequest, pk: int) -> HttpResponse:
    """Done, or not done after all."""
    asked = _todo(request, pk)
    if request.POST.get("done") == "no":
        services.untick(person=request.user, todo=asked)
    else:
        services.tick(person=request.user, todo=asked)
    if request.POST.get("from") == "chat":
        return redirect("chat:detail", asked.conversation_id)
    return redirect("chat:todos", asked.conversation_id)


@login_required
@require_POST
def finish_todo(request: HttpRequest, pk: int) -> HttpResponse:
    asked = _todo(request, pk)
    services.finish_todo(actor=request.user, todo=asked)
    messages.success(request, _("The to-do is finished."))
    return redirect("chat:todos", asked.conversation_id)


# --- Mentions ---


@login_required
@require_safe
def mentionable(request: HttpRequest, pk: int) -> HttpResponse:
    """Whom one may name here, for the list that opens at an @."""
    conversation = conversation_of(request, pk)
    members = conversation.members.active().exclude(user=request.user)
    found = list(members.select_related("user").by_seniority())
    people = [
        {
            "handle": member.user.handle,
            "name": member.nickname or member.user.display_name,
            "words": f"{member.user.handle} {member.nickname} {member.user.display_name}".lower(),
            "avatar": member.user.avatar_url,
        }
        for member in found
    ]
    everybody = conversation.is_group and conversation.role in Member.MANAGERS
    return JsonResponse({"people": people, "everybody": _("everyone") if everybody else ""})


def _done(request: HttpRequest, message: Message) -> HttpResponse:
    """Back to where it was done: the page of the thing, or the chat. A script sees to the rest itself."""
    if request.headers.get("X-Requested-With") == "fetch":
        return HttpResponse(status=204)
    if request.POST.get("from") == "page":
        return redirect("chat:poll" if message.kind == Message.Kind.POLL else "chat:sign_up_list", message.pk)
    return redirect(f"{message.conversation.get_absolute_url()}#message-{message.seq}")
