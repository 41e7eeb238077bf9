from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Count, F, Q, Sum, Value
from django.db.models.functions import Coalesce
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from wallet import luck

from .books import AMOUNT_MAX, Transaction

if TYPE_CHECKING:
    from accounts.models import User

GREETING_LENGTH_MAX = 60


class RedEnvelopeQuerySet(models.QuerySet["RedEnvelope"]):
    def visible_to(self, viewer: User | AnonymousUser) -> Self:
        """In the wallet: who put it up or took from it. In a chat, the chat's own rule says who may open it."""
        if not viewer.is_authenticated:
            return self.none()
        return self.filter(Q(sender=viewer) | Q(pk__in=Share.objects.filter(claimed_by=viewer).values("envelope")))

    def with_counts(self) -> Self:
        """`claimed_count` and `claimed_amount`, so that a list of envelopes costs one query."""
        claimed = Q(shares__claimed_by__isnull=False)
        return self.annotate(
            claimed_count=Count("shares", filter=claimed),
            claimed_amount=Coalesce(
                Sum("shares__amount", filter=claimed), Value(0), output_field=models.BigIntegerField()
            ),
        )

    def for_detail(self) -> Self:
        """With the sender, the shares and those who took them: three queries for any number of people."""
        return self.select_related("sender").prefetch_related(
            models.Prefetch("shares", Share.objects.select_related("claimed_by"))
        )

    def due(self, at: datetime) -> Self:
        return self.filter(expires_at__lte=at, refunded_at__isnull=True)


