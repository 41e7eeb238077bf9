"""Empties the database after a test with real transactions, in a fraction of the time of Django's flush.

Flush empties every table, and makes content types, permissions and the ledger's guards anew each time. Here only tables
that hold rows are emptied; what `migrate` writes stays as it was.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import TransactionTestCase

from wallet import guards

# Written by `migrate` alone. Tests make no rows in them; to keep what a data migration writes, name its table here.
KEPT = {"django_migrations", "django_content_type", "auth_permission"}


@contextmanager
def quick() -> Iterator[None]:
    """Within it, tests with real transactions empty the database this way."""
    flush = TransactionTestCase._fixture_teardown

    def teardown(case: TransactionTestCase) -> None:
        for alias in case._databases_names(include_mirrors=False):
            empty(connections[alias])

    TransactionTestCase._fixture_teardown = teardown
    try:
        yield
    finally:
        TransactionTestCase._fixture_teardown = flush


def empty(connection: BaseDatabaseWrapper) -> None:
    """This is the one time the ledger lets itself be deleted; its guards stand again afterwards, also when a test has
    taken them down. Foreign keys are looked at when the transaction ends, so the tables go in any order."""
    full = tables_with_rows(connection)
    money = not full.isdisjoint(guards.TABLES)
    if money:
        guards.remove(connection)
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        for table in sorted(full):
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(table)}")
    if money or guards.present(connection) != guards.expected(connection):
        guards.install(connection)


def tables_with_rows(connection: BaseDatabaseWrapper) -> set[str]:
    tables = set(connection.introspection.django_table_names(only_existing=True, include_views=False)) - KEPT
    quote = connection.ops.quote_name
    questions = [f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {quote(table)})" for table in sorted(tables)]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(questions))
        return {table for (table,) in cursor.fetchall()}
