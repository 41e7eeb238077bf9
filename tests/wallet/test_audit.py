"""The proof of the books finds what is wrong with them, each kind by its name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from accounts.models import User
from tests import make
from wallet import audit, guards
from wallet.models import Account, Entry, RedEnvelope, Share, Transaction
from wallet.services import claim_red_envelope, refund_red_envelope
from wallet.tasks import verify_ledger

pytestmark = [pytest.mark.django_db, pytest.mark.spoils_the_books]


@pytest.fixture
def books(alice: User, charlie: User, dora: User) -> None:
    """Three people, an envelope half taken, one gone back in part, one taken whole."""
    half = make.red_envelope(alice)
    gone = make.red_envelope(charlie)
    whole = make.red_envelope(dora, amount=50, shares=2)
    for envelope in (half, gone, whole):
        for person in (alice, charlie):
            claim_red_envelope(claimer=person, red_envelope=envelope)
    refund_red_envelope(make.expire(gone).pk)
    assert found() == set()


def found() -> set[str]:
    return {finding.check for finding in audit.findings()}


@contextmanager
def burglary() -> Iterator[None]:
    """The guards are down, and up again when the thief has gone."""
    if connection.vendor == "postgresql":
        sql("SET CONSTRAINTS ALL IMMEDIATE")
    guards.remove(connection)
    yield
    guards.install(connection)


def sql(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def a_claim() -> Share:
    return Share.objects.claimed().filter(envelope__refund_transaction__isnull=True).order_by("pk").first()


def half_taken() -> RedEnvelope:
    return RedEnvelope.objects.filter(shares__in=Share.objects.free()).first()


def steal_by_balance() -> None:
    account = Account.objects.filter(kind="user").earliest("pk")
    Account.objects.filter(pk=account.pk).update(balance=account.balance + 100)


def delete_one_leg() -> None:
    Entry.objects.filter(transaction__kind="top_up", account__kind="user").order_by("-pk").first().delete()


def raise_both_legs() -> None:
    top_up = Transaction.objects.filter(kind="top_up").first()
    top_up.entries.filter(amount__gt=0).update(amount=99_999)
    top_up.entries.filter(amount__lt=0).update(amount=-99_999)


def rewrite_a_history() -> None:
    entry = Entry.objects.filter(account__kind="user").order_by("pk").first()
    Entry.objects.filter(pk=entry.pk).update(balance_after=entry.balance_after + 1)


def shift_money_between_people() -> None:
    one, other = Account.objects.filter(kind="user").order_by("pk")[:2]
    Account.objects.filter(pk=one.pk).update(balance=one.balance - 1)
    Account.objects.filter(pk=other.pk).update(balance=other.balance + 1)


def empty_a_transaction() -> None:
    Entry.objects.filter(transaction=Transaction.objects.filter(kind="top_up").first()).delete()


def add_a_leg() -> None:
    top_up = Transaction.objects.filter(kind="top_up").first()
    escrow = Account.objects.get(kind="escrow")
    Entry.objects.create(transaction=top_up, account=escrow, amount=5)


def release_a_claimed_share() -> None:
    share = a_claim()
    Share.objects.filter(pk=share.pk).update(claimed_by=None, claimed_at=None, claim_transaction=None)


def give_a_share_to_another() -> None:
    Share.objects.filter(pk=a_claim().pk).update(claimed_by=User.objects.get(handle="dora"))


def raise_a_claimed_share() -> None:
    share = a_claim()
    Share.objects.filter(pk=share.pk).update(amount=share.amount + 1)


def delete_a_free_share() -> None:
    Share.objects.filter(pk=Share.objects.free().first().pk).delete()


def swap_two_free_shares() -> None:
    free = Share.objects.free().filter(envelope=half_taken()).order_by("pk")
    low, high = sorted(free, key=lambda share: share.amount)[:: len(free) - 1]
    Share.objects.filter(pk=low.pk).update(amount=low.amount + 1)
    Share.objects.filter(pk=high.pk).update(amount=high.amount - 1)


def replace_the_seed() -> None:
    RedEnvelope.objects.filter(pk=half_taken().pk).update(seed=bytes(32))


def raise_an_envelope() -> None:
    RedEnvelope.objects.filter(pk=half_taken().pk).update(amount=2000)


def change_the_sender() -> None:
    RedEnvelope.objects.filter(pk=half_taken().pk).update(sender=User.objects.get(handle="dora"))


def forget_a_refund() -> None:
    RedEnvelope.objects.filter(refund_transaction__isnull=False).update(refund_transaction=None)


def refund_without_money() -> None:
    refund = Transaction.objects.get(kind="refund")
    Share.objects.filter(pk=Share.objects.free().first().pk).update(refund_transaction=refund)


def overdue() -> None:
    from datetime import timedelta

    from django.utils.timezone import now

    RedEnvelope.objects.filter(pk=half_taken().pk).update(expires_at=now() - timedelta(minutes=11))


def give_escrow_a_balance_of_its_own() -> None:
    constraint = next(one for one in Account._meta.constraints if one.name == "wallet_account_shape")
    if connection.vendor == "postgresql":
        sql(f"ALTER TABLE wallet_account DROP CONSTRAINT {constraint.name}")
    else:
        sql("PRAGMA ignore_check_constraints = ON")
    try:
        Account.objects.filter(kind="escrow").update(balance=0)
    finally:
        if connection.vendor == "sqlite":
            sql("PRAGMA ignore_check_constraints = OFF")


CRIMES = {
    steal_by_balance: {"balance_drift"},
    shift_money_between_people: {"balance_drift"},
    delete_one_leg: {"transaction_not_whole", "balance_drift"},
    raise_both_legs: {"balance_drift", "balance_chain"},
    rewrite_a_history: {"balance_chain"},
    empty_a_transaction: {"transaction_not_whole"},
    add_a_leg: {"transaction_not_whole", "escrow_drift"},
    release_a_claimed_share: {"escrow_drift", "transaction_without_reason"},
    give_a_share_to_another: {"share_paid_wrongly"},
    raise_a_claimed_share: {"red_envelope_shares", "share_paid_wrongly"},
    delete_a_free_share: {"red_envelope_shares", "escrow_drift"},
    swap_two_free_shares: {"draw_differs"},
    replace_the_seed: {"draw_differs"},
    raise_an_envelope: {"red_envelope_shares", "red_envelope_not_paid"},
    change_the_sender: {"red_envelope_not_paid"},
    forget_a_refund: {"refund_wrong", "transaction_without_reason"},
    refund_without_money: {"refund_wrong", "escrow_drift"},
    overdue: {"refund_overdue"},
    give_escrow_a_balance_of_its_own: {"account_shape"},
}


@pytest.mark.covers("G6")
@pytest.mark.parametrize("crime", CRIMES, ids=lambda crime: crime.__name__)
def test_it_is_found(books: None, crime) -> None:
    with burglary():
        crime()
    assert CRIMES[crime] <= found()


@pytest.mark.covers("G6")
def test_a_guard_that_is_missing_is_found(books: None) -> None:
    if connection.vendor == "postgresql":
        sql("SET CONSTRAINTS ALL IMMEDIATE")
        sql("ALTER TABLE wallet_entry DISABLE TRIGGER wallet_entry_update")
    else:
        sql("DROP TRIGGER wallet_entry_update")
    assert found() == {"guard_missing"}


def test_the_command_is_content_with_good_books(books: None) -> None:
    out = StringIO()
    call_command("verify_ledger", stdout=out)
    assert "agree" in out.getvalue()


@pytest.mark.covers("G6")
def test_the_command_fails_and_names_what_is_wrong(books: None) -> None:
    with burglary():
        steal_by_balance()
    err = StringIO()
    with pytest.raises(SystemExit) as exit_code:
        call_command("verify_ledger", stderr=err)
    assert exit_code.value.code == 1
    assert "balance_drift" in err.getvalue()


@pytest.mark.covers("G6")
def test_the_hourly_task_raises_the_alarm_and_changes_nothing(books: None, caplog) -> None:
    verify_ledger()
    assert caplog.records == []
    with burglary():
        steal_by_balance()
    before = list(Account.objects.order_by("pk").values_list())
    verify_ledger()
    assert {record.levelname for record in caplog.records} == {"ERROR", "CRITICAL"}
    assert list(Account.objects.order_by("pk").values_list()) == before
