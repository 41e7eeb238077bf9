"""What strangers would like to say, and into which groups friends would like to bring one."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from chat import services
from chat.forms import ChatPrivacyForm
from chat.listing import rows_of
from chat.models import Admission, Conversation

from .loading import list_beside

SHOWN = 100


@login_required
@require_safe
def requests(request: HttpRequest) -> HttpResponse:
    asked = Conversation.objects.requests_to(request.user).with_list_facts(request.user)
    invited = Admission.objects.invited(request.user).select_related("conversation", "invited_by").order_by("-pk")
    context = list_beside(request) | {
        "requests": rows_of(asked.order_by("-active_at", "-pk")[:SHOWN], request.user),
        "invitations": invited[:SHOWN],
    }
    return render(request, "chat/requests.html", context)


@login_required
@require_POST
def accept_request(request: HttpRequest, pk: int) -> HttpResponse:
    return redirect(services.accept_message_request(person=request.user, conversation=_request(request, pk)))


@login_required
@require_POST
def decline_request(request: HttpRequest, pk: int) -> HttpResponse:
    services.decline_message_request(person=request.user, conversation=_request(request, pk))
    messages.success(request, _("Declined. They are not told."))
    return redirect("chat:requests")


def _request(request: HttpRequest, pk: int) -> Conversation:
    found: Conversation = get_object_or_404(Conversation.objects.requests_to(request.user), pk=pk)
    return found


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def chat_privacy(request: HttpRequest) -> HttpResponse:
    form = ChatPrivacyForm(request.POST or None, instance=services.chat_privacy_of(request.user))
    if request.method == "POST" and form.is_valid():
        services.change_chat_privacy(person=request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("chat:privacy")
    return render(request, "chat/privacy.html", {"form": form}, status=422 if form.is_bound else 200)
