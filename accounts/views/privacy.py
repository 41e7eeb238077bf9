from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import services
from accounts.forms import PrivacyForm
from accounts.models import User


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def privacy(request: HttpRequest) -> HttpResponse:
    """What others see of one's comings and goings."""
    person = User.objects.get(pk=request.user.pk)
    form = PrivacyForm(request.POST or None, instance=person)
    if request.method == "POST" and form.is_valid():
        services.change_privacy(person=person, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("accounts:privacy")
    return render(request, "accounts/privacy.html", {"form": form}, status=422 if form.errors else 200)
