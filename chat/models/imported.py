from __future__ import annotations

from django.db import models

from .conversation import Conversation


class ImportedChannel(models.Model):
    """Which group a channel of another system has become, and how far it has been brought in: so that an import may be
    broken off, done again, and done with a later export."""

    key = models.CharField(max_length=100, unique=True)  # of the other system
    conversation = models.OneToOneField(Conversation, on_delete=models.CASCADE, related_name="+")
    reached = models.CharField(max_length=30, blank=True)  # the other system's time of the last message

    class Meta:
        verbose_name = "imported channel"
        verbose_name_plural = "imported channels"

    def __str__(self) -> str:
        return self.key
