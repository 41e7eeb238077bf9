from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from superapp.kernel.errors import Refused, add_to_form
from uploads.models import Upload
from uploads.services import receive_upload

from . import services
from .forms import AudienceForm, CommentForm, MomentForm
from .models import Comment, Moment, with_card
from .models.moment import MomentQuerySet

PAGE = 20
COMMENTS_PAGE = 100


@require_safe
@login_required
def timeline(request: HttpRequest) -> HttpResponse:
    moments = Moment.objects.timeline_of(request.user)
    return render(request, "moments/timeline.html", _page(request, moments))


@require_safe
@login_required
def person(request: HttpRequest, handle: str) -> HttpResponse:
    author = get_object_or_404(User.objects.visible_to(request.user).named(handle))
    moments = Moment.objects.visible_to(request.user).filter(author=author)
    return render(request, "moments/person.html", {"person": author, **_page(request, moments)})


@require_safe
@login_required
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    moment = get_object_or_404(with_card(Moment.objects.visible_to(request.user), request.user), pk=pk)
    answered = _number(request.GET.get("reply_to"))
    reply_to = Comment.objects.visible_to(request.user).filter(moment=moment, pk=answered).with_people().first()
    return render(request, "moments/detail.html", {"moment": moment, "reply_to": reply_to, "next": request.path})


@require_safe
@login_required
def comments(request: HttpRequest, pk: int) -> HttpResponse:
    """All comments, where a card shows the latest."""
    moment = get_object_or_404(Moment.objects.visible_to(request.user).select_related("author"), pk=pk)
    visible = Comment.objects.visible_to(request.user).filter(moment=moment).with_people().order_by("pk")
    page = list(visible.filter(pk__gt=_number(request.GET.get("after")) or 0)[: COMMENTS_PAGE + 1])
    context = {"moment": moment, "comments": page[:COMMENTS_PAGE], "next": request.path}
    if len(page) > COMMENTS_PAGE:
        context["next_url"] = f"{request.path}?after={page[COMMENTS_PAGE - 1].pk}"
    return render(request, "moments/comments.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def new(request: HttpRequest) -> HttpResponse:
    form = MomentForm(request.POST or None, request.FILES or None)
    upload_ids: list[str] = []
    if request.method == "POST" and form.is_valid():
        upload_ids += form.cleaned_data["uploads"]
        try:
            for photo in form.new_photos():
                upload_ids.append(str(receive_upload(owner=request.user, file=photo).pk))
            services.post_moment(
                author=request.user,
                text=form.cleaned_data["text"],
                upload_ids=upload_ids,
                audience=form.cleaned_data["audience"],
            )
        except Refused as refusal:
            add_to_form(form, refusal)
        else:
            return redirect("moments:timeline")
    context = {"form": form, "received": _received(request.user, upload_ids), "photos_max": settings.MOMENT_PHOTOS_MAX}
    return render(request, "moments/new.html", context, status=422 if form.errors else 200)


@require_POST
@login_required
def change_audience(request: HttpRequest, pk: int) -> HttpResponse:
    moment = _visible(request, pk)
    form = AudienceForm(request.POST)
    audience = form.cleaned_data["audience"] if form.is_valid() else ""
    services.change_audience(author=request.user, moment=moment, audience=audience)
    return _back(request, pk)


@require_POST
@login_required
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    services.delete_moment(author=request.user, moment=_visible(request, pk))
    messages.success(request, _("The moment is deleted."))
    return redirect("moments:timeline")


@require_POST
@login_required
def like(request: HttpRequest, pk: int) -> HttpResponse:
    services.like_moment(person=request.user, moment=_visible(request, pk))
    return _footer(request, pk)


@require_POST
@login_required
def unlike(request: HttpRequest, pk: int) -> HttpResponse:
    services.unlike_moment(person=request.user, moment=_visible(request, pk))
    return _footer(request, pk)


@require_POST
@login_required
def comment(request: HttpRequest, pk: int) -> HttpResponse:
    moment = _visible(request, pk)
    form = CommentForm(request.POST)
    if form.is_valid():
        try:
            services.comment_on_moment(
                author=request.user, moment=moment, text=form.cleaned_data["text"], reply_to=form.answered()
            )
        except Refused as refusal:
            add_to_form(form, refusal)
    return _footer(request, pk, form if form.errors else None)


@require_POST
@login_required
def delete_comment(request: HttpRequest, pk: int) -> HttpResponse:
    comment = get_object_or_404(Comment.objects.visible_to(request.user), pk=pk)
    services.delete_comment(person=request.user, comment=comment)
    return _footer(request, comment.moment_id)


def _visible(request: HttpRequest, pk: int) -> Moment:
    return get_object_or_404(Moment.objects.visible_to(request.user), pk=pk)


def _page(request: HttpRequest, moments: MomentQuerySet) -> dict[str, Any]:
    """One page, newest first, and the address of the one after it."""
    moments = moments.older_than(_number(request.GET.get("before"))).newest_first()
    page = list(with_card(moments, request.user)[: PAGE + 1])
    context: dict[str, Any] = {"moments": page[:PAGE], "next": request.get_full_path()}
    if len(page) > PAGE:
        context["next_url"] = f"{request.path}?before={page[PAGE - 1].pk}"
    return context


def _number(text: str | None) -> int | None:
    """A number from the address line, or nothing."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 19 else None


def _footer(request: HttpRequest, pk: int, refused: CommentForm | None = None) -> HttpResponse:
    """What stands under a moment, anew: as a piece for htmx, else by going back to where the person was."""
    if not request.htmx:  # type: ignore[attr-defined]
        for sentences in refused.errors.values() if refused else []:
            messages.error(request, " ".join(map(str, sentences)))
        return _back(request, pk)
    moment = get_object_or_404(with_card(Moment.objects.visible_to(request.user), request.user), pk=pk)
    context = {"moment": moment, "next": request.POST.get("next", ""), "refused": refused}
    return render(request, "moments/_footer.html", context, status=422 if refused else 200)


def _back(request: HttpRequest, pk: int) -> HttpResponse:
    address = request.POST.get("next", "")
    if not (address.startswith("/") and url_has_allowed_host_and_scheme(address, {request.get_host()})):
        address = Moment(pk=pk).get_absolute_url()
    return redirect(f"{address.split('#')[0]}#moment-{pk}")


def _received(owner: Any, ids: list[str]) -> list[Upload]:
    """Photos that have arrived although the form was refused: nobody chooses them twice."""
    arrived = {str(upload.pk): upload for upload in Upload.objects.visible_to(owner).ready().unattached().among(ids)}
    return [arrived[one] for one in ids if one in arrived]
