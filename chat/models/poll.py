from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Count, Exists, OuterRef, Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from .announced import Announced
from .message import Message

if TYPE_CHECKING:
    from accounts.models import User

QUESTION_LENGTH_MAX = 255
OPTIONS_MIN, OPTIONS_MAX = 2, 12
OPTION_LENGTH_MAX = 100


class PollQuerySet(models.QuerySet["Poll"]):
    def visible_to(self, viewer: User | AnonymousUser) -> Self:
        """Those in messages the viewer may read, and that have not been taken back."""
        carrying = Message.objects.visible_to(viewer).filter(pk=OuterRef("message"), recalled_at=None)
        return self.filter(Exists(carrying))

    def locked(self) -> Self:
        return self.select_for_update(no_key=True, of=("self",)).order_by("pk")

    def due(self, at: datetime) -> Self:
        """Whose time has come to be closed."""
        return self.filter(closed_at=None, closes_at__lte=at)


class Poll(Announced):
    """A question put to a group. What all may know of it stands in the payload of its message, so that showing the
    message takes no more than the message; who chose what is here."""

    message = models.OneToOneField(Message, on_delete=models.CASCADE, related_name="poll")
    conversation = models.ForeignKey("chat.Conversation", on_delete=models.CASCADE, related_name="+", db_index=False)
    question = models.CharField(max_length=QUESTION_LENGTH_MAX)
    options = models.JSONField()  # their texts; a vote names one by its place, from 1
    is_multiple = models.BooleanField(default=False)
    is_anonymous = models.BooleanField(default=False)
    closes_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = PollQuerySet.as_manager()

    class Meta:
        verbose_name = _("poll")
        verbose_name_plural = _("polls")
        indexes = [models.Index(fields=["closes_at"], condition=Q(closed_at__isnull=True), name="poll_due")]

    def __str__(self) -> str:
        return f"poll {self.pk}"

    @property
    def is_over(self) -> bool:
        return self.closed_at is not None or (self.closes_at is not None and self.closes_at <= now())

    def counts(self) -> list[int]:
        """Votes for each option, in their order."""
        counted = dict(
            self.votes.order_by().values("option").annotate(count=Count("pk")).values_list("option", "count")
        )
        return [counted.get(number, 0) for number in range(1, len(self.options) + 1)]

    def snapshot(self) -> dict[str, Any]:
        """What every reader may know: the payload of the message."""
        counts = self.counts() if self.pk else [0] * len(self.options)
        voters = self.votes.values("user").distinct().count() if self.pk else 0
        return {
            "question": self.question,
            "options": [
                {"number": number, "text": text, "votes": votes}
                for number, (text, votes) in enumerate(zip(self.options, counts, strict=True), start=1)
            ],
            "multiple": self.is_multiple,
            "anonymous": self.is_anonymous,
            "voters": voters,
            "closes_at": self.closes_at.isoformat().replace("+00:00", "Z") if self.closes_at else None,
            "closed": self.closed_at is not None,
        }


class PollVote(models.Model):
    """One person's word for one option."""

    poll = models.ForeignKey(Poll, on_delete=models.CASCADE, related_name="votes", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    option = models.PositiveSmallIntegerField()
    is_only = models.BooleanField()  # of a poll in which one has one vote
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("vote")
        verbose_name_plural = _("votes")
        constraints = [
            models.UniqueConstraint(fields=["poll", "option", "user"], name="poll_vote_once"),
            models.UniqueConstraint(fields=["poll", "user"], condition=Q(is_only=True), name="poll_vote_only"),
            models.CheckConstraint(condition=Q(option__gte=1, option__lte=OPTIONS_MAX), name="poll_vote_option"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} for {self.option}"
