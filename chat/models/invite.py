from __future__ import annotations

import secrets
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User

from .member import Member


def new_token() -> str:
    """192 bits, in letters that an address takes as they are."""
    return secrets.token_urlsafe(24)


def _seat_of(user: User | OuterRef) -> models.QuerySet[Member]:
    return Member.objects.active().filter(conversation=OuterRef("conversation"), user=user)


class InviteQuerySet(models.QuerySet["Invite"]):
    def visible_to(self, viewer: User | AnonymousUser) -> Self:
        """One's own, while one is in the group; the owner and the admins see everybody's."""
        if not viewer.is_authenticated:
            return self.none()
        seat = _seat_of(viewer)
        return self.filter(Exists(seat.filter(role__in=Member.MANAGERS)) | (Q(created_by=viewer) & Exists(seat)))

    def unspent(self) -> Self:
        """Neither revoked, nor over, nor used up."""
        return self.filter(
            Q(expires_at__isnull=True) | Q(expires_at__gt=Now()),
            Q(max_uses__isnull=True) | Q(uses__lt=F("max_uses")),
            revoked_at__isnull=True,
        )

    def open_to(self, visitor: User | AnonymousUser) -> Self:
        """Those that would let this visitor in: who made it may still invite, and has no block with the visitor."""
        if not visitor.is_authenticated:
            return self.none()
        maker_may = _seat_of(OuterRef("created_by")).filter(
            Q(conversation__only_admins_invite=False) | Q(role__in=Member.MANAGERS)
        )
        unblocked = User.objects.active().not_blocked_with(visitor).filter(pk=OuterRef("created_by"))
        return self.unspent().filter(Exists(maker_may), Exists(unblocked), conversation__dissolved_at__isnull=True)


class Invite(models.Model):
    """A link by which people come into a group. Whoever holds the token may use it, so it is not to be guessed."""

    conversation = models.ForeignKey("chat.Conversation", on_delete=models.CASCADE, related_name="invites")
    token = models.CharField(max_length=43, unique=True, default=new_token, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField(_("works until"), null=True, blank=True)
    max_uses = models.PositiveIntegerField(_("how many people may use it"), null=True, blank=True)
    uses = models.PositiveIntegerField(default=0)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = InviteQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation link")
        verbose_name_plural = _("invitation links")
        constraints = [
            models.CheckConstraint(
                condition=Q(max_uses__isnull=True) | Q(max_uses__gte=1, uses__lte=F("max_uses")), name="invite_uses"
            )
        ]

    def __str__(self) -> str:
        return f"{self.conversation_id}/{self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("chat:join", args=[self.token])
