"""What must be true when everything is over, whatever happened meanwhile.

What goes in must come out: once, in one order, to those it is for, and to nobody else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Deed:
    """Something a client asked for, under a key of its own, and what came of it."""

    kind: str  # say | envelope | claim
    by: str
    conversation: str
    key: str
    body: dict[str, Any]
    attempts: int = 0
    answer: dict[str, Any] | None = None
    refused: str = ""
    took: float = 0.0
    errors: list[str] = field(default_factory=list)  # answers that no server should give

    @property
    def outcome(self) -> str:
        return "ok" if self.answer is not None else "fail" if self.refused else "unknown"


@dataclass(frozen=True)
class Read:
    """A message as somebody read it."""

    seq: int
    id: str
    tag: str
    sender: str


@dataclass
class History:
    """`read[reader][conversation]`: what each read, lowest number first. `until[reader][conversation]`: the number at
    which they were put out. `owed`: what is left in the outbox. `books`: what the ledger's audit found."""

    deeds: Sequence[Deed]
    members: Mapping[str, set[str]]
    read: Mapping[str, Mapping[str, Sequence[Read]]]
    fresh: Mapping[str, Mapping[str, Sequence[Read]]]
    until: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    shares: Mapping[str, Counter[str]] = field(default_factory=dict)
    notices: Counter[str] = field(default_factory=Counter)
    books: Sequence[str] = ()
    owed: Sequence[str] = ()


@dataclass
class Verdict:
    findings: list[str]
    counts: Counter[str]

    def __str__(self) -> str:
        told = ", ".join(f"{name} {number}" for name, number in self.counts.items())
        return "\n".join([told, *self.findings[:20]])


def check(history: History) -> Verdict:
    counts: Counter[str] = Counter(f"{deed.kind} {deed.outcome}" for deed in history.deeds)
    counts = Counter(dict(sorted(counts.items())))
    findings = {
        "lost": _lost(history),
        "phantom": _phantoms(history),
        "duplicate": _duplicates(history),
        "order": _order(history),
        "sender order": _sender_order(history),
        "not theirs": _read_by_others(history),
        "seen live, not kept": _unlike(history),
        "refused": [f"{deed.by}: {deed.refused}" for deed in history.deeds if deed.kind == "say" and deed.refused],
        "money": _money(history),
        "told twice": [f"{what}: {times} times" for what, times in history.notices.items() if times > 1],
        "server error": [f"{deed.by} {deed.kind}: {error}" for deed in history.deeds for error in deed.errors],
        "books": list(history.books),
        "owed": list(history.owed),
    }
    said = [deed for deed in history.deeds if deed.kind == "say"]
    tags = {read.tag for reads in history.fresh.values() for rows in reads.values() for read in rows}
    counts["retried"] = sum(deed.attempts > 1 for deed in history.deeds)
    counts["recovered"] = sum(deed.outcome == "unknown" and deed.key in tags for deed in said)
    counts["messages read"] = sum(len(rows) for reads in history.read.values() for rows in reads.values())
    for name, found in findings.items():
        counts[name] = len(found)
    return Verdict([f"{name}: {finding}" for name, found in findings.items() for finding in found], counts)


def _views(history: History) -> list[tuple[str, str, str, Sequence[Read]]]:
    """(how, reader, conversation, rows), for what was gathered on the way and for what is fetched afresh."""
    return [
        (how, reader, conversation, rows)
        for how, views in (("live", history.read), ("fresh", history.fresh))
        for reader, conversations in views.items()
        for conversation, rows in conversations.items()
    ]


def _said(history: History, conversation: str) -> dict[str, Deed]:
    return {deed.key: deed for deed in history.deeds if deed.kind == "say" and deed.conversation == conversation}


def _stays(history: History, reader: str, conversation: str) -> bool:
    return conversation not in history.until.get(reader, {})


def _lost(history: History) -> list[str]:
    """Acknowledged, and a member cannot read it."""
    found = []
    for how, reader, conversation, rows in _views(history):
        if reader in history.members[conversation] and _stays(history, reader, conversation):
            tags = {row.tag for row in rows}
            missing = [
                deed.key for deed in _said(history, conversation).values() if deed.answer and deed.key not in tags
            ]
            found += [f"{how}: {reader} never got {tag} of {conversation}" for tag in missing]
    return found


