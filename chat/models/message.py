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
        return self.select_related("sender", "reply_to", "reply_to__sender", "preview").prefetch_related(
            Prefetch("attachments", Attachment.objects.select_related("upload").order_by("position")),
            Prefetch("red_envelope", RedEnvelope.objects.with_counts()),
        )


# Every kind that somebody says; `system` is said by nobody.
SPOKEN = [
    "text",
    "image",
    "voice",
    "video",
    "file",
    "place",
    "card",
    "sticker",
    "poll",
    "list",
    "record",
    "red_envelope",
    "transfer",
    "call",
]


class Message(models.Model):
    class Kind(models.TextChoices):
        TEXT = "text", _("text")
        IMAGE = "image", _("photo")
        VOICE = "voice", _("voice message")
        VIDEO = "video", _("video")
        FILE = "file", _("file")
        PLACE = "place", _("place")
        CARD = "card", _("card")
        STICKER = "sticker", _("sticker")
        POLL = "poll", _("poll")
        LIST = "list", _("sign-up list")
        RECORD = "record", _("chat record")
        RED_ENVELOPE = "red_envelope", _("red envelope")
        TRANSFER = "transfer", _("transfer")
        CALL = "call", _("call")
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
    preview = models.ForeignKey(
        "chat.LinkPreview", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )
    mentions = models.JSONField(default=list, blank=True)  # ids of the people named in it
    mentions_all = models.BooleanField(default=False)
    silent = models.BooleanField(default=False)  # arrives without a notification
    reaction_count = models.PositiveIntegerField(default=0)  # 0: nothing to load
    created_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True, blank=True)
    recalled_at = models.DateTimeField(null=True, blank=True)
    recalled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )

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
                condition=Q(kind="system", sender__isnull=True) | Q(kind__in=SPOKEN, sender__isnull=False),
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
        """Its files in order. Uses a prefetch of `attachments` where there is one."""
        return [one.upload for one in sorted(self.attachments.all(), key=lambda one: one.position)]

    def quote_for(self, member: Member) -> Message | None:
        """The message this one answers, if this member may see it."""
        quoted = self.reply_to
        return quoted if quoted is not None and quoted.seq >= member.joined_seq else None

            models.Index(fields=["preview"], condition=Q(preview__isnull=False), name="message_preview"),

class Attachment(models.Model):
    """A file that a message carries. A forwarded message carries the same file again."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="attachments", db_index=False)
    conversation = models.ForeignKey("chat.Conversation", on_delete=models.CASCADE, related_name="+", db_index=False)
    upload = models.ForeignKey("uploads.Upload", on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        constraints = [models.UniqueConstraint(fields=["message", "position"], name="message_attachment_position")]
        indexes = [models.Index(fields=["conversation", "-message"], name="attachment_of_conversation")]

    def __str__(self) -> str:
        return f"{self.message_id}/{self.position}"
