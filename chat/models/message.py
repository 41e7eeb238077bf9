from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, F, OuterRef, Prefetch, Q
from django.utils.translation import gettext_lazy as _

from wallet.models import RedEnvelope

from .member import Member

if TYPE_CHECKING:
    from accounts.models import User
    from uploads.models import Upload


class MessageQuerySet(models.QuerySet["Message"]):
    def visible_to(self, viewer: User | AnonymousUser) -> Self:
        """Members read what has been said since they joined."""
        if not viewer.is_authenticated:
            return self.none()
        membership = Member.objects.active().filter(
            conversation=OuterRef("conversation"), user=viewer, joined_seq__lte=OuterRef("seq")
        )
        return self.filter(Exists(membership))

    def seen_by(self, member: Member) -> Self:
        """The same rule for one conversation, when the membership has been loaded."""
        if member.left_at is not None:
            return self.none()
        return self.filter(conversation=member.conversation_id, seq__gte=member.joined_seq)

    def countable_for(self, reader: User) -> Self:
        """What counts as unread: what others have said."""
        return self.exclude(kind=Message.Kind.SYSTEM).exclude(sender=reader)

    def for_display(self) -> Self:
        """With all that showing a message takes."""
        return self.select_related("sender", "reply_to", "reply_to__sender").prefetch_related(
            Prefetch("photos", MessagePhoto.objects.select_related("upload").order_by("position")),
            Prefetch("red_envelope", RedEnvelope.objects.with_counts()),
        )


class Message(models.Model):
    class Kind(models.TextChoices):
        TEXT = "text", _("text")
        IMAGE = "image", _("photo")
        CARD = "card", _("card")
        RED_ENVELOPE = "red_envelope", _("red envelope")
        SYSTEM = "system", _("notice")

    conversation = models.ForeignKey(
        "chat.Conversation", on_delete=models.CASCADE, related_name="messages", db_index=False
    )
    seq = models.BigIntegerField()
    changed_seq = models.BigIntegerField()
    sender = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.TEXT)
    client_id = models.UUIDField(null=True, blank=True)
    text = models.TextField(blank=True)
    reply_to = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )
    payload = models.JSONField(default=dict, blank=True)
    red_envelope = models.OneToOneField(
        "wallet.RedEnvelope", on_delete=models.PROTECT, null=True, blank=True, related_name="message"
    )
    created_at = models.DateTimeField()

    objects = MessageQuerySet.as_manager()

    # Set on what a service returns when the message had been sent before, by an earlier try.
    replayed = False

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        constraints = [
            models.UniqueConstraint(fields=["conversation", "seq"], name="message_seq"),
            models.UniqueConstraint(fields=["conversation", "sender", "client_id"], name="message_once"),
            models.CheckConstraint(condition=Q(seq__gte=1, changed_seq__gte=F("seq")), name="message_numbers"),
            models.CheckConstraint(
                condition=Q(kind="system", sender__isnull=True)
                | Q(kind__in=["text", "image", "card", "red_envelope"], sender__isnull=False),
                name="message_kind",
            ),
            models.CheckConstraint(
                condition=Q(kind="red_envelope", red_envelope__isnull=False)
                | (~Q(kind="red_envelope") & Q(red_envelope__isnull=True)),
                name="message_red_envelope",
            ),
        ]
        indexes = [
            models.Index(fields=["conversation", "changed_seq"], name="message_changes"),
            models.Index(fields=["reply_to"], condition=Q(reply_to__isnull=False), name="message_replies"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.conversation_id}/{self.seq}"

    def is_visible_to(self, viewer: User | AnonymousUser) -> bool:
        return Message.objects.filter(pk=self.pk).visible_to(viewer).exists()

    @property
    def is_system(self) -> bool:
        return self.kind == self.Kind.SYSTEM

    @property
    def uploads(self) -> list[Upload]:
        """Its photos in order. Uses a prefetch of `photos` where there is one."""
        return [photo.upload for photo in sorted(self.photos.all(), key=lambda photo: photo.position)]

    def quote_for(self, member: Member) -> Message | None:
        """The message this one answers, if this member may see it."""
        quoted = self.reply_to
        return quoted if quoted is not None and quoted.seq >= member.joined_seq else None


class MessagePhoto(models.Model):
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="photos", db_index=False)
    conversation = models.ForeignKey("chat.Conversation", on_delete=models.CASCADE, related_name="+", db_index=False)
    upload = models.OneToOneField("uploads.Upload", on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = _("photo")
        verbose_name_plural = _("photos")
        constraints = [models.UniqueConstraint(fields=["message", "position"], name="message_photo_position")]

    def __str__(self) -> str:
        return f"{self.message_id}/{self.position}"
