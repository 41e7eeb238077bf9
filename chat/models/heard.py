from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class VoiceHeard(models.Model):
    """Who has listened to a voice message, so that its dot goes out on all of the listener's devices."""

    message = models.ForeignKey("chat.Message", on_delete=models.CASCADE, related_name="+", db_index=False)
    listener = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    heard_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("heard voice message")
        verbose_name_plural = _("heard voice messages")
        constraints = [models.UniqueConstraint(fields=["listener", "message"], name="voice_heard_once")]
        indexes = [models.Index(fields=["message"], name="voice_heard_message")]

    def __str__(self) -> str:
        return f"{self.message_id} by {self.listener_id}"


def heard_by(listener_id: int, message_ids: Iterable[int]) -> set[int]:
    """Which of these voice messages the person has listened to."""
    heard = VoiceHeard.objects.filter(listener=listener_id, message__in=list(message_ids))
    return set(heard.values_list("message_id", flat=True))
