"""People who talk and give each other money while things break; afterwards, all that they saw."""

from __future__ import annotations

import os
import random
import re
import time
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import httpx

from .checker import History, Read, Verdict, check
from .clients import Line, Reader, Unknown, Writer, fetch_all
from .sites import AnySite, within

PEOPLE = ["alice", "bob", "carol", "dave", "erin"]
WRITERS = ["alice", "bob", "carol", "dave"]
CAUGHT_UP_WITHIN = 30  # seconds after everything works again


def seeds() -> list[int]:
    """FAULT_SEED repeats one run; FAULT_SEEDS=10 tries ten; otherwise chance picks one."""
    if given := os.environ.get("FAULT_SEED"):
        return [int(given)]
    return random.SystemRandom().sample(range(1, 10_000), int(os.environ.get("FAULT_SEEDS", "1")))


class Town:
    """Five friends: a group of all, a group without dave and erin, and alice and bob between themselves."""

    def __init__(self, site: AnySite) -> None:
        self.site = site
        self.tokens = {handle: self._sign_up(handle) for handle in PEOPLE}
        for other in PEOPLE[1:]:
            request = self.ask("alice", "POST", "/friend-requests/", json={"to": other})
            self.ask(other, "POST", f"/friend-requests/{request['id']}/accept/")
        self.all = self._group("Everybody", PEOPLE[1:])
        self.three = self._group("Three", ["bob", "carol"])
        self.direct = str(self.ask("alice", "POST", "/conversations/", json={"kind": "direct", "with": "bob"})["id"])
        self.members = {self.all: set(PEOPLE), self.three: {"alice", "bob", "carol"}, self.direct: {"alice", "bob"}}
        for handle in WRITERS:
            for number in range(3):
                key = {"Idempotency-Key": f"{handle}-{number}"}
                self.ask(handle, "POST", "/wallet/top-ups/", json={"amount": 50_000}, headers=key)

    def _group(self, title: str, others: list[str]) -> str:
        wanted = {"kind": "group", "title": title, "members": others}
        return str(self.ask("alice", "POST", "/conversations/", json=wanted)["id"])

    def ask(self, handle: str, method: str, path: str, **options: Any) -> Any:
        response = self.line(handle).ask(method, path, timeout=20, **options)
        assert response.is_success, f"{method} {path}: {response.status_code} {response.text}"
        return response.json() if response.content else None

    def line(self, handle: str, at: int = 0) -> Line:
        return Line(self.site.nodes, self.tokens[handle], at)

    def conversations_of(self, handle: str) -> list[str]:
        return [conversation for conversation, members in self.members.items() if handle in members]

    def _sign_up(self, handle: str) -> str:
        body = {
            "username": handle,
            "email": f"{handle}@example.org",
            "password": "correct horse battery",
            "display_name": handle,
        }
        url = f"http://127.0.0.1:{self.site.nodes[0].rest}/_allauth/app/v1/auth/signup"
        response = httpx.post(url, json=body, timeout=30)
        assert response.status_code == 200, response.text
        return str(response.json()["meta"]["session_token"])


