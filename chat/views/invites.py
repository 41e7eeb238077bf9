"""Links into a group, and those who come by them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from chat import services
from chat.forms import InviteForm, JoinForm
from chat.models import Admission, Conversation, Invite
from superapp.kernel.errors import NotFound, Refused, add_to_form

from .loading import conversation_of, list_beside

FACES_SHOWN = 4  # an invitation shows no more of a group than its list does


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def invites(request: HttpRequest, pk: int) -> HttpResponse:
    conversation = conversation_of(request, pk)
    if conversation.is_direct:
        raise NotFound
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.create_invite(actor=request.user, conversation=conversation, **form.cleaned_data)
        except Refused as refusal:
            add_to_form(form, refusal)
        else:
            return redirect("chat:invite", made.pk)
    own = conversation.member(request.user)
    context = list_beside(request, conversation) | {
        "conversation": conversation,
        "form": form,
        "invites": Invite.objects.visible_to(request.user)
        .unspent()
        .filter(conversation=conversation)
        .select_related("created_by")
        .order_by("-pk"),
        "may_invite": not conversation.is_dissolved and own.may_bring(conversation),
    }
    return render(request, "chat/invites.html", context, status=422 if form.is_bound else 200)


@login_required
@require_safe
def invite(request: HttpRequest, pk: int) -> HttpResponse:
    """The link and its code, to show, send or print."""
    found = get_object_or_404(Invite.objects.visible_to(request.user).select_related("created_by"), pk=pk)
    conversation = conversation_of(request, found.conversation_id)
    context = list_beside(request, conversation) | {
        "conversation": conversation,
        "invite": found,
        "address": request.build_absolute_uri(found.get_absolute_url()),
        "works": Invite.objects.unspent().filter(pk=pk).exists(),
    }
    return render(request, "chat/invite.html", context)


@login_required
@require_POST
def revoke_invite(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Invite.objects.visible_to(request.user).select_related("conversation"), pk=pk)
    services.revoke_invite(actor=request.user, invite=found)
    messages.success(request, _("Revoked. Nobody comes in by this link any more."))
    return redirect("chat:invites", found.conversation_id)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Where a link leads. Who is in the group goes there at once."""
    here = Conversation.objects.for_member(request.user).filter(invites__token=token).first()
    if here is not None:
        return redirect(here)
    asked = Admission.objects.waiting().filter(user=request.user, conversation__invites__token=token)
    if waiting := asked.select_related("conversation").first():
        return render(request, "chat/join.html", _doorstep(request, waiting.conversation) | {"waiting": True})
    open_ones = Invite.objects.open_to(request.user).select_related("conversation", "created_by")
    found = open_ones.filter(token=token).first()
    if found is None:
        return _gone(request)
    form = JoinForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            joined = services.join_by_invite(person=request.user, invite=found, **form.cleaned_data)
        except NotFound:
            return _gone(request)
        except Refused as refusal:
            add_to_form(form, refusal)
        else:
            return redirect(joined if isinstance(joined, Conversation) else found)
    context = _doorstep(request, found.conversation) | {"invite": found, "form": form}
    return render(request, "chat/join.html", context, status=422 if form.is_bound else 200)


def _doorstep(request: HttpRequest, group: Conversation) -> dict[str, Any]:
    return list_beside(request) | {"group": group, "faces": group.faces[:FACES_SHOWN]}


def _gone(request: HttpRequest) -> HttpResponse:
    """The same for what has never been and for what does not work any more."""
    return render(request, "chat/join_gone.html", list_beside(request), status=404)


@login_required
@require_safe
def joining(request: HttpRequest, pk: int) -> HttpResponse:
    """Those who ask to join a group, for its admins."""
    conversation = conversation_of(request, pk)
    if not conversation.is_group or not conversation.member(request.user).may_manage:
        raise NotFound
    waiting = Admission.objects.for_managers(request.user).filter(conversation=conversation)
    context = list_beside(request, conversation) | {
        "conversation": conversation,
        "admissions": waiting.select_related("user", "invited_by").order_by("pk")[:200],
    }
    return render(request, "chat/joining.html", context)


@login_required
@require_POST
def accept_join_request(request: HttpRequest, pk: int) -> HttpResponse:
    found = _join_request(request, pk)
    services.accept_join_request(actor=request.user, admission=found)
    return redirect("chat:joining", found.conversation_id)


@login_required
@require_POST
def decline_join_request(request: HttpRequest, pk: int) -> HttpResponse:
    found = _join_request(request, pk)
    services.decline_join_request(actor=request.user, admission=found)
    return redirect("chat:joining", found.conversation_id)


def _join_request(request: HttpRequest, pk: int) -> Admission:
    found: Admission = get_object_or_404(
        Admission.objects.for_managers(request.user).select_related("conversation", "user"), pk=pk
    )
    return found


@login_required
@require_POST
def accept_invitation(request: HttpRequest, pk: int) -> HttpResponse:
    found = services.accept_invitation(person=request.user, admission=_invitation(request, pk))
    if found.state == Admission.State.JOINED:
        return redirect(found.conversation)
    messages.success(request, _("The admins of the group will answer."))
    return redirect("chat:requests")


@login_required
@require_POST
def decline_invitation(request: HttpRequest, pk: int) -> HttpResponse:
    services.decline_invitation(person=request.user, admission=_invitation(request, pk))
    return redirect("chat:requests")


def _invitation(request: HttpRequest, pk: int) -> Admission:
    found: Admission = get_object_or_404(Admission.objects.invited(request.user).select_related("conversation"), pk=pk)
    return found


@login_required
@require_safe
def scan(request: HttpRequest) -> HttpResponse:
    """Reads a code with the camera, or takes a link. Only what lies on this site is opened."""
    link = request.GET.get("link", "").replace("\x00", "").strip()[:2000]
    if not link:
        return render(request, "chat/scan.html", list_beside(request))
    if url_has_allowed_host_and_scheme(link, {request.get_host()}, require_https=request.is_secure()):
        return redirect(link)
    return render(request, "chat/scan.html", list_beside(request) | {"is_foreign": True, "link": link}, status=422)
