from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from superapp.kernel.addresses import address
from superapp.kernel.images import fitted

from . import signatures

NAME_LENGTH_MAX = 200


class Variant(models.TextChoices):
    """A picture, or the poster of a video, in one of its sizes."""

    THUMB = "thumb"
    MEDIUM = "medium"
    LARGE = "large"

    @property
    def max_edge(self) -> int:
        return {"thumb": 320, "medium": 1080, "large": 2048}[self.value]


class Form(models.TextChoices):
    """What is stored of anything else."""

    VIDEO = "video.mp4"
    VOICE = "voice.m4a"
    FILE = "file.bin"
    SOURCE = "source.bin"  # what was received, until it has been converted; given to nobody

    @property
    def content_type(self) -> str:
        return {"video.mp4": "video/mp4", "voice.m4a": "audio/mp4"}.get(self.value, "application/octet-stream")


def as_key(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


class UploadQuerySet(models.QuerySet["Upload"]):
    def visible_to(self, viewer: User | AnonymousUser) -> Self:
        """Whose own it is. Others see a file only through the content that carries it: see `Upload.url_for`."""
        if not viewer.is_authenticated:
            return self.none()
        return self.filter(owner=viewer)

    def ready(self) -> Self:
        return self.filter(state=Upload.State.READY)

    def processing(self) -> Self:
        return self.filter(state=Upload.State.PROCESSING)

    def failed(self) -> Self:
        return self.filter(state=Upload.State.FAILED)

    def of_kinds(self, kinds: Iterable[str]) -> Self:
        return self.filter(kind__in=list(kinds))

    def usable(self) -> Self:
        """Ready, or on the way there."""
        return self.exclude(state=Upload.State.FAILED)

    def unattached(self) -> Self:
        return self.filter(attached_at=None)

    def made_before(self, moment: datetime) -> Self:
        return self.filter(created_at__lt=moment)

    def among(self, ids: Iterable[str]) -> Self:
        """Those with one of these ids; what is no id at all is passed over."""
        return self.filter(pk__in=[key for key in map(as_key, ids) if key])

    def locked(self) -> Self:
        return self.select_for_update(no_key=True, of=("self",)).order_by("pk")

    def total_bytes(self) -> int:
        return self.aggregate(total=Sum("bytes"))["total"] or 0


class Upload(models.Model):
    """A file somebody sent, in the forms in which it is given out. What was received is not kept."""

    class Kind(models.TextChoices):
        IMAGE = "image", _("picture")
        VIDEO = "video", _("video")
        VOICE = "voice", _("voice message")
        FILE = "file", _("file")

    class State(models.TextChoices):
        PROCESSING = "processing", _("processing")
        READY = "ready", _("ready")
        FAILED = "failed", _("failed")

    class Failure(models.TextChoices):
        """Why something could not be converted."""

        UNREADABLE = "unreadable", _("It cannot be read.")
        TOO_LONG = "too_long", _("It is too long.")
        TOO_LARGE = "too_large", _("Its picture is too large.")
        TOO_HEAVY = "too_heavy", _("Converting it took too long.")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="uploads")
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.IMAGE)
    state = models.CharField(max_length=10, choices=State, default=State.PROCESSING)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    blurhash = models.CharField(max_length=100, blank=True)
    duration = models.FloatField(null=True, blank=True)  # in seconds, of what has one
    peaks = models.JSONField(default=list, blank=True)  # how loud a voice is, from 0 to 100, evenly over its time
    name = models.CharField(_("name"), max_length=NAME_LENGTH_MAX, blank=True)  # what a file is called for people
    failure = models.CharField(max_length=12, choices=Failure, blank=True)
    alt = models.CharField(_("description"), max_length=500, blank=True)
    bytes = models.PositiveBigIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    attached_at = models.DateTimeField(null=True, blank=True)  # when something began to carry it

    objects = UploadQuerySet.as_manager()

    class Meta:
        verbose_name = _("upload")
        verbose_name_plural = _("uploads")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state="ready", kind__in=["image", "video"]) | models.Q(width__gt=0, height__gt=0),
                name="upload_ready_has_size",
            )
        ]
        indexes = [
            models.Index(fields=["created_at"], condition=models.Q(attached_at=None), name="upload_unattached"),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    def file_name(self, variant: str) -> str:
        """The name in the storage. Made of our own words alone; what the sender called the file is forgotten."""
        return self.stored_name(f"{Variant(variant)}.webp")

    def stored_name(self, form: str) -> str:
        key = self.pk.hex
        return f"uploads/{key[:2]}/{key}/{form}"

    @property
    def has_picture(self) -> bool:
        """Is there something to see of it: itself, or a poster?"""
        return self.kind in {self.Kind.IMAGE, self.Kind.VIDEO} and self.state == self.State.READY

    @property
    def form(self) -> Form | None:
        """Of what is no picture, what is given out."""
        forms = {self.Kind.VIDEO: Form.VIDEO, self.Kind.VOICE: Form.VOICE, self.Kind.FILE: Form.FILE}
        return forms.get(self.Kind(self.kind))

    @property
    def is_processing(self) -> bool:
        return self.state == self.State.PROCESSING

    @property
    def has_failed(self) -> bool:
        return self.state == self.State.FAILED

    def size_of(self, variant: str) -> tuple[int, int]:
        return fitted((self.width, self.height), Variant(variant).max_edge)

    def url_for(self, viewer: User | AnonymousUser, variant: str) -> str:
        """A URL that opens this variant for this viewer, for a few minutes.

        Whoever calls this has just found the content that carries the upload to be visible to `viewer`.
        """
        return self._signed(viewer, Variant(variant), f"{Variant(variant)}.webp")

    def form_url_for(self, viewer: User | AnonymousUser) -> str:
        """The same for the video, the voice or the file itself."""
        form = str(self.form)
        return self._signed(viewer, form, form)

    def _signed(self, viewer: User | AnonymousUser, what: str, name: str) -> str:
        return f"{address('uploads:file', self.pk, name)}?s={signatures.sign(self.pk, what, viewer.pk)}"
