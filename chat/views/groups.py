from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Friendship, User
from accounts.names import sort_key
from chat import services
from chat.forms import AddMembersForm, GroupForm, NewGroupForm, OwnMembershipForm
from chat.models import Member
from superapp.kernel.errors import NotFound, Refused, add_to_form

from .loading import conversation_of, list_beside

MEMBERS_SHOWN = 200


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
@require_POST
def change_group(request: HttpRequest, pk: int) -> HttpResponse:
    conversation = conversation_of(request, pk)
    form = GroupForm(request.POST)
    if form.is_valid():
        try:
            services.change_group(actor=request.user, conversation=conversation, **form.cleaned_data)
        except Refused as refusal:
            add_to_form(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("chat:info", pk)
    return _info_page(request, conversation, group_form=form)


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
            sentence = ngettext("%(count)s person added.", "%(count)s people added.", len(added))
            messages.success(request, sentence % {"count": len(added)})
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
def remove_member(request: HttpRequest, pk: int, handle: str) -> HttpResponse:
    """Asks once, then does it."""
    conversation = conversation_of(request, pk)
    member = get_object_or_404(_members(request, conversation), user__handle=handle)
    if request.method == "POST":
        services.remove_member(actor=request.user, conversation=conversation, member=member)
        messages.success(request, _("Removed from the group."))
        return redirect("chat:info", pk)
    if not conversation.member(request.user).may_remove(member):
        raise NotFound
    context = list_beside(request, conversation) | {"conversation": conversation, "member": member}
    return render(request, "chat/remove_member.html", context)


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


def _info_page(
    request: HttpRequest,
    conversation: Any,
    group_form: GroupForm | None = None,
    own_form: OwnMembershipForm | None = None,
) -> HttpResponse:
    own = conversation.member(request.user)
    members = list(_members(request, conversation)[: MEMBERS_SHOWN + 1])
    context = list_beside(request, conversation) | {
        "conversation": conversation,
        "own": own,
        "members": [(member, own.may_remove(member)) for member in members[:MEMBERS_SHOWN]],
        "has_more_members": len(members) > MEMBERS_SHOWN,
        "group_form": group_form or GroupForm(instance=conversation),
        "own_form": own_form or OwnMembershipForm(instance=own),
    }
    return render(request, "chat/info.html", context, status=422 if group_form or own_form else 200)


def _members(request: HttpRequest, conversation: Any) -> Any:
    return (
        Member.objects.visible_to(request.user)
        .active()
        .filter(conversation=conversation)
        .select_related("user")
        .by_seniority()
    )


def _by_name(person: User, friends: Any) -> list[Friendship]:
    found = Friendship.objects.filter(owner=person, friend__in=friends).select_related("friend")
    return sorted(found, key=lambda friendship: sort_key(friendship.remark or friendship.friend.display_name))
