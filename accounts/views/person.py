from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import services
from accounts.forms import FriendForm, GreetingForm
from accounts.models import Block, Friendship, User
from accounts.presence import presence_of
from accounts.relationship import relationship_between
from superapp.kernel.errors import Refused, add_to_form

from .frame import found, render_with_contacts, visible_person


@require_safe
@login_required
def profile(request: HttpRequest, handle: str) -> HttpResponse:
    person = visible_person(request, handle)
    context = {
        "person": person,
        "relationship": relationship_between(request.user, person),
        "presence": presence_of(person, request.user),
        "greeting_form": GreetingForm(),
    }
    return render_with_contacts(request, "accounts/profile.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def edit_friend(request: HttpRequest, handle: str) -> HttpResponse:
    """Remark, tags and what the two see of each other."""
    friendship = _friendship(request, handle)
    form = FriendForm(request.POST or None, instance=friendship, owner=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_friend(owner=request.user, friend=friendship.friend, **form.changes())
        except Refused as refusal:
            add_to_form(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect(friendship.friend)
    return render_with_contacts(request, "accounts/edit_friend.html", {"person": friendship.friend, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def remove_friend(request: HttpRequest, handle: str) -> HttpResponse:
    friend = _friendship(request, handle).friend
    if request.method == "POST":
        services.remove_friend(owner=request.user, friend=friend)
        messages.success(request, _("You are no longer friends."))
        return redirect("accounts:contacts")
    return render_with_contacts(request, "accounts/remove_friend.html", {"person": friend})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def block(request: HttpRequest, handle: str) -> HttpResponse:
    person = visible_person(request, handle)
    if request.method == "POST":
        services.block_person(blocker=request.user, blocked=person)
        messages.success(request, _("Blocked. They can no longer see or reach you."))
        return redirect(person)
    return render_with_contacts(request, "accounts/block.html", {"person": person})


@require_POST
@login_required
def unblock(request: HttpRequest, handle: str) -> HttpResponse:
    person = found(User.objects.blocked_by(request.user).named(handle).first())
    services.unblock_person(blocker=request.user, blocked=person)
    messages.success(request, _("Unblocked."))
    return redirect("accounts:blocks")


@require_safe
@login_required
def blocks(request: HttpRequest) -> HttpResponse:
    rows = Block.objects.visible_to(request.user).select_related("blocked").order_by("-pk")
    return render_with_contacts(request, "accounts/blocks.html", {"blocks": rows[:500]})


def _friendship(request: HttpRequest, handle: str) -> Friendship:
    friend = User.objects.friends_of(request.user).active().named(handle).first()
    return found(Friendship.objects.visible_to(request.user).select_related("friend").filter(friend=friend).first())
