from __future__ import annotations

import re
from datetime import date
from typing import TypeVar

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.views.decorators.http import require_GET, require_http_methods

from superapp.kernel import errors

from . import services
from .forms import TopUpForm
from .idempotency import check_key, new_key
from .models import Entry, RedEnvelope, Share
from .money import plain_amount

_M = TypeVar("_M", bound=Model)

QUICK_PICKS = [1000, 2000, 5000, 10000, 20000, 50000]
PAGE_SIZE = 30


@login_required
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    entries = Entry.objects.visible_to(request.user)
    return render(
        request,
        "wallet/home.html",
        {
            "balance": services.balance(request.user),
            "currency": settings.CURRENCY,
            "totals": entries.totals(),
            "entries": entries.with_story().order_by("-pk")[:5],
        },
    )


@login_required
@require_GET
def entry_list(request: HttpRequest) -> HttpResponse:
    """The bills of one month in the reader's time zone, newest first."""
    month = _month(request.GET.get("month", ""))
    entries = Entry.objects.visible_to(request.user)
    in_month = entries.of_month(month)
    shown, older = _page(in_month.with_story(), request.GET.get("before", ""))
    following = _later(month)
    return render(
        request,
        "wallet/entries.html",
        {
            "entries": shown,
            "month": month,
            "earlier": _earlier(month) if entries.before(month).exists() else None,
            "later": following if following <= localdate() else None,
            "totals": in_month.totals(),
            "currency": settings.CURRENCY,
            "next_url": f"{reverse('wallet:entries')}?month={month:%Y-%m}&before={older}" if older else "",
        },
    )


@login_required
@require_GET
def entry_detail(request: HttpRequest, pk: int) -> HttpResponse:
    entry = get_object_or_404(Entry.objects.visible_to(request.user).with_story(), pk=pk)
    return render(request, "wallet/entry.html", {"entry": entry, "is_receipt": "receipt" in request.GET})


@login_required
@require_GET
def top_up(request: HttpRequest) -> HttpResponse:
    return _ask_amount(request, TopUpForm())


@login_required
@require_http_methods(["GET", "POST"])
def confirm_top_up(request: HttpRequest) -> HttpResponse:
    """Shown with GET, carried out with POST. The key is made with the page: sending it twice tops up once."""
    form = TopUpForm(request.POST if request.method == "POST" else request.GET)
    if not form.is_valid():
        return _ask_amount(request, form)
    amount = form.cleaned_data["amount"]
    if request.method == "POST":
        return _carry_out_top_up(request, form, amount)
    try:
        services.check_top_up(amount)
    except errors.Invalid as refusal:
        errors.add_to_form(form, refusal)
        return _ask_amount(request, form)
    context = {
        "amount": amount,
        "typed": plain_amount(amount, settings.CURRENCY),
        "currency": settings.CURRENCY,
        "balance": services.balance(request.user),
        "key": new_key(),
    }
    return render(request, "wallet/confirm_top_up.html", context)


def _carry_out_top_up(request: HttpRequest, form: TopUpForm, amount: int) -> HttpResponse:
    try:
        entry = services.top_up(person=request.user, amount=amount, key=check_key(request.POST.get("key", "")))
    except errors.Invalid as refusal:
        if not refusal.errors:
            raise
        errors.add_to_form(form, refusal)
        return _ask_amount(request, form)
    return redirect(f"{reverse('wallet:entry', args=[entry.pk])}?receipt")


def _ask_amount(request: HttpRequest, form: TopUpForm) -> HttpResponse:
    context = {
        "form": form,
        "picks": [
            (amount, plain_amount(amount, settings.CURRENCY)) for amount in QUICK_PICKS if amount <= settings.TOP_UP_MAX
        ],
        "currency": settings.CURRENCY,
        "most": settings.TOP_UP_MAX,
    }
    return render(request, "wallet/top_up.html", context, status=400 if form.errors else 200)


@login_required
@require_GET
def red_envelope_list(request: HttpRequest) -> HttpResponse:
    """What I sent, or what I took: two lists of different rows under one heading."""
    box = "sent" if request.GET.get("box") == "sent" else "received"
    sent = RedEnvelope.objects.filter(sender=request.user).with_counts()
    taken = Share.objects.filter(claimed_by=request.user).select_related("envelope__sender")
    shown, older = _page(sent if box == "sent" else taken, request.GET.get("before", ""))
    next_url = f"{reverse('wallet:red_envelopes')}?box={box}&before={older}" if older else ""
    context = {"box": box, "rows": shown, "next_url": next_url}
    return render(request, "wallet/red_envelopes.html", context)


@login_required
@require_GET
def red_envelope_detail(request: HttpRequest, pk: int) -> HttpResponse:
    envelope = get_object_or_404(RedEnvelope.objects.visible_to(request.user).for_detail(), pk=pk)
    return render(
        request, "wallet/red_envelope.html", {"envelope": envelope, "my_share": envelope.share_of(request.user)}
    )


def _page(rows: QuerySet[_M], before: str) -> tuple[list[_M], int | None]:
    """The newest rows older than `before`, and the place where the next page begins."""
    if before.isdecimal() and len(before) <= 18:
        rows = rows.filter(pk__lt=int(before))
    found = list(rows.order_by("-pk")[: PAGE_SIZE + 1])
    shown = found[:PAGE_SIZE]
    return shown, shown[-1].pk if len(found) > PAGE_SIZE else None


def _month(text: str) -> date:
    """`2026-01`; without one, this month."""
    if not text:
        return localdate().replace(day=1)
    if not re.fullmatch(r"20[0-9]{2}-(0[1-9]|1[0-2])", text, re.ASCII):
        raise Http404
    return date(int(text[:4]), int(text[5:]), 1)


def _earlier(month: date) -> date:
    return date(month.year - (month.month == 1), (month.month - 2) % 12 + 1, 1)


def _later(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)
