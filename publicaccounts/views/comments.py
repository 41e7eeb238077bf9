from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from publicaccounts import services
from publicaccounts.models import Article, Comment
from superapp.kernel.errors import Invalid, NotFound

PAGE_SIZE = 50


def comment_page(request: HttpRequest, article: Article) -> dict[str, Any]:
    """What the article page shows of the comments: newest first, a page of them from `before` on."""
    if not article.is_published:
        return {}
    visible = article.comments.visible_to(request.user)
    comments = visible.select_related("author").order_by("-pk")
    before = _number(request.GET.get("before", ""))
    if before:
        comments = comments.filter(pk__lt=before)
    found = list(comments[: PAGE_SIZE + 1])
    shown = found[:PAGE_SIZE]
    answered_ids = {comment.reply_to_id for comment in shown if comment.reply_to_id}
    answered = {comment.pk: comment for comment in visible.filter(pk__in=answered_ids).select_related("author")}
    run_by_me = article.account.run_by(request.user)
    for comment in shown:
        comment.article = article
        comment.answered = answered.get(comment.reply_to_id)  # type: ignore[attr-defined]
        comment.is_deletable = run_by_me or comment.author_id == request.user.pk  # type: ignore[attr-defined]
    reply = _number(request.GET.get("reply", ""))
    return {
        "comments": shown,
        "comment_count": visible.count(),
        "older_url": f"?before={shown[-1].pk}" if len(found) > PAGE_SIZE else "",
        "replying_to": visible.select_related("author").filter(pk=reply).first() if reply else None,
        "may_comment": article.commentable_by(request.user),
    }


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) <= 18 else 0


@login_required
@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """To the place of a comment in its article."""
    comment = get_object_or_404(Comment.objects.visible_to(request.user).select_related("article"), pk=pk)
    newer = comment.article.comments.visible_to(request.user).filter(pk__gt=pk)[: PAGE_SIZE + 1].count()
    query = f"?before={pk + 1}" if newer >= PAGE_SIZE else ""
    return redirect(f"{comment.article.get_absolute_url()}{query}#comment-{pk}")


@login_required
@require_POST
def add(request: HttpRequest, pk: int) -> HttpResponse:
    article = get_object_or_404(Article.objects.visible_to(request.user), pk=pk)
    reply_to = _number(request.POST.get("reply_to", ""))
    try:
        comment = services.comment_on_article(
            author=request.user, article=article, text=request.POST.get("text", ""), reply_to=reply_to or None
        )
    except Invalid as refusal:
        messages.error(request, str(refusal.sentence))
        return redirect(f"{article.get_absolute_url()}#comments")
    return redirect(f"{article.get_absolute_url()}#comment-{comment.pk}")


@login_required
@require_http_methods(["GET", "POST"])
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    visible = Comment.objects.visible_to(request.user).select_related("article__account", "author")
    comment = get_object_or_404(visible, pk=pk)
    if request.method == "POST":
        services.delete_comment(actor=request.user, comment=comment)
        messages.success(request, _("The comment is deleted."))
        return redirect(f"{comment.article.get_absolute_url()}#comments")
    if not comment.deletable_by(request.user):
        raise NotFound
    return render(request, "publicaccounts/delete_comment.html", {"comment": comment})
