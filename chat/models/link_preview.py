from __future__ import annotations

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

URL_LENGTH_MAX = 2000


class LinkPreview(models.Model):
    """What a page says of itself, fetched once for all who link to it. `key` is the hash of its address."""

    key = models.CharField(max_length=64, unique=True, editable=False)
    url = models.CharField(max_length=URL_LENGTH_MAX)
    title = models.CharField(max_length=300, blank=True)
    description = models.CharField(max_length=1000, blank=True)
    site_name = models.CharField(max_length=100, blank=True)
    image = models.CharField(max_length=200, blank=True)  # our own copy: a name in the storage
    image_width = models.PositiveIntegerField(default=0)
    image_height = models.PositiveIntegerField(default=0)
    fetched_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("link preview")
        verbose_name_plural = _("link previews")

    def __str__(self) -> str:
        return self.url
