from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from publicaccounts import services
from publicaccounts.forms import AccountForm, EditAccountForm, NewAccountForm
from publicaccounts.models import Article, PublicAccount
from publicaccounts.models.account import PublicAccountQuerySet
from superapp.kernel import limits
from superapp.kernel.errors import NotFound, Refused, add_to_form

PAGE_SIZE = 30


@login_required
@require_safe
def directory(request: HttpRequest) -> HttpResponse:
    """All accounts, the most followed first."""
    query = request.GET.get("q", "")[:50]
    if query:
        limits.count("search", request.user.pk)
    accounts = PublicAccount.objects.visible_to(request.user).filter(is_closed=False).found_by(query)
    return _list(request, accounts, "all", query)


@login_required
@require_safe
def following(request: HttpRequest) -> HttpResponse:
    return _list(request, PublicAccount.objects.visible_to(request.user).followed_by(request.user), "following")


def _list(request: HttpRequest, accounts: PublicAccountQuerySet, box: str, query: str = "") -> HttpResponse:
    ordered = accounts.with_facts_for(request.user).order_by("-followers", "pk")
    page = Paginator(ordered, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "publicaccounts/directory.html", {"page": page, "box": box, "query": query})


@login_required
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """The accounts one runs, with the drafts that wait in them."""
    accounts = PublicAccount.objects.visible_to(request.user).owned_by(request.user).with_facts_for(request.user)
    drafts = Article.objects.visible_to(request.user).filter(account__owner=request.user).drafts().for_cards()
    return render(
        request,
        "publicaccounts/mine.html",
        {"accounts": accounts.order_by("pk"), "drafts": drafts.order_by("-pk")[:PAGE_SIZE], "box": "mine"},
    )


@login_required
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    form = NewAccountForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        words = form.cleaned_data
        try:
            account = services.open_account(
                owner=request.user, handle=words["handle"], name=words["name"], bio=words["bio"]
            )
        except Refused as refusal:
            add_to_form(form, refusal)
        else:
            return _keep_picture(request, form, account) or redirect(account)
    return render(request, "publicaccounts/new.html", {"form": form})


@login_required
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, handle: str) -> HttpResponse:
    account = _own_account(request, handle)
    form = EditAccountForm(request.POST, request.FILES) if request.method == "POST" else EditAccountForm.of(account)
    if request.method == "POST" and form.is_valid():
        fields = {name: form.cleaned_data[name] for name in ("name", "bio", "is_closed")}
        try:
            services.change_account(owner=request.user, account=account, **fields)
        except Refused as refusal:
            add_to_form(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return _keep_picture(request, form, account) or redirect(account)
    return render(request, "publicaccounts/edit.html", {"form": form, "account": account})


def _keep_picture(request: HttpRequest, form: AccountForm, account: PublicAccount) -> HttpResponse | None:
    """The picture that came with the form. If it cannot be read, the rest is kept and the form asks for another."""
    picture = form.cleaned_data["avatar"]
    if not picture:
        return None
    try:
        services.change_account_avatar(owner=request.user, account=account, file=picture)
    except Refused as refusal:
        messages.error(request, str(refusal.sentence))
        return redirect("publicaccounts:edit", account.handle)
    return None


@login_required
@require_safe
def detail(request: HttpRequest, handle: str) -> HttpResponse:
    account = _account(request, handle)
    articles = Article.objects.visible_to(request.user).filter(account=account).for_cards()
    page = Paginator(articles.published().newest_first(), PAGE_SIZE).get_page(request.GET.get("page"))
    drafts = articles.drafts().order_by("-pk")[:PAGE_SIZE] if account.run_by(request.user) else []
    return render(
        request,
        "publicaccounts/detail.html",
        {"account": account, "page": page, "drafts": drafts, "is_mine": account.run_by(request.user)},
    )


@login_required
@require_POST
def follow(request: HttpRequest, handle: str) -> HttpResponse:
    services.follow_account(follower=request.user, account=_account(request, handle))
    return _after_follow(request, handle)


@login_required
@require_POST
def unfollow(request: HttpRequest, handle: str) -> HttpResponse:
    services.unfollow_account(follower=request.user, account=_account(request, handle))
    return _after_follow(request, handle)


def _after_follow(request: HttpRequest, handle: str) -> HttpResponse:
    account = _account(request, handle)
    if request.htmx:
        return render(request, "publicaccounts/_follow.html", {"account": account})
    return redirect(account)


def _account(request: HttpRequest, handle: str) -> PublicAccount:
    accounts = PublicAccount.objects.visible_to(request.user).with_facts_for(request.user).select_related("owner")
    account: PublicAccount = get_object_or_404(accounts, handle=handle.lower())
    return account


def _own_account(request: HttpRequest, handle: str) -> PublicAccount:
    """For pages that only the one who runs the account has any use for."""
    account = _account(request, handle)
    if not account.run_by(request.user):
        raise NotFound
    return account
