from __future__ import annotations

from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import User

from .member import Member

GREETING_LENGTH_MAX = 100


class AdmissionQuerySet(models.QuerySet["Admission"]):
    def invited(self, viewer: User | AnonymousUser) -> Self:
        """Invitations that wait for the viewer's own answer."""
        if not viewer.is_authenticated:
            return self.none()
        inviter = User.objects.active().not_blocked_with(viewer).filter(pk=OuterRef("invited_by"))
        return self.filter(
            Exists(inviter), state=Admission.State.INVITED, user=viewer, conversation__dissolved_at__isnull=True
        )

    def waiting(self) -> Self:
        """For the admins of their groups."""
        return self.filter(state=Admission.State.ASKING, user__is_active=True, conversation__dissolved_at__isnull=True)

    def for_managers(self, viewer: User | AnonymousUser) -> Self:
        """What the viewer, as owner or admin, may answer."""
        if not viewer.is_authenticated:
            return self.none()
        seat = Member.objects.active().filter(
            conversation=OuterRef("conversation"), user=viewer, role__in=Member.MANAGERS
        )
        return self.waiting().filter(Exists(seat))


class Admission(models.Model):
    """A person on the way into a group: invited, who is still to agree; or asking, whom the admins are still to let in.
    One who is invited by a member where new people need approval goes through both."""

    class State(models.TextChoices):
        INVITED = "invited", _("invited")
        ASKING = "asking", _("asking to join")
        JOINED = "joined", _("joined")
        DECLINED = "declined", _("declined")

    conversation = models.ForeignKey("chat.Conversation", on_delete=models.CASCADE, related_name="admissions")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="admissions")
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    greeting = models.CharField(_("greeting"), max_length=GREETING_LENGTH_MAX, blank=True)
    state = models.CharField(max_length=8, choices=State)
    created_at = models.DateTimeField(db_default=Now())
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )

    objects = AdmissionQuerySet.as_manager()

    class Meta:
        verbose_name = _("admission")
        verbose_name_plural = _("admissions")
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "user"], condition=Q(state__in=["invited", "asking"]), name="admission_one_open"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["invited", "asking", "joined", "declined"]), name="admission_state"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} → {self.conversation_id}: {self.state}"
