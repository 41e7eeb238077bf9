from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import User
from notifications.services import notify
from superapp.kernel import errors, limits

from . import ledger, luck
from .models import GREETING_LENGTH_MAX, Account, Entry, RedEnvelope, Share, Transaction
from .money import format_amount


class AmountTooSmall(errors.Invalid):
    code = "amount_too_small"
    sentence = _("This amount is too small.")


class AmountTooLarge(errors.Invalid):
    code = "amount_too_large"
    sentence = _("This amount is too large.")


class NotDivisible(errors.Invalid):
    code = "not_divisible"
    sentence = _("The amount cannot be cut into so many equal shares.")


class WrongNumberOfShares(errors.Invalid):
    code = "wrong_number_of_shares"


def balance(person: User) -> int:
    """What the person holds, in minor units of the community's currency."""
    own = Account.objects.filter(kind=Account.Kind.USER, owner=person, currency=settings.CURRENCY)
    return own.values_list("balance", flat=True).first() or 0


def check_top_up(amount: int) -> None:
    _check_amount(amount, 1, settings.TOP_UP_MAX)


@ledger.atomically
def top_up(*, person: User, amount: int, key: str) -> Entry:
    """Give the person play credit from the community's funding account. The entry on their account; `replayed` when
    this key had done it before."""
    check_top_up(amount)
    limits.count("top-up", person.pk)
    posting = ledger.post(
        kind=Transaction.Kind.TOP_UP,
        actor_id=person.pk,
        key=ledger.client_key(key),
        request_hash=ledger.fingerprint("top_up", amount=amount, currency=settings.CURRENCY),
        currency=settings.CURRENCY,
        legs=[ledger.Leg.funding(-amount), ledger.Leg.person(person.pk, amount)],
    )
    entries = Entry.objects.visible_to(person).select_related("account", "transaction")
    entry = entries.get(transaction=posting.transaction_id)
    entry.replayed = posting.replayed
    return entry


@ledger.atomically
def send_red_envelope(
    *, sender: User, kind: str, amount: int, shares: int, scope: str, key: str, greeting: str = ""
) -> RedEnvelope:
    """Take `amount` (the total) from the sender, cut into shares for others to claim within the hours of the setting.
    With a key used before, the envelope made then (`replayed`)."""
    if kind not in RedEnvelope.Kind.values:
        raise errors.Invalid(errors={"kind": _("There is no such kind of red envelope.")})
    kind = RedEnvelope.Kind(kind)
    greeting = greeting.strip()
    _check_red_envelope(kind, amount, shares, greeting)
    limits.count("money", sender.pk)
    posting = ledger.post(
        kind=Transaction.Kind.RED_ENVELOPE,
        actor_id=sender.pk,
        key=ledger.client_key(key),
        request_hash=ledger.fingerprint(
            "red_envelope", kind=kind.value, amount=amount, shares=shares, greeting=greeting, scope=scope
        ),
        currency=settings.CURRENCY,
        legs=[ledger.Leg.person(sender.pk, -amount), ledger.Leg.escrow(amount)],
    )
    if posting.replayed:
        sent = RedEnvelope.objects.select_related("sender").get(transaction=posting.transaction_id)
        sent.replayed = True
        return sent
    envelope = RedEnvelope(
        sender=sender,
        kind=kind,
        amount=amount,
        currency=settings.CURRENCY,
        share_count=shares,
        share_max=settings.RED_ENVELOPE_SHARE_MAX,
        greeting=greeting,
        scope=scope,
        transaction_id=posting.transaction_id,
    )
    _put_up(envelope)
    return envelope


@ledger.atomically
def claim_red_envelope(*, claimer: User, red_envelope: RedEnvelope) -> Share:
    """Take a share: the one already taken if there is one (`replayed`). Whether the claimer may see the envelope is
    for the caller to know. Locks: call it before locking rows of your own."""
    share = ledger.claim(red_envelope_id=red_envelope.pk, person_id=claimer.pk)
    share.claimed_by = claimer
    share.envelope = red_envelope
    return share