def _phantoms(history: History) -> list[str]:
    """Read, though nobody asked for it, or though the sender was told that it was refused."""
    found = []
    for how, reader, conversation, rows in _views(history):
        said = _said(history, conversation)
        found += [
            f"{how}: {reader} read {row.tag}" for row in rows if row.tag not in said or said[row.tag].outcome == "fail"
        ]
    return found


def _duplicates(history: History) -> list[str]:
    found = []
    for how, reader, conversation, rows in _views(history):
        for name, values in (("text", [row.tag for row in rows]), ("number", [str(row.seq) for row in rows])):
            twice = [value for value, times in Counter(values).items() if times > 1]
            found += [f"{how}: {reader} has {name} {value} twice in {conversation}" for value in twice]
    return found


def _order(history: History) -> list[str]:
    """Two readers never disagree about which of two messages came first, nor about a message's number."""
    found = []
    for conversation in history.members:
        number: dict[str, int] = {}
        for how, reader, where, rows in _views(history):
            if where == conversation:
                if [row.seq for row in rows] != sorted(row.seq for row in rows):
                    found.append(f"{how}: {reader} reads {conversation} out of order")
                found += [
                    f"{how}: {reader} has {row.tag} at {row.seq}, others at {number[row.tag]}"
                    for row in rows
                    if number.setdefault(row.tag, row.seq) != row.seq
                ]
        found += [
            f"{deed.by} was told {deed.answer['seq']} for {deed.key}, and it is {number[deed.key]}"
            for deed in _said(history, conversation).values()
            if deed.answer and deed.key in number and int(deed.answer["seq"]) != number[deed.key]
        ]
    return found


def _sender_order(history: History) -> list[str]:
    """A client sends the next message when it has been told of the one before."""
    found = []
    for _how, reader, conversation, rows in _views(history):
        seq = {row.tag: row.seq for row in rows}
        for sender in history.members[conversation]:
            own = [seq[key] for key, deed in _said(history, conversation).items() if deed.by == sender and key in seq]
            if own != sorted(own):
                found.append(f"{reader} reads {sender}'s messages of {conversation} in another order")
    return found


def _read_by_others(history: History) -> list[str]:
    found = []
    for how, reader, conversation, rows in _views(history):
        if reader not in history.members[conversation]:
            found += [f"{how}: {reader} is no member and read {row.tag}" for row in rows]
        elif (put_out := history.until.get(reader, {}).get(conversation)) is not None:
            late = [row.tag for row in rows if row.seq > put_out]
            found += [f"{how}: {reader} was put out at {put_out} and read {tag}" for tag in late]
    return found


def _unlike(history: History) -> list[str]:
    """What a client gathered is what it would fetch."""
    return [
        f"{reader} gathered {len(rows)} messages of {conversation}, and would fetch others"
        for how, reader, conversation, rows in _views(history)
        if how == "live"
        and conversation in history.fresh.get(reader, {})
        and [(row.seq, row.id) for row in rows] != [(row.seq, row.id) for row in history.fresh[reader][conversation]]
    ]


def _money(history: History) -> list[str]:
    """`shares[envelope]`: person → shares they hold. One each; who was told an amount was told the same each time."""
    found = [
        f"{person} holds {times} shares of {envelope}"
        for envelope, holders in history.shares.items()
        for person, times in holders.items()
        if times > 1
    ]
    told: dict[tuple[str, str], Any] = {}
    for deed in history.deeds:
        if deed.kind == "claim" and deed.answer:
            envelope = str(deed.body["id"])
            if told.setdefault((deed.by, envelope), deed.answer["amount"]) != deed.answer["amount"]:
                found.append(f"{deed.by} was told two amounts for {envelope}")
            if history.shares and not history.shares.get(envelope, Counter())[deed.by]:
                found.append(f"{deed.by} was given a share of {envelope} and holds none")
    return found