class RedEnvelope(models.Model):
    """Money put up for others to open, cut into shares when it is sent. `scope` names the place it was sent to, in
    the words of the app that sent it."""

    class Kind(models.TextChoices):
        NORMAL = "normal", _("Equal shares")
        LUCKY = "lucky", _("Lucky draw")

    class State(models.TextChoices):
        OPEN = "open", _("open")
        EMPTY = "empty", _("all taken")
        EXPIRED = "expired", _("expired")

    sender = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="sent_red_envelopes")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    amount = models.BigIntegerField(_("amount"))
    currency = models.CharField(_("currency"), max_length=3)
    share_count = models.PositiveSmallIntegerField(_("shares"))
    share_max = models.BigIntegerField()  # the cap the draw was made under, kept so that it can be made again
    greeting = models.CharField(_("greeting"), max_length=GREETING_LENGTH_MAX, blank=True)
    scope = models.CharField(max_length=64)
    seed = models.BinaryField(max_length=32)  # empty for equal shares; secret until the envelope has ended
    commitment = models.CharField(max_length=64, blank=True)
    transaction = models.OneToOneField(Transaction, on_delete=models.PROTECT, related_name="red_envelope")
    refund_transaction = models.OneToOneField(
        Transaction, on_delete=models.PROTECT, null=True, blank=True, related_name="refunded_red_envelope"
    )
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    refunded_at = models.DateTimeField(null=True, blank=True)  # when what nobody took, if anything, went back

    objects = RedEnvelopeQuerySet.as_manager()

    # Set on what a service returns when the request had been carried out before.
    replayed = False

    class Meta:
        verbose_name = _("red envelope")
        verbose_name_plural = _("red envelopes")
        constraints = [
            models.CheckConstraint(
                name="wallet_red_envelope_size",
                condition=Q(share_count__gte=1, share_count__lte=500, amount__gte=F("share_count"))
                & Q(amount__lte=AMOUNT_MAX),
            ),
            models.CheckConstraint(condition=Q(kind__in=["normal", "lucky"]), name="wallet_red_envelope_kind"),
            models.CheckConstraint(
                name="wallet_red_envelope_refund",
                condition=Q(refund_transaction__isnull=True) | Q(refunded_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["expires_at"], condition=Q(refunded_at__isnull=True), name="wallet_red_envelope_due"),
            models.Index(fields=["sender", "-id"], name="wallet_red_envelope_sent"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}: {self.amount} {self.currency} / {self.share_count}"

    def claimed_shares(self) -> list[Share]:
        """What has been taken, in the order of taking. Uses a prefetch of `shares` where there is one."""
        claimed = [share for share in self.shares.all() if share.claimed_at is not None]
        return sorted(claimed, key=lambda share: (share.claimed_at, share.pk))

    def state_given(self, claimed: int) -> State:
        if claimed >= self.share_count:
            return self.State.EMPTY
        if self.refunded_at is not None or self.expires_at <= now():
            return self.State.EXPIRED
        return self.State.OPEN

    @property
    def state(self) -> State:
        claimed = getattr(self, "claimed_count", None)
        return self.state_given(len(self.claimed_shares()) if claimed is None else claimed)

    def has_ended(self) -> bool:
        """Nothing more will be drawn from it: the seed of the draw may be shown."""
        return self.refunded_at is not None or self.state == self.State.EMPTY

    def revealed_seed(self) -> str | None:
        """The seed of a lucky draw in hexadecimal, once it gives nothing away."""
        return bytes(self.seed).hex() if self.seed and self.has_ended() else None

    def draw_agrees(self) -> bool | None:
        """Do the shares come from the seed that was committed to? None while the seed is secret."""
        if self.revealed_seed() is None:
            return None
        parts = [share.amount for share in sorted(self.shares.all(), key=lambda share: share.place)]
        return luck.verify(
            seed=bytes(self.seed),
            commitment=self.commitment,
            envelope_id=self.pk,
            kind=self.kind,
            parts=parts,
            share_max=self.share_max,
        )

    def claimed_total(self) -> int:
        return sum(share.amount for share in self.claimed_shares())

    def share_of(self, person: User) -> Share | None:
        return next((share for share in self.claimed_shares() if share.claimed_by_id == person.pk), None)

    def best_luck(self) -> Share | None:
        """The largest share of a lucky draw (the earliest of equals), known only when all are taken."""
        claimed = self.claimed_shares()
        if self.kind != self.Kind.LUCKY or len(claimed) < self.share_count or self.share_count < 2:
            return None
        return max(claimed, key=lambda share: share.amount)


class ShareQuerySet(models.QuerySet["Share"]):
    def free(self) -> Self:
        return self.filter(claimed_by__isnull=True, refund_transaction__isnull=True)

    def claimed(self) -> Self:
        return self.filter(claimed_by__isnull=False)

    def locked(self) -> Self:
        return self.select_for_update(no_key=True, of=("self",)).order_by("pk")


class Share(models.Model):
    """One part of a red envelope. It ends in one of two ways: a person takes it, or it goes back to the sender."""

    envelope = models.ForeignKey(RedEnvelope, on_delete=models.PROTECT, related_name="shares", db_index=False)
    place = models.PositiveSmallIntegerField()
    amount = models.BigIntegerField()
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="red_envelope_shares"
    )
    claimed_at = models.DateTimeField(null=True, blank=True)
    claim_transaction = models.OneToOneField(
        Transaction, on_delete=models.PROTECT, null=True, blank=True, related_name="claimed_share"
    )
    refund_transaction = models.ForeignKey(
        Transaction, on_delete=models.PROTECT, null=True, blank=True, related_name="refunded_shares"
    )

    objects = ShareQuerySet.as_manager()

    # Set on what a service returns when this share had been taken before.
    replayed = False

    class Meta:
        verbose_name = _("share")
        verbose_name_plural = _("shares")
        constraints = [
            models.UniqueConstraint(fields=["envelope", "place"], name="wallet_share_place"),
            models.UniqueConstraint(
                fields=["envelope", "claimed_by"], condition=Q(claimed_by__isnull=False), name="wallet_share_one_each"
            ),
            models.CheckConstraint(condition=Q(amount__gte=1, amount__lte=AMOUNT_MAX), name="wallet_share_amount"),
            models.CheckConstraint(
                name="wallet_share_claim",
                condition=Q(claimed_by__isnull=True, claimed_at__isnull=True, claim_transaction__isnull=True)
                | Q(
                    claimed_by__isnull=False,
                    claimed_at__isnull=False,
                    claim_transaction__isnull=False,
                    refund_transaction__isnull=True,
                ),
            ),
        ]
        indexes = [
            models.Index(
                fields=["envelope", "id"],
                condition=Q(claimed_by__isnull=True, refund_transaction__isnull=True),
                name="wallet_share_free",
            )
        ]

    def __str__(self) -> str:
        return f"{self.envelope_id}/{self.place}: {self.amount}"
