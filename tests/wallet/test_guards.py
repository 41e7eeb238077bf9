"""The database refuses by itself what would make or lose money: plain SQL, no Python in between."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from accounts.models import User
from tests import make
from wallet import guards
from wallet.models import Account, Entry, RedEnvelope, Share, Transaction
from wallet.services import balance, claim_red_envelope, refund_red_envelope, send_red_envelope

pytestmark = pytest.mark.django_db


@pytest.fixture
def books(alice: User, bob: User) -> dict[str, int]:
    """Alice has sent one envelope, Bob has taken a share of it; another one has gone back to her."""
    envelope = make.red_envelope(alice)
    share = claim_red_envelope(claimer=bob, red_envelope=envelope)
    gone = make.expire(make.red_envelope(alice, amount=70, shares=7))
    refund_red_envelope(gone.pk)
    make.funds(alice, 5000)
    return {
        "alice": Account.objects.get(owner=alice).pk,
        "bob": Account.objects.get(owner=bob).pk,
        "escrow": Account.objects.get(kind="escrow").pk,
        "funding": Account.objects.get(kind="funding").pk,
        "person": bob.pk,
        "sender": alice.pk,
        "transaction": share.claim_transaction_id,
        "top_up": Transaction.objects.filter(kind="top_up").latest("pk").pk,
        "refund": Transaction.objects.get(kind="refund").pk,
        "entry": Entry.objects.filter(account__owner=bob).get().pk,
        "envelope": envelope.pk,
        "gone": gone.pk,
        "share": share.pk,
        "free": Share.objects.free().first().pk,
        "other_free": Share.objects.free().last().pk,
        "returned": gone.shares.first().pk,
    }


def statements(sql: str, values: dict[str, int]) -> None:
    with connection.cursor() as cursor:
        for statement in sql.split(";"):
            if statement.strip():
                cursor.execute(statement.format(**values))


def counted() -> tuple[object, ...]:
    return (
        list(Account.objects.order_by("pk").values_list()),
        list(Transaction.objects.order_by("pk").values_list("pk", "kind", "key", "legs")),
        list(Entry.objects.order_by("pk").values_list()),
        list(
            RedEnvelope.objects.order_by("pk").values_list("pk", "amount", "share_count", "commitment", "refunded_at")
        ),
        list(Share.objects.order_by("pk").values_list()),
    )


NEW_TRANSACTION = (
    "INSERT INTO wallet_transaction (id, kind, actor_id, key, request_hash, legs, created_at)"
    " VALUES (900001, '{kind}', NULL, 'forged', '', {legs}, CURRENT_TIMESTAMP);"
)
NEW_ENTRIES = "INSERT INTO wallet_entry (transaction_id, account_id, amount, balance_after) VALUES "


def forged(kind: str, *legs: str) -> str:
    header = NEW_TRANSACTION.replace("{kind}", kind).replace("{legs}", str(max(2, len(legs))))
    return header + NEW_ENTRIES + ", ".join(f"(900001, {leg})" for leg in legs)


BOB_AFTER = "(SELECT balance FROM wallet_account WHERE id = {bob})"

CORRUPTIONS = {
    "a balance is raised": "UPDATE wallet_account SET balance = balance + 100000 WHERE id = {bob}",
    "a balance is emptied": "UPDATE wallet_account SET balance = 0 WHERE id = {alice}",
    "escrow is given a balance": "UPDATE wallet_account SET balance = 5 WHERE id = {escrow}",
    "an account changes hands": "UPDATE wallet_account SET owner_id = {person} WHERE id = {alice}",
    "a person's account becomes the house's": (
        "UPDATE wallet_account SET kind = 'funding', owner_id = NULL, balance = NULL WHERE id = {bob}"
    ),
    "an account changes its currency": "UPDATE wallet_account SET currency = 'XXX' WHERE id = {bob}",
    "an account is born rich": (
        "INSERT INTO wallet_account (kind, owner_id, currency, balance, frozen)"
        " VALUES ('user', {person}, 'USD', 100, FALSE)"
    ),
    "an account is deleted": "DELETE FROM wallet_account WHERE id = {bob}",
    "a transaction is rewritten": "UPDATE wallet_transaction SET kind = 'top_up' WHERE id = {transaction}",
    "a transaction is deleted": "DELETE FROM wallet_transaction WHERE id = {transaction}",
    "a key is freed": "UPDATE wallet_transaction SET key = 'other' WHERE id = {top_up}",
    "an entry is raised": "UPDATE wallet_entry SET amount = amount + 1 WHERE id = {entry}",
    "an entry is moved": "UPDATE wallet_entry SET account_id = {alice} WHERE id = {entry}",
    "a history is rewritten": "UPDATE wallet_entry SET balance_after = balance_after + 1 WHERE id = {entry}",
    "an entry is deleted": "DELETE FROM wallet_entry WHERE id = {entry}",
    "all entries are deleted": "DELETE FROM wallet_entry",
    "an entry is added to a transaction that is closed": (
        NEW_ENTRIES + "({transaction}, {alice}, 100, (SELECT balance + 100 FROM wallet_account WHERE id = {alice}))"
    ),
    "a balanced pair is added to a transaction that is closed": (
        NEW_ENTRIES + "({top_up}, {bob}, 100, " + BOB_AFTER + " + 100), ({top_up}, {escrow}, -100, NULL)"
    ),
    "entries do not sum to zero": forged("top_up", "{bob}, 100, " + BOB_AFTER + " + 100", "{funding}, -99, NULL"),
    "an entry of nothing": forged("top_up", "{bob}, 0, " + BOB_AFTER, "{funding}, 0, NULL"),
    "a balance goes below zero": forged(
        "claim", "{bob}, -100000, " + BOB_AFTER + " - 100000", "{escrow}, 100000, NULL"
    ),
    "an entry misstates the balance": forged("top_up", "{bob}, 100, 999999", "{funding}, -100, NULL"),
    "an entry hides the balance": forged("top_up", "{bob}, 100, NULL", "{funding}, -100, NULL"),
    "an entry for an account twice": forged(
        "claim", "{bob}, 100, " + BOB_AFTER + " + 100", "{bob}, -100, " + BOB_AFTER
    ),
    "a posting beyond all bounds": forged(
        "top_up", "{bob}, 4000000000000000000, 0", "{funding}, -4000000000000000000, NULL"
    ),
    "a posting of three legs that announced two": forged(
        "top_up", "{bob}, 100, " + BOB_AFTER + " + 100", "{funding}, -50, NULL", "{escrow}, -50, NULL"
    ).replace(", 3, CURRENT", ", 2, CURRENT"),
    "an envelope nobody paid for": (
        "INSERT INTO wallet_redenvelope (sender_id, kind, amount, currency, share_count, share_max, greeting, scope,"
        " seed, commitment, transaction_id, created_at, expires_at)"
        " VALUES ({person}, 'normal', 500, 'CNY', 1, 500, '', 'x', '', '', {top_up}, CURRENT_TIMESTAMP,"
        " CURRENT_TIMESTAMP)"
    ),
    "an envelope grows": "UPDATE wallet_redenvelope SET amount = amount + 100 WHERE id = {envelope}",
    "an envelope gets another sender": "UPDATE wallet_redenvelope SET sender_id = {person} WHERE id = {envelope}",
    "a seed is changed": "UPDATE wallet_redenvelope SET seed = '' WHERE id = {envelope}",
    "a commitment is changed": "UPDATE wallet_redenvelope SET commitment = 'abc' WHERE id = {envelope}",
    "a refund is forgotten": (
        "UPDATE wallet_redenvelope SET refunded_at = NULL, refund_transaction_id = NULL WHERE id = {gone}"
    ),
    "an envelope is deleted": "DELETE FROM wallet_redenvelope WHERE id = {envelope}",
    "a share is raised": "UPDATE wallet_share SET amount = amount + 1 WHERE id = {free}",
    "a share is added": ("INSERT INTO wallet_share (envelope_id, place, amount) VALUES ({envelope}, 77, 100)"),
    "a share is given back by the one who took it": (
        "UPDATE wallet_share SET claimed_by_id = NULL, claimed_at = NULL, claim_transaction_id = NULL"
        " WHERE id = {share}"
    ),
    "a share changes hands": "UPDATE wallet_share SET claimed_by_id = {sender} WHERE id = {share}",
    "a share is taken without being paid": (
        "UPDATE wallet_share SET claimed_by_id = {sender}, claimed_at = CURRENT_TIMESTAMP,"
        " claim_transaction_id = {top_up} WHERE id = {free}"
    ),
    "a person takes two shares": (
        "UPDATE wallet_share SET claimed_by_id = {person}, claimed_at = CURRENT_TIMESTAMP,"
        " claim_transaction_id = {transaction} WHERE id = {free}"
    ),
    "a share is returned without being paid back": (
        "UPDATE wallet_share SET refund_transaction_id = {top_up} WHERE id = {free}"
    ),
    "a returned share is free again": "UPDATE wallet_share SET refund_transaction_id = NULL WHERE id = {returned}",
    "a share is deleted": "DELETE FROM wallet_share WHERE id = {free}",
}

SQLITE_CORRUPTIONS = {
    "a transaction is replaced": (
        "INSERT OR REPLACE INTO wallet_transaction (id, kind, key, request_hash, legs, created_at)"
        " VALUES ({transaction}, 'top_up', 'x', '', 2, CURRENT_TIMESTAMP)"
    ),
    "an entry is replaced": (
        "INSERT OR REPLACE INTO wallet_entry (id, transaction_id, account_id, amount, balance_after)"
        " VALUES ({entry}, {transaction}, {bob}, 9999, 9999)"
    ),
    "an account is replaced": (
        "INSERT OR REPLACE INTO wallet_account (id, kind, owner_id, currency, balance, frozen)"
        " VALUES ({bob}, 'user', {person}, 'CNY', 0, FALSE)"
    ),
    "a share is pushed out": (
        "UPDATE OR REPLACE wallet_share SET claimed_by_id = {person}, claimed_at = CURRENT_TIMESTAMP,"
        " claim_transaction_id = {transaction} WHERE id = {free}"
    ),
    "a fraction of a unit": forged("top_up", "{bob}, 0.5, " + BOB_AFTER + " + 0.5", "{funding}, -0.5, NULL"),
    "an amount in words": forged("top_up", "{bob}, 'plenty', " + BOB_AFTER, "{funding}, -1, NULL"),
}
POSTGRESQL_CORRUPTIONS = {
    "all entries are truncated": "TRUNCATE wallet_entry",
    "all is truncated": "TRUNCATE wallet_account, wallet_transaction, wallet_entry, wallet_redenvelope, wallet_share",
    "a transaction without entries": NEW_TRANSACTION.replace("{kind}", "top_up").replace("{legs}", "2")
    + "SET CONSTRAINTS ALL IMMEDIATE",
    "half a transaction": forged("top_up", "{bob}, 100, " + BOB_AFTER + " + 100"),
}
if connection.vendor == "postgresql":
    CORRUPTIONS |= POSTGRESQL_CORRUPTIONS
else:
    CORRUPTIONS |= SQLITE_CORRUPTIONS


@pytest.mark.covers("G1")
@pytest.mark.parametrize("name", CORRUPTIONS)
def test_the_database_refuses(books: dict[str, int], name: str) -> None:
    before = counted()
    with pytest.raises(DatabaseError) as refusal, transaction.atomic():
        statements(CORRUPTIONS[name], books)
        if connection.vendor == "postgresql":
            statements("SET CONSTRAINTS ALL IMMEDIATE", books)
    assert "syntax" not in str(refusal.value)
    assert counted() == before


@pytest.mark.covers("G1")
@pytest.mark.spoils_the_books
def test_without_the_guards_the_same_statements_would_have_spoilt_the_books(books: dict[str, int]) -> None:
    """So the refusals above come from the guards, and not from a mistake in the statements."""
    guards.remove(connection)
    guarded = set()
    for name, sql in CORRUPTIONS.items():
        try:
            with transaction.atomic():
                statements(sql, books)
                guarded.add(name)
                transaction.set_rollback(True)
        except DatabaseError:
            pass  # a constraint would have held on its own
    assert len(guarded) >= 25
    guards.install(connection)
    assert guards.present(connection) == guards.expected(connection)


def test_on_sqlite_half_a_transaction_moves_no_money(books: dict[str, int], bob: User) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL refuses it outright")
    before = balance(bob)
    with pytest.raises(RuntimeError), transaction.atomic():
        statements(forged("top_up", "{bob}, 100, " + BOB_AFTER + " + 100"), books)
        assert balance(bob) == before
        raise RuntimeError("undo")


def test_all_guards_stand_after_migrating() -> None:
    assert len(guards.expected(connection)) >= 18
    assert guards.present(connection) == guards.expected(connection)


def test_migrating_again_puts_back_what_is_missing() -> None:
    guards.remove(connection)
    assert guards.present(connection) == set()
    call_command("migrate", verbosity=0)
    assert guards.present(connection) == guards.expected(connection)


@pytest.mark.django_db(transaction=True)
def test_a_flush_by_the_suite_leaves_the_guards_standing(alice: User) -> None:
    make.funds(alice, 5)
    guards.remove(connection)
    call_command("flush", interactive=False, verbosity=0)
    assert not Transaction.objects.exists()
    assert guards.present(connection) == guards.expected(connection)


def test_frozen_is_the_one_thing_about_an_account_that_may_change(alice: User) -> None:
    make.funds(alice, 5)
    assert Account.objects.filter(owner=alice).update(frozen=True) == 1
    Account.objects.filter(owner=alice).update(frozen=False)
    assert send_red_envelope(sender=alice, kind="normal", amount=5, shares=1, scope="test", key="k").pk
