"""The index itself: for each message the set of its tokens. The same tokens on both databases.

Beside words a message has marks: its conversation, its sender, what it carries. They begin with a character that no
text can contain. On PostgreSQL there is one more, for the block of ids it is in: a GIN index knows no order, and with
it the newest blocks can be asked alone. FTS5 walks its lists from the newest by itself, and takes the tokens as they are:
its `ascii` tokenizer lets whatever is not ASCII be part of one, so the database's own idea of Unicode has no say.
The table is made by the migration `0007_search`; a row in it is a hint, and never more than a hint.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import connection

TABLE = "chat_message_words"
MARK = "\ue000"
BLOCK = 1 << 15  # ids in a block
FIRST_BLOCKS = 4  # how many of the newest are asked first; then eight times as many, then all
GROWTH = 8


def mark(kind: str, value: object = "") -> str:
    return f"{MARK}{kind}{value}"


def write(rows: Sequence[tuple[int, Iterable[str]]]) -> None:
    """Keep these tokens for these messages, in place of what was kept before."""
    if not rows:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            keys = [key for key, _tokens in rows]
            words = [" ".join([*tokens, mark("b", key // BLOCK)]) for key, tokens in rows]
            cursor.execute(
                f"INSERT INTO {TABLE} (message_id, words)"  # noqa: S608 (fixed words alone, here and below)
                " SELECT key, array_to_tsvector(string_to_array(words, ' '))"
                " FROM unnest(%s::bigint[], %s::text[]) AS given (key, words)"
                " ON CONFLICT (message_id) DO UPDATE SET words = excluded.words",
                [keys, words],
            )
        else:
            cursor.executemany(
                f"INSERT OR REPLACE INTO {TABLE} (rowid, words) VALUES (%s, %s)",  # noqa: S608
                [(key, " ".join(tokens)) for key, tokens in rows],
            )


def forget(keys: Sequence[int]) -> None:
    if not keys:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"DELETE FROM {TABLE} WHERE message_id = ANY (%s)", [list(keys)])  # noqa: S608
        else:
            cursor.executemany(f"DELETE FROM {TABLE} WHERE rowid = %s", [(key,) for key in keys])  # noqa: S608


def forget_all() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {TABLE}")  # noqa: S608


def newest(
    *, whole: Iterable[str], prefixes: Iterable[str], any_of: Sequence[str], before: int | None, limit: int
) -> list[int]:
    """Ids of messages that have every whole token, something that begins with each prefix, and one of `any_of`; the
    newest first, below `before`."""
    if not any_of:
        return []
    find = _newest_in_postgresql if connection.vendor == "postgresql" else _newest_in_sqlite
    return find(sorted(whole), sorted(prefixes), any_of, before, limit)


def _newest_in_sqlite(
    whole: list[str], prefixes: list[str], any_of: Sequence[str], before: int | None, limit: int
) -> list[int]:
    parts = [f'"{token}"' for token in whole] + [f'"{token}" *' for token in prefixes]
    parts.append("(" + " OR ".join(f'"{token}"' for token in any_of) + ")")
    sql, values = f"SELECT rowid FROM {TABLE} WHERE {TABLE} MATCH %s", [" AND ".join(parts)]  # noqa: S608
    if before is not None:
        sql += f" AND rowid < {int(before)}"
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} ORDER BY rowid DESC LIMIT {int(limit)}", values)
        return [row[0] for row in cursor.fetchall()]


def _newest_in_postgresql(
    whole: list[str], prefixes: list[str], any_of: Sequence[str], before: int | None, limit: int
) -> list[int]:
    parts = [f"'{token}'" for token in whole] + [f"'{token}':*" for token in prefixes]
    parts.append("(" + " | ".join(f"'{token}'" for token in any_of) + ")")
    found: list[int] = []
    with connection.cursor() as cursor:
        if before is None:
            cursor.execute(f"SELECT max(message_id) FROM {TABLE}")  # noqa: S608
            before = (cursor.fetchone()[0] or 0) + 1
        upper, blocks = before, FIRST_BLOCKS
        while upper > 1 and len(found) < limit:
            highest = (upper - 1) // BLOCK
            lowest = max(0, highest - blocks + 1)
            near = blocks <= FIRST_BLOCKS * GROWTH
            lower = lowest * BLOCK if near else 0
            span = ["(" + " | ".join(f"'{mark('b', block)}'" for block in range(lowest, highest + 1)) + ")"] * near
            # Sorted by a sum, so that the planner does not walk the primary key instead of the index of words.
            cursor.execute(
                f"SELECT message_id FROM {TABLE} WHERE words @@ %s::tsquery"  # noqa: S608
                " AND message_id < %s AND message_id >= %s ORDER BY message_id + 0 DESC LIMIT %s",
                [" & ".join(parts + span), upper, lower, limit - len(found)],
            )
            found += [row[0] for row in cursor.fetchall()]
            upper, blocks = lower, blocks * GROWTH
    return found
