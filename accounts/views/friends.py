from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import services
from accounts.contacts import contact_page
from accounts.forms import GreetingForm, SearchForm
from accounts.models import FriendRequest, Friendship, User
from superapp.kernel import limits
from superapp.kernel.errors import Refused, add_to_form

from .frame import found, render_with_contacts, visible_person

SEARCH_RESULTS = 20


@require_safe
@login_required
def contacts(request: HttpRequest) -> HttpResponse:
    query = _query(request)
    page = contact_page(Friendship.objects.visible_to(request.user), query, _offset(request))
    return render(request, "accounts/contacts.html", {"contacts": page, "query": query})


@require_safe
@login_required
def add(request: HttpRequest) -> HttpResponse:
    """Find somebody by handle or name."""
    query = _query(request)
    if query:
        limits.count("search", request.user.pk)
    people = User.objects.visible_to(request.user).found_by(query).exclude(pk=request.user.pk)
    context = {"query": query, "people": people.order_by("handle")[:SEARCH_RESULTS]}
    return render_with_contacts(request, "accounts/add.html", context)


@require_safe
@login_required
def requests(request: HttpRequest) -> HttpResponse:
    rows = FriendRequest.objects.visible_to(request.user).select_related("sender", "receiver").order_by("-pk")
    context = {
        "received": rows.pending().filter(receiver=request.user)[:100],
        "sent": rows.standing().filter(sender=request.user)[:100],
    }
    return render_with_contacts(request, "accounts/requests.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def request_friend(request: HttpRequest, handle: str) -> HttpResponse:
    person = visible_person(request, handle)
    form = GreetingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            friend_request = services.request_friend(
                sender=request.user, receiver=person, greeting=form.cleaned_data["greeting"]
            )
        except Refused as refusal:
            add_to_form(form, refusal)
        else:
            accepted = friend_request.state == FriendRequest.State.ACCEPTED
            messages.success(request, _("You are friends now.") if accepted else _("Your request has been sent."))
            return redirect(person)
    return render_with_contacts(request, "accounts/request_friend.html", {"person": person, "form": form})


@require_POST
@login_required
def accept_request(request: HttpRequest, pk: int) -> HttpResponse:
    friendship = services.accept_friend_request(receiver=request.user, friend_request=_received(request, pk))
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "accounts/_answered.html", {"friendship": friendship})
    messages.success(request, _("You are friends now."))
    return redirect(friendship.friend)


@require_POST
@login_required
def decline_request(request: HttpRequest, pk: int) -> HttpResponse:
    friend_request = services.decline_friend_request(receiver=request.user, friend_request=_received(request, pk))
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "accounts/_answered.html", {"declined": friend_request})
    messages.info(request, _("Declined. They are not told."))
    return redirect("accounts:requests")


def _received(request: HttpRequest, pk: int) -> FriendRequest:
    rows = FriendRequest.objects.visible_to(request.user).select_related("sender")
    return found(rows.filter(pk=pk, receiver=request.user).first())


def _query(request: HttpRequest) -> str:
    form = SearchForm(request.GET)
    return form.cleaned_data["q"] if form.is_valid() else ""


def _offset(request: HttpRequest) -> int:
    offset = request.GET.get("offset", "")
    return int(offset) if offset.isdecimal() and len(offset) < 7 else 0
