from __future__ import annotations

from datetime import datetime

from django.db import models


class OutboxQuerySet(models.QuerySet["OutboxRow"]):
    def due(self, now: datetime) -> OutboxQuerySet:
        return self.filter(due_at__lte=now, parked_at=None)

    def locked(self) -> OutboxQuerySet:
        """Rows nobody else is handing over, in order. SQLite has one writer and needs no row locks."""
        return self.select_for_update(skip_locked=True).order_by("pk")


class OutboxRow(models.Model):
    """A task owed to the world, written in the transaction that made it necessary, deleted when it has run."""

    task = models.CharField(max_length=200)
    arguments = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=500, blank=True)
    parked_at = models.DateTimeField(null=True, blank=True)

    objects = OutboxQuerySet.as_manager()

    class Meta:
        verbose_name = "outbox row"
        indexes = [models.Index(fields=["due_at"], name="outbox_due", condition=models.Q(parked_at=None))]

    def __str__(self) -> str:
        return f"{self.task} {self.arguments}"
