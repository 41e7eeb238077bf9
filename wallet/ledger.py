"""The only writer of money.

Everything is a posting: legs that sum to zero, under a key that makes it happen once. On PostgreSQL a posting (or a
claim) is one call of a function in `sql/postgresql.sql`; on SQLite the same steps are taken here, alone in the
database, because write transactions queue there. Both refuse without leaving a trace, so callers may nest
transactions as they like. The triggers in `sql/` move the balances.

Locks are always taken in the order share, accounts by id. Callers that lock rows of their own do so after.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from hashlib import sha256
from typing import Any, ParamSpec, TypeVar

from django.db import OperationalError, connection, transaction
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from superapp.kernel import errors

from .models import Account, Entry, RedEnvelope, Share, Transaction

P = ParamSpec("P")
R = TypeVar("R")

SERIALIZATION_FAILURE, DEADLOCK, LOCK_TIMEOUT = "40001", "40P01", "55P03"


class InsufficientFunds(errors.Conflict):
    """409 and not 402: the state of the account does not allow it, and nothing has to be paid to this server."""

    code = "insufficient_funds"
    sentence = _("Your balance is too low for this.")


class AccountFrozen(errors.Forbidden):
    code = "account_frozen"
    sentence = _("This wallet is frozen. Nothing can be paid from it until it has been looked into.")


class IdempotencyMismatch(errors.Refused):
    code = "idempotency_mismatch"
    sentence = _("This key was used before, for another request.")
    status = 422


class InProgress(errors.Conflict):
    code = "in_progress"
    sentence = _("This is still being worked on. Please try again in a moment.")


class RedEnvelopeEmpty(errors.Conflict):
    code = "red_envelope_empty"
    sentence = _("Too late: all shares have been taken.")


class RedEnvelopeExpired(errors.Conflict):
    code = "red_envelope_expired"
    sentence = _("This red envelope has expired.")


@dataclass(frozen=True, slots=True)
class Leg:
    """What one account gains (positive) or gives (negative). Accounts are made when they are first needed."""

    kind: Account.Kind
    owner_id: int | None
    amount: int

    @classmethod
    def person(cls, person_id: int, amount: int) -> Leg:
        return cls(Account.Kind.USER, person_id, amount)

    @classmethod
    def escrow(cls, amount: int) -> Leg:
        return cls(Account.Kind.ESCROW, None, amount)

    @classmethod
    def funding(cls, amount: int) -> Leg:
        return cls(Account.Kind.FUNDING, None, amount)


@dataclass(frozen=True, slots=True)
class Posting:
    """A transaction that stands in the books. `replayed`: it stood there before this request."""

    transaction_id: int
    replayed: bool


def client_key(key: str) -> str:
    """A key chosen by a client, kept apart from the ledger's own keys."""
    return f"request:{key}"


def fingerprint(verb: str, /, **body: str | int) -> bytes:
    """The same request gives the same bytes; any other request gives others."""
    return sha256(json.dumps([verb, body], sort_keys=True, separators=(",", ":")).encode()).digest()


def atomically(service: Callable[P, R]) -> Callable[P, R]:
    """`transaction.atomic`; outermost, it is run again (3 times at most) when the database undid it because of a
    deadlock. A lock that is not granted in time is a refusal."""

    @wraps(service)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        attempts = 1 if connection.in_atomic_block else 3
        while True:
            attempts -= 1
            try:
                with transaction.atomic():
                    return service(*args, **kwargs)
            except OperationalError as error:
                state = getattr(error.__cause__, "sqlstate", None)
                if state == LOCK_TIMEOUT:
                    raise InProgress() from error
                if attempts == 0 or state not in {SERIALIZATION_FAILURE, DEADLOCK}:
                    raise

    return run


def post(
    *, kind: Transaction.Kind, actor_id: int | None, key: str, request_hash: bytes, currency: str, legs: Sequence[Leg]
) -> Posting:
    """Put a transaction into the books, once for each actor and key. In the caller's transaction."""
    _insist_on_transaction()
    if len(legs) < 2 or sum(leg.amount for leg in legs) != 0 or not all(type(leg.amount) is int for leg in legs):
        raise ValueError("the legs of a posting are integers that sum to zero")
    if connection.vendor == "postgresql":
        outcome, transaction_id = _call(
            "wallet_post",
            kind.value,
            actor_id,
            key,
            request_hash,
            currency,
            [leg.kind.value for leg in legs],
            [leg.owner_id for leg in legs],
            [leg.amount for leg in legs],
        )
    else:
        outcome, transaction_id = _post_alone(
            kind=kind, actor_id=actor_id, key=key, request_hash=request_hash, currency=currency, legs=legs
        )
    if outcome in _REFUSALS:
        raise _REFUSALS[outcome]()
    return Posting(transaction_id, replayed=outcome == "replayed")


