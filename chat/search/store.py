"""The index itself: for each message the set of its tokens. The same tokens on both databases.

A message stands in it at its moment: that orders the newest first, also among what was brought in from elsewhere.
Beside words a message has marks: its conversation, its sender, what it carries. They begin with a character that no
text can contain. On PostgreSQL there is one more, for the block of time it is in: a GIN index knows no order, and with
it the newest blocks can be asked alone. FTS5 walks its lists from the newest by itself, and takes the tokens as they
are: its `ascii` tokenizer lets whatever is not ASCII be part of one, so the database's own idea of Unicode has no say.
The table is made by the migration `0007_search`; a row in it is a hint, and never more than a hint.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import connection

TABLE = "chat_message_words"
MARK = "\ue000"
KEY_BITS = 20  # of a message's id, to tell those of one millisecond apart
BLOCK_BITS = KEY_BITS + 26  # about nineteen hours
FIRST_BLOCKS = 4  # how many of the newest are asked first; then eight times as many, and again, then all
GROWTH = 8
BLOCKS_MAX = FIRST_BLOCKS * GROWTH**2
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def mark(kind: str, value: object = "") -> str:
    return f"{MARK}{kind}{value}"


def position_of(pk: int, created_at: datetime) -> int:
    """Where a message stands. Later ones stand higher."""
    return first_position(created_at) | (pk & ((1 << KEY_BITS) - 1))


def first_position(moment: datetime) -> int:
    """The lowest at which something said at this moment can stand."""
    return max(0, (moment - EPOCH) // timedelta(milliseconds=1)) << KEY_BITS


@dataclass(frozen=True)
class Entry:
    message_id: int
    created_at: datetime
    tokens: Iterable[str] = ()

    @property
    def position(self) -> int:
        return position_of(self.message_id, self.created_at)


def write(entries: Sequence[Entry]) -> None:
    """Keep these tokens for these messages, in place of what was kept before."""
    if not entries:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            positions = [entry.position for entry in entries]
            words = [" ".join([*entry.tokens, mark("b", entry.position >> BLOCK_BITS)]) for entry in entries]
            cursor.execute(
                f"INSERT INTO {TABLE} (position, message_id, words)"  # noqa: S608 (fixed words alone, here and below)
                " SELECT position, message_id, array_to_tsvector(string_to_array(words, ' '))"
                " FROM unnest(%s::bigint[], %s::bigint[], %s::text[]) AS given (position, message_id, words)"
                " ON CONFLICT (position) DO UPDATE SET message_id = excluded.message_id, words = excluded.words",
                [positions, [entry.message_id for entry in entries], words],
            )
        else:
            cursor.executemany(
                f"INSERT OR REPLACE INTO {TABLE} (rowid, words, message_id) VALUES (%s, %s, %s)",  # noqa: S608
                [(entry.position, " ".join(entry.tokens), entry.message_id) for entry in entries],
            )


def forget(entries: Sequence[Entry]) -> None:
    if not entries:
        return
    positions = [entry.position for entry in entries]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"DELETE FROM {TABLE} WHERE position = ANY (%s)", [positions])  # noqa: S608
        else:
            cursor.executemany(f"DELETE FROM {TABLE} WHERE rowid = %s", [(one,) for one in positions])  # noqa: S608


def forget_all() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {TABLE}")  # noqa: S608


@dataclass(frozen=True)
class Question:
    """Messages that have every whole token, something that begins with each prefix, and one of `any_of`; that stand
    below `before` (None: anywhere), at `since` or above."""

    whole: Iterable[str]
    prefixes: Iterable[str]
    any_of: Sequence[str]
    before: int | None = None
    since: int = 0


def newest(question: Question, limit: int) -> list[tuple[int, int]]:
    """The positions and ids of the newest answers, the newest first."""
    if not question.any_of:
        return []
    find = _newest_in_postgresql if connection.vendor == "postgresql" else _newest_in_sqlite
    return find(question, limit)


def _newest_in_sqlite(question: Question, limit: int) -> list[tuple[int, int]]:
    parts = [f'"{token}"' for token in sorted(question.whole)]
    parts += [f'"{token}" *' for token in sorted(question.prefixes)]
    parts.append("(" + " OR ".join(f'"{token}"' for token in question.any_of) + ")")
    sql = f"SELECT rowid, message_id FROM {TABLE} WHERE {TABLE} MATCH %s AND rowid >= {int(question.since)}"  # noqa: S608
    if question.before is not None:
        sql += f" AND rowid < {int(question.before)}"
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} ORDER BY rowid DESC LIMIT {int(limit)}", [" AND ".join(parts)])
        return cursor.fetchall()


def _newest_in_postgresql(question: Question, limit: int) -> list[tuple[int, int]]:
    parts = [f"'{token}'" for token in sorted(question.whole)]
    parts += [f"'{token}':*" for token in sorted(question.prefixes)]
    parts.append("(" + " | ".join(f"'{token}'" for token in question.any_of) + ")")
    found: list[tuple[int, int]] = []
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT max(position) FROM {TABLE}")  # noqa: S608
        top = (cursor.fetchone()[0] or 0) + 1
        upper = top if question.before is None else min(top, question.before)
        blocks = FIRST_BLOCKS
        while upper > question.since and len(found) < limit:
            highest = (upper - 1) >> BLOCK_BITS
            lowest = max(0, highest - blocks + 1)
            is_near = blocks <= BLOCKS_MAX
            lower = max(question.since, lowest << BLOCK_BITS) if is_near else question.since
            span = "(" + " | ".join(f"'{mark('b', block)}'" for block in range(lowest, highest + 1)) + ")"
            # Sorted by a sum, so that the planner does not walk the primary key instead of the index of words.
            cursor.execute(
                f"SELECT position, message_id FROM {TABLE} WHERE words @@ %s::tsquery"  # noqa: S608
                " AND position < %s AND position >= %s ORDER BY position + 0 DESC LIMIT %s",
                [" & ".join([*parts, span] if is_near else parts), upper, lower, limit - len(found)],
            )
            found += cursor.fetchall()
            upper, blocks = lower, blocks * GROWTH
    return found
