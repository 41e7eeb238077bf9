"""The rules of the ledger that live in the database: triggers, and on PostgreSQL the functions that write.

They are installed by a migration, and again after every `migrate`, because SQLite loses triggers when Django remakes a
table. While the wallet's own tables are being migrated on SQLite they step aside: triggers that speak of other tables
would stop these from being renamed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations import Migration

_SQL = Path(__file__).parent / "sql"
TABLES = ["wallet_account", "wallet_transaction", "wallet_entry", "wallet_redenvelope", "wallet_share"]


def _script(connection: BaseDatabaseWrapper) -> str:
    return (_SQL / f"{connection.vendor}.sql").read_text(encoding="utf-8")


def expected(connection: BaseDatabaseWrapper) -> set[str]:
    """The names of the triggers that have to be there."""
    return set(re.findall(r"^CREATE (?:OR REPLACE |CONSTRAINT )?TRIGGER (\w+)", _script(connection), re.MULTILINE))


def present(connection: BaseDatabaseWrapper) -> set[str]:
    """The triggers that are there and switched on."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')"
                " AND tgrelid = ANY (%s::text[]::regclass[])",
                [TABLES],
            )
        else:
            places = ", ".join(["%s"] * len(TABLES))
            cursor.execute(
                f"SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN ({places})",  # noqa: S608
                TABLES,
            )
        return {name for (name,) in cursor.fetchall()}


def install(connection: BaseDatabaseWrapper) -> None:
    if connection.vendor == "sqlite":
        remove(connection)
    with connection.cursor() as cursor:
        for statement in _statements(_script(connection)):
            cursor.execute(statement)


def remove(connection: BaseDatabaseWrapper) -> None:
    """Take the guards down: before their tables are remade, and before a test suite empties its database."""
    on_table = {name: f" ON {table}" for table in TABLES for name in expected(connection) if name.startswith(table)}
    with connection.cursor() as cursor:
        for name in sorted(present(connection)):
            where = on_table.get(name, "") if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER {connection.ops.quote_name(name)}{where}")


def before_migrate(*, using: str, plan: Sequence[tuple[Migration, bool]] = (), **_signal: Any) -> None:
    from django.db import connections

    connection = connections[using]
    if connection.vendor == "sqlite" and any(migration.app_label == "wallet" for migration, _backwards in plan):
        remove(connection)


def after_migrate(*, using: str, **_signal: Any) -> None:
    from django.db import connections

    connection = connections[using]
    if set(TABLES) <= set(connection.introspection.table_names()):
        install(connection)


def _statements(script: str) -> list[str]:
    """A statement ends with a semicolon at the end of a line; inside a function or a trigger lines are indented, so
    the end of those is the line that is not."""
    text = re.sub(r"^--.*$", "", script, flags=re.MULTILINE)
    parts = re.split(r"(?<=;)\n(?=\n|CREATE|DROP)", text)
    return [part.strip() for part in parts if part.strip()]
