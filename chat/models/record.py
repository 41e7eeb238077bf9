from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from .message import Message

if TYPE_CHECKING:
    from accounts.models import User
    from uploads.models import Upload


class RecordQuerySet(models.QuerySet["Record"]):
    def visible_to(self, viewer: User | AnonymousUser) -> Self:
        """Those in messages the viewer may read."""
        return self.filter(Exists(Message.objects.visible_to(viewer).filter(pk=OuterRef("message"))))


class Record(models.Model):
    """What was said elsewhere, as a message of kind `record` carries it. The payload of the message has its first
    lines; all of it is read only by who opens it."""

    message = models.OneToOneField(Message, on_delete=models.CASCADE, related_name="record")
    conversation = models.ForeignKey("chat.Conversation", on_delete=models.CASCADE, related_name="+", db_index=False)
    items = models.JSONField()  # [{name, at, kind, text, payload?, files?: [position…], within?: […]}]

    objects = RecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("chat record")
        verbose_name_plural = _("chat records")

    def __str__(self) -> str:
        return f"record {self.message_id}"

    @property
    def uploads(self) -> list[Upload]:
        """Its files in order. Uses a prefetch of `files` where there is one."""
        return [one.upload for one in sorted(self.files.all(), key=lambda one: one.position)]


class RecordFile(models.Model):
    """A file that a record carries. Its items name it by its position."""

    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="files", db_index=False)
    upload = models.ForeignKey("uploads.Upload", on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = _("file of a chat record")
        verbose_name_plural = _("files of chat records")
        constraints = [models.UniqueConstraint(fields=["record", "position"], name="record_file_position")]

    def __str__(self) -> str:
        return f"{self.record_id}/{self.position}"
