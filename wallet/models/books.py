"""Money, kept in double entry: integer minor units, signed entries that sum to zero in each transaction.

Only `wallet.ledger` writes accounts, transactions and entries. The database refuses what breaks the rules, by the
constraints below and the triggers in `wallet/sql/`.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q, Sum, Value
from django.db.models.functions import Coalesce
from django.utils.timezone import make_aware
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from accounts.models import User

    from .red_envelope import RedEnvelope

# Bounds that keep every sum inside 64 bits. No single posting and no balance comes near them.
AMOUNT_MAX = 10**15
BALANCE_MAX = 10**17


class Account(models.Model):
    """Where money stands. People's accounts keep a running balance and never go below zero; the house's accounts
    (escrow, funding) keep none, so that nobody waits for them: theirs is the sum of their entries."""

    class Kind(models.TextChoices):
        USER = "user", _("person")
        ESCROW = "escrow", _("escrow")
        FUNDING = "funding", _("funding")

    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="money_accounts"
    )
    currency = models.CharField(_("currency"), max_length=3)
    balance = models.BigIntegerField(_("balance"), null=True, blank=True)
    frozen = models.BooleanField(_("frozen"), default=False)

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        constraints = [
            models.CheckConstraint(
                name="wallet_account_shape",
                condition=Q(kind="user", owner__isnull=False, balance__gte=0, balance__lte=BALANCE_MAX)
                | Q(kind__in=["escrow", "funding"], owner__isnull=True, balance__isnull=True),
            ),
            models.UniqueConstraint(fields=["owner", "currency"], condition=Q(kind="user"), name="wallet_account_own"),
            models.UniqueConstraint(
                fields=["kind", "currency"], condition=Q(owner__isnull=True), name="wallet_account_house"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.owner_id or ''} {self.currency}"


class Transaction(models.Model):
    """One posting. `key` makes it happen once: unique for the actor, or among the system's own (no actor)."""

    class Kind(models.TextChoices):
        TOP_UP = "top_up", _("Top-up")
        RED_ENVELOPE = "red_envelope", _("Red envelope sent")
        CLAIM = "claim", _("Red envelope received")
        REFUND = "refund", _("Red envelope refunded")

    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    key = models.CharField(max_length=300)
    request_hash = models.BinaryField(max_length=32)
    legs = models.PositiveSmallIntegerField()
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("transaction")
        verbose_name_plural = _("transactions")
        constraints = [
            models.UniqueConstraint(fields=["actor", "key"], name="wallet_transaction_key"),
            models.UniqueConstraint(
                fields=["key"], condition=Q(actor__isnull=True), name="wallet_transaction_system_key"
            ),
            models.CheckConstraint(condition=Q(legs__gte=2), name="wallet_transaction_legs"),
            models.CheckConstraint(
                condition=Q(kind__in=["top_up", "red_envelope", "claim", "refund"]), name="wallet_transaction_kind"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


def _midnight(day: date) -> datetime:
    return make_aware(datetime.combine(day, time.min))


def _sum(condition: Q) -> Coalesce:
    return Coalesce(Sum("amount", filter=condition), Value(0), output_field=models.BigIntegerField())


class EntryQuerySet(models.QuerySet["Entry"]):
    def visible_to(self, viewer: User | AnonymousUser) -> Self:
        """A person's bills are their own. Nobody else's eyes."""
        if not viewer.is_authenticated:
            return self.none()
        return self.filter(account__owner=viewer, account__kind=Account.Kind.USER)

    def before(self, day: date) -> Self:
        return self.filter(transaction__created_at__lt=_midnight(day))

    def of_month(self, first: date) -> Self:
        """The month that begins on `first`, in the current time zone."""
        after = (first + timedelta(days=31)).replace(day=1)
        return self.before(after).filter(transaction__created_at__gte=_midnight(first))

    def totals(self) -> dict[str, int]:
        """What came in and went out, and what of it was red envelopes (sent is without what came back)."""
        kind = Transaction.Kind
        envelopes = Q(transaction__kind=kind.RED_ENVELOPE) | Q(transaction__kind=kind.REFUND)
        return self.aggregate(
            received=_sum(Q(amount__gt=0)),
            spent=-_sum(Q(amount__lt=0)),
            red_envelopes_sent=-_sum(envelopes),
            red_envelopes_received=_sum(Q(transaction__kind=kind.CLAIM)),
        )

    def with_story(self) -> Self:
        """What a bill is told with: the transaction, and the red envelope behind it."""
        return self.select_related(
            "account",
            "transaction__red_envelope",
            "transaction__claimed_share__envelope__sender",
            "transaction__refunded_red_envelope",
        )


class Entry(models.Model):
    """One leg of a transaction: what one account gained (positive) or gave (negative)."""

    transaction = models.ForeignKey(Transaction, on_delete=models.PROTECT, related_name="entries", db_index=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="entries", db_index=False)
    amount = models.BigIntegerField()
    balance_after = models.BigIntegerField(null=True, blank=True)

    objects = EntryQuerySet.as_manager()

    # Set on what a service returns when the request had been carried out before.
    replayed = False

    class Meta:
        verbose_name = _("entry")
        verbose_name_plural = _("entries")
        constraints = [
            models.UniqueConstraint(fields=["transaction", "account"], name="wallet_entry_once"),
            models.CheckConstraint(
                condition=~Q(amount=0) & Q(amount__gte=-AMOUNT_MAX, amount__lte=AMOUNT_MAX), name="wallet_entry_amount"
            ),
        ]
        indexes = [models.Index(fields=["account", "id"], name="wallet_entry_account")]

    def __str__(self) -> str:
        return f"{self.amount:+d} → {self.account_id}"

    @property
    def red_envelope(self) -> RedEnvelope | None:
        """The red envelope this money went into or came out of."""
        transaction = self.transaction
        match transaction.kind:
            case Transaction.Kind.CLAIM:
                return transaction.claimed_share.envelope
            case Transaction.Kind.RED_ENVELOPE:
                return transaction.red_envelope
            case Transaction.Kind.REFUND:
                return transaction.refunded_red_envelope
            case _:
                return None
