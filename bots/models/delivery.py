from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import User

from .bot import Bot, Event

TRIED_FOR = timedelta(hours=24)
KEPT = timedelta(days=14)
EXCERPT_MAX = 500


@dataclass(frozen=True)
class Outcome:
    """What came of one try."""

    ok: bool
    status: int | None
    reason: str
    milliseconds: int
    excerpt: str


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def visible_to(self, viewer: User | AnonymousUser) -> Self:
        """The owner of the bot."""
        return self.filter(bot__in=Bot.objects.visible_to(viewer))

    def made_before(self, moment: datetime) -> Self:
        return self.filter(created_at__lt=moment)


class Delivery(models.Model):
    """One event on its way to one bot, with what came of the last try. The key is the id of the event: a bot that gets
    it twice can tell."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        DELIVERED = "delivered", _("delivered")
        GIVEN_UP = "given_up", _("given up")
        DROPPED = "dropped", _("not for it any more")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    bot = models.ForeignKey(Bot, on_delete=models.CASCADE, related_name="deliveries", db_index=False)
    event = models.CharField(max_length=20, choices=Event)
    conversation = models.ForeignKey(
        "chat.Conversation", on_delete=models.CASCADE, null=True, blank=True, related_name="+", db_index=False
    )
    caller = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="+", db_index=False
    )
    body = models.TextField()
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    reason = models.CharField(max_length=40, blank=True)  # why nothing came back
    milliseconds = models.PositiveIntegerField(null=True, blank=True)
    excerpt = models.CharField(max_length=EXCERPT_MAX, blank=True)
    tried_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now())

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        indexes = [
            models.Index(fields=["bot", "-created_at"], name="delivery_of_bot"),
            models.Index(fields=["created_at"], name="delivery_age"),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.pk}"
