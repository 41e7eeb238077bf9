from __future__ import annotations

from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, OuterRef
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from chat.models import Member

from .bot import Bot


class WebhookQuerySet(models.QuerySet["Webhook"]):
    def visible_to(self, viewer: User | AnonymousUser) -> Self:
        """Those who manage the group."""
        if not viewer.is_authenticated:
            return self.none()
        managing = Member.objects.active().filter(
            conversation=OuterRef("conversation"), user=viewer, role__in=[Member.Role.OWNER, Member.Role.ADMIN]
        )
        return self.filter(Exists(managing))

    def open(self) -> Self:
        """Whose bot is at work, and still in the group."""
        seated = Member.objects.active().filter(conversation=OuterRef("conversation"), user=OuterRef("bot__user"))
        return self.filter(Exists(seated), bot__in=Bot.objects.at_work())


class Webhook(models.Model):
    """A secret address; what is posted to it, its bot says in the group. The address is kept as a hash."""

    conversation = models.ForeignKey("chat.Conversation", on_delete=models.CASCADE, related_name="webhooks")
    bot = models.ForeignKey(Bot, on_delete=models.CASCADE, related_name="webhooks")
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    token_hint = models.CharField(max_length=8, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False, editable=False
    )
    created_at = models.DateTimeField(db_default=Now())
    used_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = WebhookQuerySet.as_manager()

    class Meta:
        verbose_name = _("incoming webhook")
        verbose_name_plural = _("incoming webhooks")

    def __str__(self) -> str:
        return f"{self.bot} → {self.conversation_id}"