class Storm:
    """`with Storm(town, seed) as storm: …break things…`, then `storm.verdict()`."""

    def __init__(self, town: Town, seed: int, *, pause: float = 0.0) -> None:
        self.town, self.site, self.seed = town, town.site, seed
        self.dice = random.Random(seed)
        envelopes: list[tuple[str, str]] = []
        self.writers = [
            Writer(
                handle,
                town.line(handle, at),
                town.conversations_of(handle),
                envelopes,
                random.Random(f"{seed}/{handle}"),
            )
            for at, handle in enumerate(WRITERS)
        ]
        for writer in self.writers:
            writer.pause = pause
        self.readers = [Reader(handle, town.line(handle, at + 1)) for at, handle in enumerate(PEOPLE)]
        self.until: dict[str, dict[str, int]] = {}
        self.caught_up_in = 0.0

    def __enter__(self) -> Storm:
        for thread in [*self.readers, *self.writers]:
            thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        for writer in self.writers:
            writer.over.set()
        try:
            self.site.heal()
            if error[0] is None:
                for writer in self.writers:
                    writer.join(100)
                self._drain()
        finally:
            for reader in self.readers:
                reader.over.set()
            for reader in self.readers:
                reader.join(15)

    def wait(self, least: float, most: float) -> None:
        time.sleep(self.dice.uniform(least, most))

    def acknowledged(self) -> int:
        return sum(deed.kind == "say" and deed.answer is not None for writer in self.writers for deed in writer.deeds)

    def slowest(self) -> str:
        took = sorted(deed.took for writer in self.writers for deed in writer.deeds if deed.kind == "say" and deed.took)
        at = {name: took[int(len(took) * part)] for name, part in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99))}
        return ", ".join(f"{name} {seconds * 1000:.0f} ms" for name, seconds in at.items())

    def until_acknowledged(self, more: int, seconds: float = 60) -> None:
        goal = self.acknowledged() + more
        within(seconds, lambda: self.acknowledged() >= goal)
        assert self.acknowledged() >= goal, f"nothing goes on\n{self.site.output[-4000:]}"

    def put_out(self, handle: str) -> None:
        """alice removes somebody from the group of all; the number at which it happened counts."""
        path = f"/conversations/{self.town.all}/members/{handle}/"
        within(60, lambda: self._tried(lambda: self.town.ask("alice", "DELETE", path)))
        [(seq,)] = self.site.rows(
            "SELECT m.changed_seq FROM chat_member m JOIN accounts_user p ON p.id = m.user_id"
            f" WHERE m.conversation_id = {self.town.all} AND p.handle = '{handle}'"
        )
        self.until.setdefault(handle, {})[self.town.all] = int(seq)

    @staticmethod
    def _tried(act: Callable[[], object]) -> bool:
        try:
            act()
        except (Unknown, AssertionError):
            return False
        return True

    def _drain(self) -> None:
        """Everything works again: how long until every device has everything."""
        began = time.monotonic()
        heads = {str(pk): head for pk, head in self.site.rows("SELECT id, head FROM chat_conversation")}
        self.behind = within(CAUGHT_UP_WITHIN, lambda: not self._behind(heads)) or self._behind(heads)
        self.caught_up_in = time.monotonic() - began

    def _behind(self, heads: dict[str, int]) -> list[str]:
        return [
            f"{reader.handle} has {reader.kept[conversation].last if conversation in reader.kept else 0} of "
            f"{heads[conversation]} in {conversation}"
            for reader in self.readers
            for conversation in self.town.conversations_of(reader.handle)
            if conversation not in self.until.get(reader.handle, {})
            and (conversation not in reader.kept or reader.kept[conversation].last < heads[conversation])
        ]

    def verdict(self) -> Verdict:
        verdict = check(self.history())
        verdict.findings += [f"trouble: {one.trouble}" for one in [*self.writers, *self.readers] if one.trouble]
        verdict.findings += [f"not caught up: {line}" for line in (self.behind if self.behind is not True else [])]
        verdict.counts["heard live"] = sum(reader.heard_live for reader in self.readers)
        verdict.counts["synced"] = sum(reader.synced for reader in self.readers)
        verdict.counts["reconnects"] = sum(reader.reconnects for reader in self.readers)
        verdict.counts["caught up in ms"] = int(self.caught_up_in * 1000)
        return verdict

    def history(self) -> History:
        read = {
            reader.handle: {conversation: kept.in_order() for conversation, kept in reader.kept.items() if kept.rows}
            for reader in self.readers
        }
        fresh: dict[str, dict[str, list[Read]]] = {}
        for handle in PEOPLE:
            line = self.town.line(handle)
            found = {conversation: fetch_all(line, conversation) for conversation in self.town.members}
            fresh[handle] = {conversation: rows for conversation, rows in found.items() if rows is not None}
        return History(
            deeds=[deed for writer in self.writers for deed in writer.deeds],
            members=self.town.members,
            read=read,
            fresh=fresh,
            until=self.until,
            shares=self._shares(),
            notices=self._notices(),
            owed=self._owed(),
            books=self._books(),
        )

    def _shares(self) -> dict[str, Counter[str]]:
        held: dict[str, Counter[str]] = {}
        for envelope, handle in self.site.rows(
            "SELECT envelope_id, handle FROM wallet_share JOIN accounts_user p ON p.id = claimed_by_id"
        ):
            held.setdefault(str(envelope), Counter())[handle] += 1
        return held

    def _notices(self) -> Counter[str]:
        """How often each person was told each thing."""
        rows = self.site.rows(
            "SELECT recipient_id, kind, actor_id, target_type, target_id, count(*) FROM notifications_notification"
            " GROUP BY 1, 2, 3, 4, 5"
        )
        return Counter({f"{what}": times for *what, times in rows})

    def _owed(self) -> Sequence[str]:
        """What is still in the outbox when it has had its time. What a broker lost waits for the sweep a minute and a
        half: that time has passed here."""

        def owed() -> list[str]:
            rows = self.site.rows("SELECT id, task, attempts, last_error FROM kernel_outboxrow WHERE parked_at IS NULL")
            parked = self.site.rows(
                "SELECT id, task, attempts, last_error FROM kernel_outboxrow WHERE parked_at IS NOT NULL"
            )
            return [str(row) for row in [*rows, *parked]]

        if within(3, lambda: not owed()):
            return []
        self.site.let_time_pass()
        within(30, lambda: not owed())
        return owed()

    def _books(self) -> Sequence[str]:
        try:
            self.site.manage("verify_ledger")
        except AssertionError as error:
            return re.findall(r"\S.*", str(error))[:10]
        return []
