from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, OuterRef
from django.db.models.functions import Now
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from .message import Message

if TYPE_CHECKING:
    from accounts.models import User


class MessageEditQuerySet(models.QuerySet["MessageEdit"]):
    def visible_to(self, viewer: User | AnonymousUser) -> Self:
        """Who may read a message may read what it said before."""
        return self.filter(Exists(Message.objects.visible_to(viewer).filter(pk=OuterRef("message"))))


class MessageEdit(models.Model):
    """What a message said before it was edited, and since when it had said so."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="edits")
    conversation = models.ForeignKey("chat.Conversation", on_delete=models.CASCADE, related_name="+", db_index=False)
    text = models.TextField(blank=True)
    written_at = models.DateTimeField()

    objects = MessageEditQuerySet.as_manager()

    class Meta:
        verbose_name = _("earlier version")
        verbose_name_plural = _("earlier versions")

    def __str__(self) -> str:
        return f"{self.message_id} {self.written_at}"


class RecalledTextQuerySet(models.QuerySet["RecalledText"]):
    def visible_to(self, viewer: User | AnonymousUser) -> Self:
        """For who took it back alone, and only for a few minutes."""
        if not viewer.is_authenticated:
            return self.none()
        return self.filter(sender=viewer, expires_at__gt=now())

    def expired(self) -> Self:
        return self.filter(expires_at__lte=now())


class RecalledText(models.Model):
    """What a person has just taken back, for writing it better. It stands apart from the message, so that nothing that
    reads messages can show it."""

    message = models.OneToOneField(Message, on_delete=models.CASCADE, related_name="recalled_text")
    sender = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    text = models.TextField()
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField(db_index=True)

    objects = RecalledTextQuerySet.as_manager()

    class Meta:
        verbose_name = _("recalled text")
        verbose_name_plural = _("recalled texts")

    def __str__(self) -> str:
        return str(self.message_id)
