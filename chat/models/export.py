from __future__ import annotations

import uuid
from datetime import datetime
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from accounts.models import User

from .conversation import Conversation

TITLE_LENGTH_MAX = 300


class ExportQuerySet(models.QuerySet["Export"]):
    def visible_to(self, viewer: User | AnonymousUser) -> Self:
        """Nobody but who asked for it, until it expires."""
        if not viewer.is_authenticated:
            return self.none()
        return self.filter(owner=viewer, expires_at__gt=now())

    def waiting(self) -> Self:
        return self.filter(state=Export.State.WAITING)

    def expired(self, at: datetime) -> Self:
        return self.filter(expires_at__lte=at)

    def locked(self) -> Self:
        return self.select_for_update(no_key=True, of=("self",)).order_by("pk")


class Export(models.Model):
    """A conversation as one of its members may read it, to take away. What may be in it is settled when it is asked
    for (`first_seq` to `last_seq`), so that leaving the conversation takes nothing away and adds nothing."""

    class State(models.TextChoices):
        WAITING = "waiting", _("being prepared")
        READY = "ready", _("ready")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="+", db_index=False)
    title = models.CharField(max_length=TITLE_LENGTH_MAX)  # as the owner called the conversation
    first_seq = models.BigIntegerField()
    last_seq = models.BigIntegerField()
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    done = models.PositiveIntegerField(default=0)  # messages
    total = models.PositiveIntegerField(default=0)
    bytes = models.PositiveBigIntegerField(default=0)
    created_at = models.DateTimeField(db_default=Now())
    touched_at = models.DateTimeField(null=True, blank=True)  # when somebody last worked on it
    ready_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField()

    objects = ExportQuerySet.as_manager()

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "conversation"], condition=Q(state="waiting"), name="export_one_at_a_time"
            ),
            models.CheckConstraint(condition=Q(first_seq__gte=1, last_seq__gte=F("first_seq") - 1), name="export_span"),
        ]
        indexes = [models.Index(fields=["expires_at"], name="export_expiry")]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_ready(self) -> bool:
        return self.state == self.State.READY

    @property
    def is_waiting(self) -> bool:
        return self.state == self.State.WAITING

    @property
    def per_cent(self) -> int:
        return min(100, self.done * 100 // self.total) if self.total else 0

    @property
    def file_name(self) -> str:
        """The name in the storage, of our own words alone."""
        return f"exports/{self.pk.hex}.zip"
