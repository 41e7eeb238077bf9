"""Numbers of a conversation, and who is told what carries them."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import connection
from django.utils.translation import gettext_lazy as _

from chat.models import Conversation, Member
from superapp.kernel.errors import Conflict, NotFound

AUDIENCES_KEPT = 1024

# The clock is read when the row is held, so that a later number never has an earlier time.
_CLOCK = {"postgresql": "clock_timestamp()", "sqlite": "strftime('%%Y-%%m-%%d %%H:%%M:%%f', 'now')"}


@dataclass(frozen=True, slots=True)
class Numbers:
    """Consecutive numbers taken at once, and what held at that moment, under the lock."""

    first: int
    last: int
    member_epoch: int
    taken_at: datetime
    only_admins_speak: bool = False
    is_dissolved: bool = False


class GroupDissolved(Conflict):
    code = "group_dissolved"
    sentence = _("This group has been dissolved. Nothing in it changes any more.")


def take_number(
    conversation: Conversation,
    *,
    count: int = 1,
    member_epoch: int | None = None,
    speaks: bool = True,
    even_dissolved: bool = False,
) -> Numbers:
    """Take the next `count` numbers: one statement, which also locks the conversation until the transaction ends.

    A change of membership passes a new `member_epoch`. What `speaks` moves the conversation up in people's lists.
    A dissolved group gives out no numbers but for what must go on: money that is claimed, people who go.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a number is taken in the transaction that uses it")
    clock = _CLOCK[connection.vendor]
    sets, values = [f"head = head + %s, changed_at = {clock}"], [count]
    if speaks:
        sets.append(f"active_at = {clock}")
    if member_epoch is not None:
        sets.append("member_epoch = %s")
        values.append(member_epoch)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE chat_conversation SET {', '.join(sets)} WHERE id = %s"  # noqa: S608 (fixed words alone)
            " RETURNING head, member_epoch, changed_at, only_admins_speak, dissolved_at",
            [*values, conversation.pk],
        )
        row = cursor.fetchone()
    if row is None:
        raise NotFound
    is_dissolved = row[4] is not None
    if is_dissolved and not even_dissolved:
        raise GroupDissolved
    conversation.head, conversation.member_epoch = row[0], row[1]
    return Numbers(row[0] - count + 1, row[0], row[1], _in_utc(row[2]), bool(row[3]), is_dissolved)


def _in_utc(at: datetime) -> datetime:
    """SQLite keeps no time zone: what it answers is UTC."""
    return at if at.tzinfo else at.replace(tzinfo=UTC)


class _Audiences:
    """Who is in a conversation, kept for each state of its membership. An epoch never names two states, so nothing
    in here can be stale: a reader who has the epoch under the lock has the members under the lock."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._kept: OrderedDict[tuple[int, int], Mapping[int, int]] = OrderedDict()

    def at(self, conversation_id: int, member_epoch: int) -> Mapping[int, int]:
        key = (conversation_id, member_epoch)
        with self._guard:
            if (kept := self._kept.get(key)) is not None:
                self._kept.move_to_end(key)
                return kept
        members = Member.objects.active().filter(conversation=conversation_id)
        found = dict(members.values_list("user_id", "joined_seq"))
        with self._guard:
            self._kept[key] = found
            if len(self._kept) > AUDIENCES_KEPT:
                self._kept.popitem(last=False)
        return found


_audiences = _Audiences()


def members_at(conversation_id: int, member_epoch: int) -> Mapping[int, int]:
    """The people in a conversation at this epoch, each with the first number they may see. Call it with an epoch from
    `take_number`, after the rows of the change have been written."""
    return _audiences.at(conversation_id, member_epoch)


def who_may_see(members: Mapping[int, int], seq: int) -> list[int]:
    """Those of them to whom number `seq` is not before their time."""
    return [user_id for user_id, joined_seq in members.items() if joined_seq <= seq]
