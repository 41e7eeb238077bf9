"""Whether a page of a conversation costs the same among five million messages as among five thousand.

`HISTORY_DOUBLINGS` says how often the five thousand are doubled (default 10: 5,120,000). Measured in this process,
without HTTP: what is asked here is the database and what it takes to make rows of a page.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from benchmarks.search import PAGE_RATIO_MAX, RUNS, analyze, fill, group_of_two, quantile, timed
from benchmarks.stage import Site
from benchmarks.table import Row, progress

if TYPE_CHECKING:
    from chat.models import Conversation, Member

FEW = 5000
DOUBLINGS = int(os.environ.get("HISTORY_DOUBLINGS", "10"))


def rows(site: Site) -> list[Row]:
    from accounts.models import User
    from chat.models import Member
    from chat.sync import changes_since
    from chat.timeline import page_of

    alice, bob = (User.objects.create_user(name, f"{name}@example.org") for name in ("reader_of_many", "writer"))
    few, many = group_of_two(alice, bob), group_of_two(alice, bob)
    for group in (few, many):
        fill(group, bob, FEW)
    count = FEW
    for _ in range(DOUBLINGS):
        progress(f"{count:,} messages, doubled …")
        _double(many, count)
        count *= 2
    analyze()
    own = [
        Member.objects.select_related("conversation", "user").get(conversation=group, user=alice)
        for group in (few, many)
    ]
    asked: dict[str, Callable[[Member], object]] = {
        "newest page": page_of,
        "page in the middle": lambda member: page_of(member, before=member.conversation.head // 2),
        "oldest page": lambda member: page_of(member, before=60),
        "sync of the last 20 changes": lambda member: changes_since(member, member.conversation.head - 20),
    }
    return [_row(what, work, own, count) for what, work in asked.items()]


def _double(group: Conversation, count: int) -> None:
    """Say everything again, under higher numbers; one statement, the same on both databases."""
    from django.db import connection

    from chat.models import Conversation, Message

    moved = {"seq", "changed_seq"}
    names = [field.column for field in Message._meta.concrete_fields if not field.primary_key]
    taken = [f"{name} + {count}" if name in moved else name for name in names]
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0") if connection.vendor == "postgresql" else None
        cursor.execute(
            f"INSERT INTO chat_message ({', '.join(names)}) SELECT {', '.join(taken)}"
            " FROM chat_message WHERE conversation_id = %s AND seq <= %s",
            [group.pk, count + 3],
        )
    Conversation.objects.filter(pk=group.pk).update(head=3 + 2 * count)


def _row(what: str, work: Callable[[Member], object], own: list[Member], count: int) -> Row:
    """Both asked in turn, so that whatever else the machine does strikes both."""
    times: list[list[float]] = [[], []]
    for _ in range(RUNS):
        for place, member in enumerate(own):
            times[place] += timed(lambda member=member: work(member), runs=1)  # type: ignore[misc]
    least, most = (quantile(some, 0.5) for some in times)
    note = "holds" if most <= least * PAGE_RATIO_MAX else "BROKEN"
    return Row(f"{what} among {count:,}", most, "ms", least, f"among {FEW:,}", f"ratio ≤ {PAGE_RATIO_MAX}", note=note)
