from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import services
from accounts.forms import TagForm, TagMembersForm
from accounts.models import FriendTag, User
from superapp.kernel.errors import Refused, add_to_form

from .frame import found, render_with_contacts


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def tags(request: HttpRequest) -> HttpResponse:
    form = TagForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.create_tag(owner=request.user, name=form.cleaned_data["name"])
        except Refused as refusal:
            add_to_form(form, refusal)
        else:
            return redirect("accounts:tag", made.pk)
    rows = FriendTag.objects.visible_to(request.user).with_sizes().order_by("name")
    return render_with_contacts(request, "accounts/tags.html", {"tags": rows, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def tag(request: HttpRequest, pk: int) -> HttpResponse:
    """The tag's name and who carries it."""
    row = _tag(request, pk)
    carriers = User.objects.filter(pk__in=row.friendships.values("friend"))
    form = TagMembersForm(request.POST or None, owner=request.user, initial={"name": row.name, "friends": carriers})
    if request.method == "POST" and form.is_valid():
        try:
            services.change_tag(owner=request.user, tag=row, **form.cleaned_data)
        except Refused as refusal:
            add_to_form(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("accounts:tags")
    return render_with_contacts(request, "accounts/tag.html", {"tag": row, "form": form})


@require_POST
@login_required
def delete_tag(request: HttpRequest, pk: int) -> HttpResponse:
    services.delete_tag(owner=request.user, tag=_tag(request, pk))
    messages.success(request, _("The tag is gone; your friends stay."))
    return redirect("accounts:tags")


def _tag(request: HttpRequest, pk: int) -> FriendTag:
    return found(FriendTag.objects.visible_to(request.user).filter(pk=pk).first())
