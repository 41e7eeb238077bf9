from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Friendship, User
from accounts.names import sort_key
from chat import services
from chat.forms import (
    AddMembersForm,
    AnnouncementForm,
    GroupForm,
    GroupPictureForm,
    NewGroupForm,
    OwnMembershipForm,
    RulesForm,
)
from chat.models import Admission, Conversation, Member, Todo
from superapp.kernel.errors import NotFound, Refused, add_to_form

from .loading import conversation_of, list_beside
from .members import members_in

MEMBERS_SHOWN = 18  # in the grid; all of them have a page of their own


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_group(request: HttpRequest) -> HttpResponse:
    friends = User.objects.active().friends_of(request.user)
    form = NewGroupForm(request.POST or None, friends=friends)
    if request.method == "POST" and form.is_valid():
        try:
            group = services.create_group(owner=request.user, **form.cleaned_data)
        except Refused as refusal:
            add_to_form(form, refusal)
        else:
            return redirect(group)
    context = list_beside(request) | {
        "form": form,
        "friends": _by_name(request.user, friends),
        "chosen": request.POST.getlist("members") or request.GET.getlist("with"),
    }
    return render(request, "chat/new_group.html", context, status=422 if form.is_bound else 200)


@login_required
@require_safe
def info(request: HttpRequest, pk: int) -> HttpResponse:
    conversation = conversation_of(request, pk)
    return _info_page(request, conversation)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change_group(request: HttpRequest, pk: int) -> HttpResponse:
    """Its name and its picture, for those who manage it."""
    conversation = _managed(request, pk)
    form = GroupForm(request.POST or None, instance=Conversation(title=conversation.title))
    picture_form = GroupPictureForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid() and picture_form.is_valid():
        try:
            _change_look(request, conversation, form.cleaned_data["title"], picture_form.cleaned_data)
        except Refused as refusal:
            add_to_form(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("chat:info", pk)
    context = list_beside(request, conversation) | {
        "conversation": conversation,
        "form": form,
        "picture_form": picture_form,
    }
    return render(request, "chat/edit_group.html", context, status=422 if form.is_bound else 200)


def _change_look(request: HttpRequest, conversation: Conversation, title: str, picture: dict[str, Any]) -> None:
    services.change_group(actor=request.user, conversation=conversation, title=title)
    if picture["picture"] or picture["remove_picture"]:
        services.change_group_picture(actor=request.user, conversation=conversation, file=picture["picture"] or None)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def announcement(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole of it, with who has written it and when; a form for those who may write another."""
    conversation = _group(request, pk)
    own = conversation.member(request.user)
    form = AnnouncementForm(request.POST or None, instance=Conversation(announcement=conversation.announcement))
    if request.method == "POST" and form.is_valid():
        try:
            services.change_group(actor=request.user, conversation=conversation, **form.cleaned_data)
        except Refused as refusal:
            add_to_form(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("chat:detail", pk)
    context = list_beside(request, conversation) | {
        "conversation": conversation,
        "author": conversation.announced_by,
        "may_announce": own.may_manage and not conversation.is_dissolved,
        "form": form,
    }
    return render(request, "chat/announcement.html", context, status=422 if form.is_bound else 200)


@login_required
@require_POST
def put_away_announcement(request: HttpRequest, pk: int) -> HttpResponse:
    services.put_away_announcement(member=_group(request, pk).member(request.user))
    return redirect("chat:detail", pk)


@login_required
@require_POST
def change_rules(request: HttpRequest, pk: int) -> HttpResponse:
    conversation = _group(request, pk)
    form = RulesForm(request.POST)
    if form.is_valid():
        services.change_rules(actor=request.user, conversation=conversation, rules=form.cleaned_data)
        messages.success(request, _("Saved."))
    return redirect("chat:info", pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def dissolve(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks once, then does it."""
    conversation = _group(request, pk)
    if request.method == "POST":
        services.dissolve_group(owner=request.user, conversation=conversation)
        messages.success(request, _("The group is dissolved."))
        return redirect("chat:detail", pk)
    if not conversation.member(request.user).is_owner or conversation.is_dissolved:
        raise NotFound
    return render(request, "chat/dissolve.html", list_beside(request, conversation) | {"conversation": conversation})


@login_required
@require_POST
def change_settings(request: HttpRequest, pk: int) -> HttpResponse:
    conversation = conversation_of(request, pk)
    form = OwnMembershipForm(request.POST)
    if form.is_valid():
        values = form.cleaned_data
        if conversation.is_direct:
            values.pop("nickname")
        try:
            services.change_own_membership(member=conversation.member(request.user), **values)
        except Refused as refusal:
            add_to_form(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("chat:info", pk)
    return _info_page(request, conversation, own_form=form)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def add_members(request: HttpRequest, pk: int) -> HttpResponse:
    conversation = conversation_of(request, pk)
    if conversation.is_direct:
        return redirect("chat:info", pk)
    present = Member.objects.active().filter(conversation=conversation).values("user")
    friends = User.objects.active().friends_of(request.user).exclude(pk__in=present)
    form = AddMembersForm(request.POST or None, friends=friends)
    if request.method == "POST" and form.is_valid():
        try:
            added = services.add_members(
                actor=request.user, conversation=conversation, members=list(form.cleaned_data["members"])
            )
        except Refused as refusal:
            add_to_form(form, refusal)
        else:
            _say_who_came(request, len(added), len(form.cleaned_data["members"]) - len(added))
            return redirect("chat:info", pk)
    context = list_beside(request, conversation) | {
        "conversation": conversation,
        "form": form,
        "friends": _by_name(request.user, friends),
        "chosen": request.POST.getlist("members"),
    }
    return render(request, "chat/add_members.html", context, status=422 if form.is_bound else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks once, then does it."""
    conversation = conversation_of(request, pk)
    if request.method == "POST":
        services.leave_group(person=request.user, conversation=conversation)
        messages.success(request, _("You have left the group."))
        return redirect("chat:list")
    return render(request, "chat/leave.html", list_beside(request, conversation) | {"conversation": conversation})


def _info_page(request: HttpRequest, conversation: Any, own_form: OwnMembershipForm | None = None) -> HttpResponse:
    own = conversation.member(request.user)
    waiting = Admission.objects.for_managers(request.user).filter(conversation=conversation)
    context = list_beside(request, conversation) | {
        "conversation": conversation,
        "own": own,
        "members": members_in(request, conversation).by_rank()[:MEMBERS_SHOWN],
        "may_bring": conversation.is_group and not conversation.is_dissolved and own.may_bring(conversation),
        "may_manage": conversation.is_group and not conversation.is_dissolved and own.may_manage,
        "waiting": waiting.count() if own.may_manage else 0,
        "rules_form": RulesForm(instance=conversation),
        "todo": Todo.objects.next_for(request.user, conversation) if conversation.open_todos else None,
        "own_form": own_form or OwnMembershipForm(instance=own),
    }
    return render(request, "chat/info.html", context, status=422 if own_form else 200)


def _group(request: HttpRequest, pk: int) -> Any:
    conversation = conversation_of(request, pk)
    if conversation.is_direct:
        raise NotFound
    return conversation


def _managed(request: HttpRequest, pk: int) -> Any:
    """A group whose look the viewer may change; for others there is no such page."""
    conversation = _group(request, pk)
    if request.method != "POST" and (conversation.role not in Member.MANAGERS or conversation.is_dissolved):
        raise NotFound
    return conversation


def _say_who_came(request: HttpRequest, added: int, asked: int) -> None:
    if added:
        messages.success(
            request, ngettext("%(count)s person added.", "%(count)s people added.", added) % {"count": added}
        )
    if asked:
        sentence = ngettext("%(count)s person is asked first.", "%(count)s people are asked first.", asked)
        messages.info(request, sentence % {"count": asked})


def _by_name(person: User, friends: Any) -> list[Friendship]:
    found = Friendship.objects.filter(owner=person, friend__in=friends).select_related("friend")
    return sorted(found, key=lambda friendship: sort_key(friendship.remark or friendship.friend.display_name))
