from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bots import services
from bots.forms import AddBotForm, WebhookForm
from bots.models import Bot, Webhook
from chat import above
from chat.views.loading import conversation_of, list_beside
from superapp.kernel.errors import Refused, add_to_form


@login_required
@require_safe
def group(request: HttpRequest, pk: int) -> HttpResponse:
    """The bots of a group and what they understand, for all members; its webhooks for those who manage it."""
    return _page(request, conversation_of(request, pk))


@login_required
@require_POST
def add_bot(request: HttpRequest, pk: int) -> HttpResponse:
    conversation = conversation_of(request, pk)
    form = AddBotForm(request.POST, owner=request.user)
    if form.is_valid():
        try:
            services.add_bot(actor=request.user, conversation=conversation, **form.cleaned_data)
        except Refused as refusal:
            add_to_form(form, refusal)
        else:
            return redirect("bots:group", pk)
    return _page(request, conversation, add_form=form)


@login_required
@require_POST
def new_webhook(request: HttpRequest, pk: int) -> HttpResponse:
    """Answers with the one page on which the address is ever shown."""
    conversation = conversation_of(request, pk)
    form = WebhookForm(request.POST, owner=request.user)
    if form.is_valid():
        try:
            webhook, token = services.create_webhook(actor=request.user, conversation=conversation, **form.cleaned_data)
        except Refused as refusal:
            add_to_form(form, refusal)
        else:
            told = settings.SITE_URL + reverse("bots:hook", args=[token])
            context = {"conversation": conversation, "bot": webhook.bot, "told": told, "what": "webhook"}
            return render(request, "bots/told.html", context)
    return _page(request, conversation, webhook_form=form)


@login_required
@require_POST
def remove_webhook(request: HttpRequest, pk: int) -> HttpResponse:
    webhook = get_object_or_404(Webhook.objects.visible_to(request.user), pk=pk)
    services.remove_webhook(actor=request.user, webhook=webhook)
    messages.success(request, _("The address leads nowhere any more."))
    return redirect("bots:group", webhook.conversation_id)


def _page(
    request: HttpRequest,
    conversation: Any,
    *,
    add_form: AddBotForm | None = None,
    webhook_form: WebhookForm | None = None,
) -> HttpResponse:
    bots = Bot.objects.at_work().in_conversation(conversation).select_related("user", "owner").order_by("created_at")
    webhooks = Webhook.objects.visible_to(request.user).filter(conversation=conversation)
    member = conversation.member(request.user)
    context = list_beside(request, conversation) | {
        "conversation": conversation,
        "may_manage": conversation.is_group and member.may_manage,
        "bots": bots,
        "commands": above.commands_in(conversation),
        "webhooks": webhooks.select_related("bot__user", "created_by").order_by("pk"),
        "add_form": add_form or AddBotForm(owner=request.user),
        "webhook_form": webhook_form or WebhookForm(owner=request.user),
    }
    return render(request, "bots/group.html", context, status=422 if add_form or webhook_form else 200)
