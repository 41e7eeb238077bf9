from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from .member import Member
from .retention import days_kept, is_kept, kept_since

if TYPE_CHECKING:
    from accounts.models import User
    from uploads.models import Upload

    from .reaction import Reacted


class MessageQuerySet(models.QuerySet["Message"]):
    _for_display = False

    def visible_to(self, viewer: User | AnonymousUser) -> Self:
        """Members read what has been said since they joined, as long as it is kept."""
        if not viewer.is_authenticated:
            return self.none()
        membership = (
            Member.objects.active()
            .filter(conversation=OuterRef("conversation"), user=viewer, joined_seq__lte=OuterRef("seq"))
            .alias(kept_since=kept_since(F("conversation__retention_days")))
            .filter(Q(kept_since=None) | Q(kept_since__lt=OuterRef("created_at")))
        )
        return self.filter(Exists(membership))

    def seen_by(self, member: Member) -> Self:
        """The same rule for one conversation, when the membership has been loaded."""
        if member.left_at is not None:
            return self.none()
        seen = self.filter(conversation=member.conversation_id, seq__gte=member.joined_seq)
        days = days_kept(member.conversation.retention_days)
        return seen if days is None else seen.filter(created_at__gt=now() - timedelta(days=days))

    def kept(self) -> Self:
        """In a subquery of conversations: those that the conversation still keeps."""
        since = kept_since(OuterRef("retention_days"))
        return self.alias(kept_since=since).filter(Q(kept_since=None) | Q(created_at__gt=F("kept_since")))

    def countable_for(self, reader: User) -> Self:
        """What counts as unread: what others have said, have not taken back, and have not sent
        without sound."""
        return self.filter(recalled_at=None, silent=False).exclude(kind=Message.Kind.SYSTEM).exclude(sender=reader)

    def for_display(self) -> Self:
        """With all that showing a message takes: see `display.complete`."""
        made = self.all()
        made._for_display = True
        return made

    def _clone(self) -> Self:
        made: Self = super()._clone()  # type: ignore[misc]
        made._for_display = self._for_display
        return made

    def _fetch_all(self) -> None:
        is_new = self._result_cache is None
        super()._fetch_all()  # type: ignore[misc]
        if is_new and self._for_display:
            from .display import complete

            complete(self._result_cache)  # type: ignore[arg-type]

    def with_records(self) -> Self:
        """With all that it takes to say them again."""
        return self.for_display().prefetch_related("record__files__upload")


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


# What a person may give on, or keep: not what moves money, what belongs to one conversation, or what nobody said.
PORTABLE = {"text", "image", "voice", "video", "file", "place", "card", "sticker", "record"}
# What carries files.
WITH_FILES = {"image", "voice", "video", "file"}
# What has words that its sender may still change.
WORDED = {"text", "image", "video", "file"}
# What stays what it is once it has happened.
FINAL = {"red_envelope", "transfer", "call", "system"}


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
    forwarded = models.BooleanField(default=False, db_default=False, editable=False)  # first said elsewhere
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
    # Filled by `attach_reactions`.
    reacted: list[Reacted] | None = None
    own_reactions: set[str] | None = None

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
            models.Index(
                fields=["conversation", "-seq"],
                condition=Q(kind__in=["image", "video", "voice", "file"]),
                name="message_files",
            ),
            models.Index(fields=["preview"], condition=Q(preview__isnull=False), name="message_preview"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.conversation_id}/{self.seq}"

    def is_visible_to(self, viewer: User | AnonymousUser) -> bool:
        return Message.objects.filter(pk=self.pk).visible_to(viewer).exists()

    @property
    def is_system(self) -> bool:
        return self.kind == self.Kind.SYSTEM

    @property
    def is_recalled(self) -> bool:
        return self.recalled_at is not None

    @property
    def is_portable(self) -> bool:
        """May who reads it forward it, or keep it?"""
        return self.kind in PORTABLE and not self.is_recalled

    def recallable_by(self, member: Member) -> bool:
        """Its sender takes it back within minutes, or whenever nobody else can have read it; who manages a group may
        remove it at any time."""
        if self.is_recalled or self.kind in FINAL:
            return False
        if self.sender_id != member.user_id:
            return member.conversation.is_group and member.may_manage
        return member.conversation.is_own or (member.conversation.is_group and member.may_manage) or self._is_new()

    def _is_new(self) -> bool:
        is_file = self.kind == self.Kind.FILE
        seconds = settings.MESSAGE_RECALL_FILE_SECONDS if is_file else settings.MESSAGE_RECALL_SECONDS
        return now() < self.created_at + timedelta(seconds=seconds)

    def editable_by(self, user: User) -> bool:
        return (
            self.sender_id == user.pk
            and self.kind in WORDED
            and not self.is_recalled
            and not self.forwarded
            and now() < self.created_at + timedelta(hours=settings.MESSAGE_EDIT_HOURS)
        )

    @property
    def uploads(self) -> list[Upload]:
        """Its files in order. Uses a prefetch of `attachments` where there is one."""
        if self.kind not in WITH_FILES:
            return []
        return [one.upload for one in sorted(self.attachments.all(), key=lambda one: one.position)]

    def quote_for(self, member: Member) -> Message | None:
        """The message this one answers, if this member may see it."""
        quoted = self.reply_to
        if quoted is None or quoted.seq < member.joined_seq:
            return None
        return quoted if is_kept(member.conversation.retention_days, quoted.created_at) else None


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
