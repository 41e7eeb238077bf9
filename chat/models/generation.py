from __future__ import annotations

import uuid

from django.db import models


class Generation(models.Model):
    """The one row that names this database's line of history. A restore renames it, and every client starts afresh:
    numbers that were given out after the backup will be given out again, to other changes."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    name = models.UUIDField(default=uuid.uuid4, editable=False)

    class Meta:
        verbose_name = "generation"
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="chat_generation_single")]

    def __str__(self) -> str:
        return str(self.name)
