from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING, Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, OuterRef
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from accounts.models import User

URL_LENGTH_MAX = 2000
TITLE_LENGTH_MAX = 300
DESCRIPTION_LENGTH_MAX = 1000
SITE_NAME_LENGTH_MAX = 100
FRESH_FOR = timedelta(days=7)
NOTHING_FRESH_FOR = timedelta(hours=6)  # a page that said nothing may have been down
KEPT_UNUSED_FOR = timedelta(days=2)


def key_of(url: str) -> str:
    return hashlib.sha256(url.encode()).hexdigest()


class LinkPreviewQuerySet(models.QuerySet["LinkPreview"]):
    def visible_to(self, viewer: User | AnonymousUser) -> Self:
        """Those that a message shows which the viewer may read."""
        from .message import Message

        showing = Message.objects.visible_to(viewer).filter(preview=OuterRef("pk"), recalled_at=None)
        return self.filter(Exists(showing))

    def unused(self) -> Self:
        """What no message shows or waits for any more."""
        from .message import Message

        used = Message.objects.filter(preview=OuterRef("pk"))
        waiting = AwaitedPreview.objects.filter(preview=OuterRef("pk"))
        return self.filter(~Exists(used), ~Exists(waiting), fetched_at__lt=now() - KEPT_UNUSED_FOR)


class LinkPreview(models.Model):
    """What a page says of itself, fetched once for all who link to it. `key` is the hash of its address."""

    key = models.CharField(max_length=64, unique=True, editable=False)
    url = models.CharField(max_length=URL_LENGTH_MAX)
    title = models.CharField(max_length=TITLE_LENGTH_MAX, blank=True)
    description = models.CharField(max_length=DESCRIPTION_LENGTH_MAX, blank=True)
    site_name = models.CharField(max_length=SITE_NAME_LENGTH_MAX, blank=True)
    image = models.CharField(max_length=200, blank=True)  # our own copy: a name in the storage
    image_width = models.PositiveIntegerField(default=0)
    image_height = models.PositiveIntegerField(default=0)
    is_fetched = models.BooleanField(default=True, db_default=True)  # False: nobody has come back with it yet
    fetched_at = models.DateTimeField(db_default=Now())
    claimed_until = models.DateTimeField(null=True, blank=True)  # somebody is fetching it

    objects = LinkPreviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("link preview")
        verbose_name_plural = _("link previews")

    def __str__(self) -> str:
        return self.url

    @property
    def says_something(self) -> bool:
        return bool(self.title or self.image)

    @property
    def is_fresh(self) -> bool:
        age = FRESH_FOR if self.says_something else NOTHING_FRESH_FOR
        return self.is_fetched and self.fetched_at > now() - age

    @property
    def image_url(self) -> str:
        """The same for every reader; who opens it is asked again whether a message shows it to them."""
        return reverse("chat:preview_image", args=[self.pk]) if self.image else ""


class AwaitedPreview(models.Model):
    """A message whose preview is being fetched."""

    message = models.OneToOneField("chat.Message", on_delete=models.CASCADE, related_name="+")
    preview = models.ForeignKey(LinkPreview, on_delete=models.CASCADE, related_name="awaited")

    class Meta:
        verbose_name = _("awaited preview")
        verbose_name_plural = _("awaited previews")

    def __str__(self) -> str:
        return f"{self.message_id} awaits {self.preview_id}"
