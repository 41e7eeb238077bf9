from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from .message import Message

if TYPE_CHECKING:
    from accounts.models import User
    from uploads.models import Upload

NAME_LENGTH_MAX = 200


class SavedItemQuerySet(models.QuerySet["SavedItem"]):
    def visible_to(self, viewer: User | AnonymousUser) -> Self:
        """Everybody's own."""
        return self.filter(owner=viewer) if viewer.is_authenticated else self.none()

    def for_display(self, viewer: User) -> Self:
        """With its files, and whether the viewer may still read the original (`is_there`)."""
        original = Message.objects.visible_to(viewer).filter(pk=OuterRef("message"))
        files = Prefetch("files", SavedFile.objects.select_related("upload").order_by("position"))
        return self.annotate(is_there=Exists(original)).select_related("message").prefetch_related(files)

    def of_kind(self, kind: str) -> Self:
        return self.filter(kind=kind) if kind in Message.Kind.values else self.none()

    def saying(self, words: str) -> Self:
        """With each of the words somewhere in what is shown of it."""
        found = self
        for word in words.split()[:10]:
            found = found.filter(
                Q(text__icontains=word) | Q(sender_name__icontains=word) | Q(source_name__icontains=word)
            )
        return found


class SavedItem(models.Model):
    """A message that a person keeps, as it was when they kept it. It outlives its conversation, but not its recall."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    message = models.ForeignKey(Message, on_delete=models.SET_NULL, null=True, related_name="+")
    kind = models.CharField(max_length=12, choices=Message.Kind)
    text = models.TextField(blank=True)
    payload = models.JSONField(default=dict, blank=True)
    items = models.JSONField(default=list, blank=True)  # of a chat record
    sender_name = models.CharField(max_length=NAME_LENGTH_MAX, blank=True)
    source_name = models.CharField(max_length=NAME_LENGTH_MAX, blank=True)  # what the owner called the conversation
    said_at = models.DateTimeField()
    created_at = models.DateTimeField(db_default=Now())

    objects = SavedItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved message")
        verbose_name_plural = _("saved messages")
        constraints = [models.UniqueConstraint(fields=["owner", "message"], name="saved_once")]
        indexes = [models.Index(fields=["owner", "-id"], name="saved_of_owner")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def uploads(self) -> list[Upload]:
        """Its files in order. Uses a prefetch of `files` where there is one."""
        return [one.upload for one in sorted(self.files.all(), key=lambda one: one.position)]


class SavedFile(models.Model):
    saved = models.ForeignKey(SavedItem, on_delete=models.CASCADE, related_name="files", db_index=False)
    upload = models.ForeignKey("uploads.Upload", on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = _("file of a saved message")
        verbose_name_plural = _("files of saved messages")
        constraints = [models.UniqueConstraint(fields=["saved", "position"], name="saved_file_position")]

    def __str__(self) -> str:
        return f"{self.saved_id}/{self.position}"
