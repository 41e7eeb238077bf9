from __future__ import annotations

import uuid
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from chat import services
from chat.forms import RedEnvelopeForm
from chat.models import Message
from superapp.kernel.errors import Refused, add_to_form
from wallet.models import RedEnvelope, Share
from wallet.money import plain_amount
from wallet.services import balance

from .loading import conversation_of, list_beside


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def send_red_envelope(request: HttpRequest, pk: int) -> HttpResponse:
    conversation = conversation_of(request, pk)
    form = RedEnvelopeForm(request.POST or None, initial={"key": uuid.uuid4(), "kind": RedEnvelope.Kind.LUCKY})
    if request.method == "POST" and form.is_valid():
        words = form.cleaned_data
        try:
            services.send_red_envelope(
                sender=request.user,
                conversation=conversation,
                kind=words["kind"],
                amount=form.total(),
                shares=words["shares"],
                greeting=words["greeting"],
                key=words["key"],
            )
        except Refused as refusal:
            add_to_form(form, refusal)
        else:
            return redirect("chat:detail", pk)
    context = list_beside(request, conversation) | {
        "conversation": conversation,
        "form": form,
        "balance": balance(request.user),
        "currency": settings.CURRENCY,
        "minor_units": len(plain_amount(1, settings.CURRENCY).partition(".")[2]),
        "most_shares": min(conversation.member_count, settings.RED_ENVELOPE_SHARES_MAX)
        if conversation.is_direct
        else settings.RED_ENVELOPE_SHARES_MAX,
        "share_max": settings.RED_ENVELOPE_SHARE_MAX,
        "hours": settings.RED_ENVELOPE_HOURS,
    }
    return render(request, "chat/send_red_envelope.html", context, status=422 if form.is_bound else 200)


@login_required
@require_safe
def red_envelope(request: HttpRequest, pk: int) -> HttpResponse:
    return _red_envelope_page(request, pk)


@login_required
@require_POST
def claim_red_envelope(request: HttpRequest, pk: int) -> HttpResponse:
    envelope = get_object_or_404(services.red_envelopes_visible_to(request.user), pk=pk)
    try:
        services.claim_red_envelope(claimer=request.user, red_envelope=envelope)
    except Refused as refusal:
        return _red_envelope_page(request, pk, refusal=refusal)
    if request.htmx:
        return _red_envelope_page(request, pk, just_now=True)
    return redirect("chat:red_envelope", pk)


def _red_envelope_page(
    request: HttpRequest, pk: int, *, refusal: Refused | None = None, just_now: bool = False
) -> HttpResponse:
    """Sealed, with what one may do; or opened, with who got what. For scripts, without the frame of the page."""
    claimed = Prefetch("shares", Share.objects.claimed().select_related("claimed_by"))
    visible = services.red_envelopes_visible_to(request.user).select_related("sender").prefetch_related(claimed)
    envelope = get_object_or_404(visible, pk=pk)
    message = Message.objects.visible_to(request.user).select_related("conversation").get(red_envelope=envelope)
    claims = envelope.claimed_shares()
    own = next((share for share in claims if share.claimed_by_id == request.user.pk), None)
    context = {
        "envelope": envelope,
        "message": message,
        "conversation": message.conversation,
        "claims": claims,
        "own": own,
        "claimed_amount": sum(share.amount for share in claims),
        "took": _time_to_finish(envelope, claims),
        "best_luck": envelope.best_luck(),
        "may_open": own is None
        and envelope.state == RedEnvelope.State.OPEN
        and not _is_for_other(message, request.user),
        "refusal": refusal,
        "just_now": just_now,
    }
    status = refusal.status if refusal else 200
    if request.htmx:
        return render(request, "chat/_red_envelope.html", context, status=status)
    return render(request, "chat/red_envelope.html", list_beside(request) | context, status=status)


def _time_to_finish(envelope: RedEnvelope, claims: list[Share]) -> timedelta | None:
    last = claims[-1].claimed_at if claims else None
    return last - envelope.created_at if last else None


def _is_for_other(message: Message, person: User) -> bool:
    """Between two, a red envelope is for the one who did not send it."""
    return message.conversation.is_direct and message.sender_id == person.pk
