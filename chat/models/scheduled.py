from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .message import Message

if TYPE_CHECKING:
    from accounts.models import User

SCHEDULED_MAX = 100  # one person's
SCHEDULED_AHEAD_MAX = timedelta(days=365)


class ScheduledMessageQuerySet(models.QuerySet["ScheduledMessage"]):
    def visible_to(self, viewer: User | AnonymousUser) -> Self:
        """The writer's own, until they are sent. Who has left the conversation still finds what could not be sent."""
        return self.filter(sender=viewer) if viewer.is_authenticated else self.none()

    def waiting(self) -> Self:
        return self.filter(failure="")

    def due(self, at: datetime) -> Self:
        return self.waiting().filter(send_at__lte=at)

    def locked(self) -> Self:
        return self.select_for_update(no_key=True, of=("self",)).order_by("pk")

    def for_list(self) -> Self:
        return self.select_related("conversation", "reply_to", "reply_to__sender").order_by("send_at", "pk")


class ScheduledMessage(models.Model):
    """Something that will be said. The row goes in the transaction that says it, so it is said once; what is refused
    then is kept, with the code of the refusal."""

    sender = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    conversation = models.ForeignKey("chat.Conversation", on_delete=models.CASCADE, related_name="+", db_index=False)
    client_id = models.UUIDField(default=uuid.uuid4, editable=False)
    text = models.TextField()
    mentions = models.JSONField(default=list, blank=True)  # handles
    reply_to = models.ForeignKey(
        Message, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )
    silent = models.BooleanField(default=False)
    send_at = models.DateTimeField()
    failure = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ScheduledMessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("scheduled message")
        verbose_name_plural = _("scheduled messages")
        constraints = [models.UniqueConstraint(fields=["sender", "conversation", "client_id"], name="scheduled_once")]
        indexes = [
            models.Index(fields=["send_at"], condition=Q(failure=""), name="scheduled_due"),
            models.Index(fields=["sender", "send_at"], name="scheduled_of_sender"),
        ]

    def __str__(self) -> str:
        return f"scheduled {self.pk}"

    @property
    def why_not(self) -> str | Promise:
        """Of one that could not be sent: the reason, in a sentence."""
        return _REASONS.get(self.failure, _("It could not be sent.")) if self.failure else ""


_REASONS = {
    "not_a_member": _("You are not in this conversation any more."),
    "not_found": _("You are not in this conversation any more."),
    "not_friends": _("You are not friends any more."),
    "blocked": _("You have blocked this person."),
    "rejected": _("The message was rejected by the receiver."),
    "not_allowed": _("Only the owner and the admins may write in this group now."),
    "only_admins_speak": _("Only the owner and the admins may write in this group now."),
}
