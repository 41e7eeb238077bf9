from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from js_asset import Media

from publicaccounts import services
from publicaccounts.forms import ArticleForm
from publicaccounts.models import Article, PublicAccount
from superapp.kernel.errors import NotFound, Refused, add_to_form
from uploads.services import receive_upload

from .accounts import PAGE_SIZE, _own_account
from .comments import comment_page


@login_required
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    articles = Article.objects.inbox_of(request.user).for_cards()
    page = Paginator(articles, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "publicaccounts/inbox.html", {"page": page, "box": "inbox"})


@login_required
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    article = _article(request, pk)
    return render(
        request,
        "publicaccounts/article.html",
        {
            "article": article,
            "account": _with_facts(request, article),
            "is_mine": article.account.run_by(request.user),
            **comment_page(request, article),
        },
    )


@login_required
@require_http_methods(["GET", "POST"])
def write(request: HttpRequest, handle: str) -> HttpResponse:
    account = _own_account(request, handle)
    form = ArticleForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            article = services.write_article(
                author=request.user, account=account, cover=_received_cover(request, form), **form.words()
            )
        except Refused as refusal:
            add_to_form(form, refusal)
        else:
            return _after_saving(request, article)
    return _editor(request, form, account)


@login_required
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    article = _own_article(request, pk)
    form = ArticleForm(request.POST, request.FILES) if request.method == "POST" else ArticleForm.of(article)
    if request.method == "POST" and form.is_valid():
        try:
            services.edit_article(
                author=request.user, article=article, cover=_received_cover(request, form), **form.words()
            )
        except Refused as refusal:
            add_to_form(form, refusal)
        else:
            return _after_saving(request, article)
    return _editor(request, form, article.account, article)


def _received_cover(request: HttpRequest, form: ArticleForm) -> str | None:
    """The id of the picture that came with the form, an empty one to take the old away, or None to leave it."""
    if picture := form.cleaned_data["cover"]:
        return str(receive_upload(owner=request.user, file=picture).pk)
    return "" if form.cleaned_data["remove_cover"] else None


def _after_saving(request: HttpRequest, article: Article) -> HttpResponse:
    if "publish" in request.POST:
        return redirect("publicaccounts:publish", article.pk)
    if "preview" in request.POST or article.is_published:
        return redirect(article)
    messages.success(request, _("The draft is saved. Only you can see it."))
    return redirect("publicaccounts:edit_article", article.pk)


def _editor(
    request: HttpRequest, form: ArticleForm, account: PublicAccount, article: Article | None = None
) -> HttpResponse:
    media = Media.from_media(form.media).with_nonce(str(request.csp_nonce))
    context = {"form": form, "account": account, "article": article, "media": media}
    return render(request, "publicaccounts/editor.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks once, saying how many will be told."""
    article = _own_article(request, pk)
    if request.method == "POST":
        try:
            services.publish_article(
                author=request.user, article=article, broadcast=request.POST.get("broadcast") == "on"
            )
        except Refused as refusal:
            messages.error(request, str(refusal.sentence))
            return redirect("publicaccounts:edit_article", article.pk)
        messages.success(request, _("Your article is out."))
        return redirect(article)
    if article.is_published:
        return redirect(article)
    return render(
        request, "publicaccounts/publish.html", {"article": article, "account": _with_facts(request, article)}
    )


@login_required
@require_http_methods(["GET", "POST"])
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    article = _own_article(request, pk)
    if request.method == "POST":
        services.delete_article(author=request.user, article=article)
        messages.success(request, _("The article is deleted."))
        return redirect(article.account)
    return render(request, "publicaccounts/delete.html", {"article": article, "account": article.account})


def _with_facts(request: HttpRequest, article: Article) -> PublicAccount:
    accounts = PublicAccount.objects.visible_to(request.user).with_facts_for(request.user).select_related("owner")
    account: PublicAccount = get_object_or_404(accounts, pk=article.account_id)
    return account


def _article(request: HttpRequest, pk: int) -> Article:
    articles = Article.objects.visible_to(request.user).select_related("account__owner", "cover", "author")
    article: Article = get_object_or_404(articles, pk=pk)
    return article


def _own_article(request: HttpRequest, pk: int) -> Article:
    """For pages that only the one who runs the account has any use for."""
    article = _article(request, pk)
    if not article.account.run_by(request.user):
        raise NotFound
    return article
