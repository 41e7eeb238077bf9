from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bots import services
from bots.forms import BotForm, CommandForm, NewBotForm
from bots.models import Bot, Delivery
from chat.models import Conversation
from superapp.kernel.errors import Refused, add_to_form

DELIVERIES_SHOWN = 30


def bot_of(request: HttpRequest, handle: str) -> Bot:
    """One's own."""
    return get_object_or_404(Bot.objects.visible_to(request.user).named(handle).select_related("user"))


@login_required
@require_safe
def bot_list(request: HttpRequest) -> HttpResponse:
    bots = Bot.objects.visible_to(request.user).select_related("user").order_by("user__display_name")
    return render(request, "bots/list.html", {"bots": bots})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_bot(request: HttpRequest) -> HttpResponse:
    form = NewBotForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            bot = services.create_bot(owner=request.user, **form.cleaned_data)
        except Refused as refusal:
            add_to_form(form, refusal)
        else:
            return redirect(bot)
    return render(request, "bots/new.html", {"form": form}, status=422 if form.is_bound else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def detail(request: HttpRequest, handle: str) -> HttpResponse:
    bot = bot_of(request, handle)
    if request.method != "POST":
        return _page(request, bot)
    form = BotForm(request.POST)
    if form.is_valid():
        try:
            services.change_bot(owner=request.user, bot=bot, **form.cleaned_data)
        except Refused as refusal:
            add_to_form(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect(bot)
    return _page(request, bot, form=form)


@login_required
@require_POST
def token(request: HttpRequest, handle: str) -> HttpResponse:
    """The one page on which a token is ever shown."""
    bot = bot_of(request, handle)
    told = services.make_token(owner=request.user, bot=bot)
    return render(request, "bots/told.html", {"bot": bot, "told": told, "what": "token"})


@login_required
@require_POST
def revoke_token(request: HttpRequest, handle: str) -> HttpResponse:
    bot = services.revoke_token(owner=request.user, bot=bot_of(request, handle))
    messages.success(request, _("The token does not open anything any more."))
    return redirect(bot)


@login_required
@require_POST
def secret(request: HttpRequest, handle: str) -> HttpResponse:
    bot = bot_of(request, handle)
    told = services.rotate_secret(owner=request.user, bot=bot)
    return render(request, "bots/told.html", {"bot": bot, "told": told, "what": "secret"})


@login_required
@require_POST
def ping(request: HttpRequest, handle: str) -> HttpResponse:
    bot = bot_of(request, handle)
    services.send_ping(owner=request.user, bot=bot)
    messages.success(request, _("Sent. What came of it stands below in a moment."))
    return redirect("bots:deliveries", bot.user.handle)


@login_required
@require_POST
def add_command(request: HttpRequest, handle: str) -> HttpResponse:
    bot = bot_of(request, handle)
    form = CommandForm(request.POST)
    if form.is_valid():
        try:
            services.add_command(owner=request.user, bot=bot, **form.cleaned_data)
        except Refused as refusal:
            add_to_form(form, refusal)
        else:
            return redirect(f"{bot.get_absolute_url()}#commands")
    return _page(request, bot, command_form=form)


@login_required
@require_POST
def remove_command(request: HttpRequest, handle: str, name: str) -> HttpResponse:
    bot = bot_of(request, handle)
    services.remove_command(owner=request.user, bot=bot, name=name)
    return redirect(f"{bot.get_absolute_url()}#commands")


@login_required
@require_safe
def deliveries(request: HttpRequest, handle: str) -> HttpResponse:
    bot = bot_of(request, handle)
    log = Delivery.objects.visible_to(request.user).filter(bot=bot).select_related("conversation")
    page = Paginator(log.order_by("-created_at"), DELIVERIES_SHOWN).get_page(request.GET.get("page"))
    return render(request, "bots/deliveries.html", {"bot": bot, "page": page})


@login_required
@require_POST
def send_again(request: HttpRequest, handle: str, pk: UUID) -> HttpResponse:
    bot = bot_of(request, handle)
    delivery = get_object_or_404(Delivery.objects.visible_to(request.user).filter(bot=bot), pk=pk)
    services.send_again(owner=request.user, delivery=delivery)
    messages.success(request, _("Sent again."))
    return redirect("bots:deliveries", bot.user.handle)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def remove_bot(request: HttpRequest, handle: str) -> HttpResponse:
    """Asks once, then does it."""
    bot = bot_of(request, handle)
    if request.method == "POST":
        services.remove_bot(owner=request.user, bot=bot)
        messages.success(request, _("The bot is gone."))
        return redirect("bots:list")
    return render(request, "bots/remove.html", {"bot": bot})


def _page(
    request: HttpRequest, bot: Bot, *, form: BotForm | None = None, command_form: CommandForm | None = None
) -> HttpResponse:
    now = {"name": bot.user.display_name, "description": bot.description, "url": bot.url, "events": bot.events}
    context: dict[str, Any] = {
        "bot": bot,
        "form": form or BotForm(initial=now),
        "command_form": command_form or CommandForm(),
        "commands": bot.commands.all(),
        "groups": Conversation.objects.for_member(bot.user).for_member(request.user).order_by("pk"),
    }
    return render(request, "bots/detail.html", context, status=422 if form or command_form else 200)