def claim(*, red_envelope_id: int, person_id: int) -> Share:
    """Give the person a free share: theirs already if they have one (`replayed`), else the first that nobody is just
    taking. Only when all that is left is in other hands does it wait for those."""
    _insist_on_transaction()
    key = f"grab:{red_envelope_id}:{person_id}"
    request_hash = fingerprint("claim", red_envelope=red_envelope_id)
    if connection.vendor == "postgresql":
        outcome, *row = _call("wallet_claim", red_envelope_id, person_id, key, request_hash)
        if outcome in _REFUSALS:
            raise _REFUSALS[outcome]()
        share = _share(red_envelope_id, person_id, row)
    else:
        outcome, share = _claim_alone(red_envelope_id, person_id, key, request_hash)
    share.replayed = outcome == "replayed"
    return share


def _insist_on_transaction() -> None:
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("money moves inside the transaction of a service")


_REFUSALS: dict[str, type[errors.Refused]] = {
    "mismatch": IdempotencyMismatch,
    "insufficient": InsufficientFunds,
    "frozen": AccountFrozen,
    "empty": RedEnvelopeEmpty,
    "expired": RedEnvelopeExpired,
    "missing": errors.NotFound,
}


def _call(function: str, *arguments: Any) -> tuple:  # type: ignore[type-arg]
    places = ", ".join(["%s"] * len(arguments))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {function}({places})", arguments)  # noqa: S608
        return cursor.fetchone()


def _share(red_envelope_id: int, person_id: int, row: Sequence[object]) -> Share:
    fields = ["id", "place", "amount", "claimed_at", "claim_transaction_id"]
    share = Share(envelope_id=red_envelope_id, claimed_by_id=person_id, **dict(zip(fields, row, strict=True)))
    share._state.adding = False
    share._state.db = connection.alias
    return share


# --- SQLite: the same steps, with the database to oneself ----------------------------------------------------------


def _post_alone(
    *, kind: Transaction.Kind, actor_id: int | None, key: str, request_hash: bytes, currency: str, legs: Sequence[Leg]
) -> tuple[str, int]:
    known = Transaction.objects.filter(actor_id=actor_id, key=key).values_list("pk", "request_hash").first()
    if known:
        return ("replayed" if bytes(known[1]) == request_hash else "mismatch"), known[0]
    accounts = [_account(leg, currency) for leg in legs]
    for leg, account in zip(legs, accounts, strict=True):
        if leg.amount < 0 and account.frozen:
            return "frozen", 0
        if account.balance is not None and account.balance + leg.amount < 0:
            return "insufficient", 0
    header = Transaction(kind=kind, actor_id=actor_id, key=key, request_hash=request_hash, created_at=now())
    return "posted", _write(header, legs, accounts)


def _claim_alone(red_envelope_id: int, person_id: int, key: str, request_hash: bytes) -> tuple[str, Share]:
    envelope = RedEnvelope.objects.filter(pk=red_envelope_id).only("currency", "expires_at").first()
    if envelope is None:
        raise errors.NotFound()
    mine = Share.objects.filter(envelope=envelope, claimed_by_id=person_id).first()
    if mine is not None:
        return "replayed", mine
    free = Share.objects.free().filter(envelope=envelope).order_by("pk").first()
    moment = now()
    if free is None and not envelope.shares.filter(refund_transaction__isnull=False).exists():
        raise RedEnvelopeEmpty()
    if free is None or envelope.expires_at <= moment:
        raise RedEnvelopeExpired()
    legs = [Leg.escrow(-free.amount), Leg.person(person_id, free.amount)]
    accounts = [_account(leg, envelope.currency) for leg in legs]
    header = Transaction(
        kind=Transaction.Kind.CLAIM, actor_id=person_id, key=key, request_hash=request_hash, created_at=moment
    )
    free.claim_transaction_id = _write(header, legs, accounts)
    free.claimed_by_id = person_id
    free.claimed_at = moment
    free.save(update_fields=["claim_transaction", "claimed_by", "claimed_at"])
    return "claimed", free


def _account(leg: Leg, currency: str) -> Account:
    account, _made = Account.objects.get_or_create(
        kind=leg.kind,
        owner_id=leg.owner_id,
        currency=currency,
        defaults={"balance": 0 if leg.kind == Account.Kind.USER else None},
    )
    return account


def _write(header: Transaction, legs: Sequence[Leg], accounts: Sequence[Account]) -> int:
    header.legs = len(legs)
    header.save(force_insert=True)
    Entry.objects.bulk_create(
        Entry(
            transaction=header,
            account=account,
            amount=leg.amount,
            balance_after=None if account.balance is None else account.balance + leg.amount,
        )
        for leg, account in zip(legs, accounts, strict=True)
    )
    return header.pk


@contextmanager
def snapshot() -> Iterator[None]:
    """One unchanging view of the books for reading much, without keeping writers waiting. Inside a transaction, that
    transaction's own view."""
    if connection.in_atomic_block:
        yield
        return
    start = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY" if connection.vendor == "postgresql" else "BEGIN"
    with connection.cursor() as cursor:
        cursor.execute(start)
        try:
            if connection.vendor == "postgresql":
                cursor.execute("SET LOCAL statement_timeout = 0")
            yield
        finally:
            cursor.execute("ROLLBACK")
