from __future__ import annotations

from collections.abc import Callable

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from superapp.kernel.admin import ReadOnlyAdmin
from superapp.kernel.errors import Refused

from . import services
from .models import Bot, Delivery, SlashCommand, Webhook

# Secrets, tokens and what was said are shown nowhere here.


@admin.register(Bot)
class BotAdmin(ReadOnlyAdmin):
    list_display = ["user", "owner", "url", "failures", "paused_until", "switched_off_at", "removed_at", "created_at"]
    list_select_related = ["user", "owner"]
    list_filter = [("switched_off_at", admin.EmptyFieldListFilter), ("removed_at", admin.EmptyFieldListFilter)]
    search_fields = ["=user__handle", "=owner__handle", "url"]
    fields = [
        "user",
        "owner",
        "description",
        "url",
        "events",
        "failures",
        "paused_until",
        "switched_off_at",
        "removed_at",
    ]
    actions = ["switch_off", "switch_on"]

    def has_switch_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("bots.switch_off_bot")

    @admin.action(description=gettext_lazy("Switch off"), permissions=["switch"])
    def switch_off(self, request: HttpRequest, bots: QuerySet[Bot]) -> None:
        self._decide(request, bots, services.switch_off_bot, _("Switched off"))

    @admin.action(description=gettext_lazy("Switch on"), permissions=["switch"])
    def switch_on(self, request: HttpRequest, bots: QuerySet[Bot]) -> None:
        self._decide(request, bots, services.switch_on_bot, _("Switched on"))

    def _decide(self, request: HttpRequest, bots: QuerySet[Bot], service: Callable[..., Bot], note: str) -> None:
        done = 0
        for bot in bots:
            try:
                service(moderator=request.user, bot=bot)
            except Refused as refusal:
                messages.error(request, f"{bot}: {refusal.sentence}")
            else:
                self.log_change(request, bot, note)
                done += 1
        if done:
            messages.success(request, ngettext("%(n)s bot changed.", "%(n)s bots changed.", done) % {"n": done})


@admin.register(SlashCommand)
class SlashCommandAdmin(ReadOnlyAdmin):
    list_display = ["name", "bot", "hint", "description"]
    list_select_related = ["bot__user"]


@admin.register(Webhook)
class WebhookAdmin(ReadOnlyAdmin):
    list_display = ["id", "conversation_id", "bot", "created_by", "created_at", "used_at"]
    list_select_related = ["bot__user", "created_by"]
    fields = ["conversation", "bot", "created_by", "created_at", "used_at"]


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdmin):
    list_display = ["id", "bot", "event", "state", "attempts", "status", "reason", "milliseconds", "created_at"]
    list_select_related = ["bot__user"]
    list_filter = ["state", "event"]
    fields = ["bot", "event", "state", "attempts", "status", "reason", "milliseconds", "tried_at", "created_at"]
