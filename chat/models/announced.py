from __future__ import annotations

from django.db import models
from django.db.models.functions import Now


class Announced(models.Model):
    """Something many change at once. Members are told of its state as it stands, at most once a second:
    `services/announcing.py`."""

    announced_at = models.DateTimeField(db_default=Now(), editable=False)
    is_announcement_owed = models.BooleanField(default=False, editable=False)

    class Meta:
        abstract = True
