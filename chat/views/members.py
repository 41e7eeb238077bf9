"""Who is in a group, and what each of them may do there."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from chat import services
from chat.forms import RemoveMemberForm, RoleForm
from chat.models import Member
from superapp.kernel.errors import NotFound

from .loading import conversation_of, list_beside, number

PEOPLE_ON_A_PAGE = 50
PAGES_MAX = 1000


@login_required
@require_safe
def people(request: HttpRequest, pk: int) -> HttpResponse:
    """Everybody in it, a page at a time, or those of a name."""
    conversation = conversation_of(request, pk)
    query = request.GET.get("q", "").replace("\x00", "").strip()[:50]
    found = members_in(request, conversation).called(query) if query else members_in(request, conversation)
    page = Paginator(found.by_rank(), PEOPLE_ON_A_PAGE).get_page(min(number(request.GET.get("page")) or 1, PAGES_MAX))
    context = list_beside(request, conversation) | {
        "conversation": conversation,
        "own": conversation.member(request.user),
        "page": page,
        "query": query,
    }
    return render(request, "chat/people.html", context)


@login_required
@require_safe
def member(request: HttpRequest, pk: int, handle: str) -> HttpResponse:
    """One of them, with what the viewer may change."""
    conversation = conversation_of(request, pk)
    found = _member(request, conversation, handle)
    own = conversation.member(request.user)
    context = list_beside(request, conversation) | {
        "conversation": conversation,
        "member": found,
        "may_remove": conversation.is_group and not conversation.is_dissolved and own.may_remove(found),
        "may_promote": own.may_promote(found) and not conversation.is_dissolved,
    }
    return render(request, "chat/member.html", context)


@login_required
@require_POST
def change_role(request: HttpRequest, pk: int, handle: str) -> HttpResponse:
    conversation = conversation_of(request, pk)
    found = _member(request, conversation, handle)
    form = RoleForm(request.POST)
    if form.is_valid():
        services.change_role(actor=request.user, conversation=conversation, member=found, **form.cleaned_data)
        messages.success(request, _("Saved."))
    return redirect("chat:member", pk, handle)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: HttpRequest, pk: int, handle: str) -> HttpResponse:
    """Asks once, then does it."""
    conversation = conversation_of(request, pk)
    found = _member(request, conversation, handle)
    if request.method == "POST":
        services.change_role(actor=request.user, conversation=conversation, member=found, role=Member.Role.OWNER.value)
        messages.success(request, _("The group has a new owner."))
        return redirect("chat:info", pk)
    if not conversation.member(request.user).may_promote(found):
        raise NotFound
    context = list_beside(request, conversation) | {"conversation": conversation, "member": found}
    return render(request, "chat/hand_over.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def remove_member(request: HttpRequest, pk: int, handle: str) -> HttpResponse:
    """Asks once, then does it."""
    conversation = conversation_of(request, pk)
    found = _member(request, conversation, handle)
    if request.method == "POST":
        form = RemoveMemberForm(request.POST)
        with_messages = form.is_valid() and form.cleaned_data["with_messages"]
        services.remove_member(actor=request.user, conversation=conversation, member=found, with_messages=with_messages)
        messages.success(request, _("Removed from the group."))
        return redirect("chat:info", pk)
    if not conversation.member(request.user).may_remove(found):
        raise NotFound
    context = list_beside(request, conversation) | {
        "conversation": conversation,
        "member": found,
        "form": RemoveMemberForm(),
    }
    return render(request, "chat/remove_member.html", context)


def members_in(request: HttpRequest, conversation: Any) -> Any:
    return Member.objects.visible_to(request.user).active().filter(conversation=conversation).select_related("user")


def _member(request: HttpRequest, conversation: Any, handle: str) -> Member:
    found: Member = get_object_or_404(members_in(request, conversation), user__handle=handle.lower())
    return found