@ledger.atomically
def refund_red_envelope(red_envelope_id: int) -> int:
    """Give back what nobody took of an expired envelope; the amount. Once, however often it is called, and beside
    people who are still claiming: a share goes either to them or back."""
    envelope = RedEnvelope.objects.filter(pk=red_envelope_id, refunded_at__isnull=True).first()
    if envelope is None or envelope.expires_at > now():
        return 0
    # Waits for claims in flight, share by share; those that were taken meanwhile drop out.
    free = list(Share.objects.free().filter(envelope=envelope).locked())
    envelope = RedEnvelope.objects.select_for_update(no_key=True, of=("self",)).get(pk=red_envelope_id)
    if envelope.refunded_at is not None:
        return 0
    amount = sum(share.amount for share in free)
    envelope.refunded_at = now()
    if amount:
        posting = ledger.post(
            kind=Transaction.Kind.REFUND,
            actor_id=None,
            key=f"refund:{envelope.pk}",
            request_hash=ledger.fingerprint("refund", red_envelope=envelope.pk),
            currency=envelope.currency,
            legs=[ledger.Leg.escrow(-amount), ledger.Leg.person(envelope.sender_id, amount)],
        )
        envelope.refund_transaction_id = posting.transaction_id
        Share.objects.filter(pk__in=[share.pk for share in free]).update(refund_transaction=posting.transaction_id)
        notify(
            recipient=envelope.sender,
            kind="red_envelope_refunded",
            actor=None,
            target=envelope,
            data={"amount": amount, "currency": envelope.currency},
        )
    envelope.save(update_fields=["refunded_at", "refund_transaction"])
    return amount


def _put_up(envelope: RedEnvelope) -> None:
    """Write the envelope with its shares, which are cut now, so that nobody decides anything later."""
    lucky = envelope.kind == RedEnvelope.Kind.LUCKY
    envelope.seed = luck.new_seed() if lucky else b""
    envelope.created_at = now()
    envelope.expires_at = envelope.created_at + timedelta(hours=settings.RED_ENVELOPE_HOURS)
    envelope.save(force_insert=True)
    amount, count = envelope.amount, envelope.share_count
    parts = [amount // count] * count
    if lucky:
        parts = luck.draw(envelope.seed, amount, count, envelope.share_max)
        envelope.commitment = luck.commit(envelope.seed, envelope.pk, amount, count, envelope.kind)
        envelope.save(update_fields=["commitment"])
    Share.objects.bulk_create(
        Share(envelope=envelope, place=place, amount=part) for place, part in enumerate(parts, start=1)
    )


def _check_red_envelope(kind: RedEnvelope.Kind, amount: int, shares: int, greeting: str) -> None:
    if type(shares) is not int or not 1 <= shares <= settings.RED_ENVELOPE_SHARES_MAX:
        sentence = ngettext(
            "A red envelope has one share.",
            "A red envelope has between 1 and %(max)s shares.",
            settings.RED_ENVELOPE_SHARES_MAX,
        )
        raise WrongNumberOfShares(errors={"shares": sentence % {"max": settings.RED_ENVELOPE_SHARES_MAX}})
    _check_amount(amount, shares, shares * settings.RED_ENVELOPE_SHARE_MAX)
    if kind == RedEnvelope.Kind.NORMAL and amount % shares:
        raise NotDivisible(errors={"amount": NotDivisible.sentence})
    if len(greeting) > GREETING_LENGTH_MAX or "\x00" in greeting:
        raise errors.Invalid(errors={"greeting": _("This greeting is too long.")})


def _check_amount(amount: int, least: int, most: int) -> None:
    if type(amount) is not int:
        raise TypeError("money is an integer of minor units")
    if amount < least:
        sentence = _("The least possible here is %(amount)s.") % {"amount": format_amount(least, settings.CURRENCY)}
        raise AmountTooSmall(sentence, errors={"amount": sentence})
    if amount > most:
        sentence = _("The most possible here is %(amount)s.") % {"amount": format_amount(most, settings.CURRENCY)}
        raise AmountTooLarge(sentence, errors={"amount": sentence})
