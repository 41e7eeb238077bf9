"""The proof of the books: everything is counted again from the entries, and anything that does not agree is a finding.

Nothing is ever mended here. Each check is one query that answers the rows that are wrong, so that memory stays small
however large the books are. It runs on one snapshot and keeps nobody waiting.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection
from django.db.models import Prefetch

from . import guards, ledger, luck
from .models import RedEnvelope, Share


@dataclass(frozen=True, slots=True)
class Finding:
    check: str
    detail: str

    def __str__(self) -> str:
        return f"{self.check}: {self.detail}"


# name → a query; each row it answers is a finding, its first column the row concerned.
_CHECKS = {
    # (1) and (8): every transaction has the entries it announced, in one currency, summing to zero.
    "transaction_not_whole": """
        SELECT t.id, t.legs, count(e.id), coalesce(sum(e.amount), 0)
        FROM wallet_transaction t
        LEFT JOIN wallet_entry e ON e.transaction_id = t.id
        LEFT JOIN wallet_account a ON a.id = e.account_id
        GROUP BY t.id, t.legs
        HAVING count(e.id) <> t.legs OR coalesce(sum(e.amount), 0) <> 0 OR count(DISTINCT a.currency) <> 1
    """,
    "entry_without_transaction": """
        SELECT e.id FROM wallet_entry e
        LEFT JOIN wallet_transaction t ON t.id = e.transaction_id
        LEFT JOIN wallet_account a ON a.id = e.account_id
        WHERE t.id IS NULL OR a.id IS NULL
    """,
    # (2) a balance is the sum of its entries, and not below zero.
    "balance_drift": """
        SELECT a.id, a.balance, coalesce(sum(e.amount), 0)
        FROM wallet_account a LEFT JOIN wallet_entry e ON e.account_id = a.id
        WHERE a.balance IS NOT NULL
        GROUP BY a.id, a.balance
        HAVING a.balance <> coalesce(sum(e.amount), 0) OR a.balance < 0
    """,
    "account_shape": """
        SELECT id, kind FROM wallet_account
        WHERE (kind = 'user') <> (balance IS NOT NULL) OR (kind = 'user') <> (owner_id IS NOT NULL)
    """,
    # (3) each entry says where the balance stood after it.
    "balance_chain": """
        SELECT id, account_id, amount, balance_after, before FROM (
            SELECT e.id, e.account_id, e.amount, e.balance_after,
                coalesce(lag(e.balance_after) OVER (PARTITION BY e.account_id ORDER BY e.id), 0) AS before
            FROM wallet_entry e JOIN wallet_account a ON a.id = e.account_id WHERE a.balance IS NOT NULL
        ) chain
        WHERE balance_after IS NULL OR balance_after <> before + amount
    """,
    # (4) escrow holds exactly what has neither been taken nor gone back.
    "escrow_drift": """
        SELECT held.currency, held.amount, coalesce(free.amount, 0) FROM (
            SELECT a.currency, coalesce(sum(e.amount), 0) AS amount
            FROM wallet_account a LEFT JOIN wallet_entry e ON e.account_id = a.id
            WHERE a.kind = 'escrow' GROUP BY a.currency
        ) held LEFT JOIN (
            SELECT r.currency, sum(s.amount) AS amount
            FROM wallet_share s JOIN wallet_redenvelope r ON r.id = s.envelope_id
            WHERE s.claimed_by_id IS NULL AND s.refund_transaction_id IS NULL GROUP BY r.currency
        ) free ON free.currency = held.currency
        WHERE held.amount <> coalesce(free.amount, 0)
    """,
    # (5) an envelope: its shares make up its amount, which its sender paid; one share each; each paid out once.
    "red_envelope_shares": """
        SELECT r.id, r.amount, r.share_count, coalesce(sum(s.amount), 0), count(s.id)
        FROM wallet_redenvelope r LEFT JOIN wallet_share s ON s.envelope_id = r.id
        GROUP BY r.id, r.amount, r.share_count
        HAVING coalesce(sum(s.amount), 0) <> r.amount OR count(s.id) <> r.share_count
            OR count(s.claimed_by_id) <> count(DISTINCT s.claimed_by_id)
    """,
    "red_envelope_not_paid": """
        SELECT r.id FROM wallet_redenvelope r
        LEFT JOIN wallet_transaction t ON t.id = r.transaction_id AND t.kind = 'red_envelope'
        LEFT JOIN wallet_account a ON a.kind = 'user' AND a.owner_id = r.sender_id AND a.currency = r.currency
        LEFT JOIN wallet_entry e ON e.transaction_id = t.id AND e.account_id = a.id AND e.amount = -r.amount
        WHERE e.id IS NULL
    """,
    "share_paid_wrongly": """
        SELECT s.id FROM wallet_share s
        JOIN wallet_redenvelope r ON r.id = s.envelope_id
        LEFT JOIN wallet_transaction t ON t.id = s.claim_transaction_id AND t.kind = 'claim'
        LEFT JOIN wallet_account a ON a.kind = 'user' AND a.owner_id = s.claimed_by_id AND a.currency = r.currency
        LEFT JOIN wallet_entry e ON e.transaction_id = t.id AND e.account_id = a.id AND e.amount = s.amount
        WHERE (s.claim_transaction_id IS NOT NULL OR s.claimed_by_id IS NOT NULL)
            AND (e.id IS NULL OR s.refund_transaction_id IS NOT NULL)
    """,
    "refund_wrong": """
        SELECT r.id, back.amount, e.amount FROM wallet_redenvelope r
        LEFT JOIN (
            SELECT envelope_id, sum(amount) AS amount, min(refund_transaction_id) AS first,
                max(refund_transaction_id) AS last
            FROM wallet_share WHERE refund_transaction_id IS NOT NULL GROUP BY envelope_id
        ) back ON back.envelope_id = r.id
        LEFT JOIN wallet_transaction t ON t.id = r.refund_transaction_id AND t.kind = 'refund'
        LEFT JOIN wallet_account a ON a.kind = 'user' AND a.owner_id = r.sender_id AND a.currency = r.currency
        LEFT JOIN wallet_entry e ON e.transaction_id = t.id AND e.account_id = a.id
        WHERE (r.refund_transaction_id IS NOT NULL OR back.envelope_id IS NOT NULL)
            AND (e.id IS NULL OR back.amount IS NULL OR e.amount <> back.amount
                OR back.first <> r.refund_transaction_id OR back.last <> r.refund_transaction_id)
    """,
    # (8) no money moves without the row that tells why.
    "transaction_without_reason": """
        SELECT t.id, t.kind FROM wallet_transaction t
        WHERE (t.kind = 'red_envelope'
                AND NOT EXISTS (SELECT 1 FROM wallet_redenvelope r WHERE r.transaction_id = t.id))
            OR (t.kind = 'claim' AND NOT EXISTS (SELECT 1 FROM wallet_share s WHERE s.claim_transaction_id = t.id))
            OR (t.kind = 'refund'
                AND NOT EXISTS (SELECT 1 FROM wallet_redenvelope r WHERE r.refund_transaction_id = t.id))
    """,
}

# (6) what should have gone back ten minutes ago and has not.
_OVERDUE = {
    "postgresql": "r.expires_at < now() - interval '10 minutes'",
    "sqlite": "r.expires_at < strftime('%Y-%m-%d %H:%M:%S', 'now', '-10 minutes')",
}


def findings() -> Iterator[Finding]:
    """All that is wrong with the books, one by one. Nothing, one hopes."""
    missing = guards.expected(connection) - guards.present(connection)
    for name in sorted(missing):
        yield Finding("guard_missing", name)
    with ledger.snapshot():
        for check, query in _CHECKS.items():
            yield from _rows(check, query)
        overdue = _OVERDUE[connection.vendor]
        yield from _rows(
            "refund_overdue",
            f"SELECT r.id FROM wallet_redenvelope r WHERE r.refunded_at IS NULL AND {overdue}"  # noqa: S608
            " AND EXISTS (SELECT 1 FROM wallet_share s WHERE s.envelope_id = r.id AND s.claimed_by_id IS NULL)",
        )
        yield from _luck()


def _rows(check: str, query: str) -> Iterator[Finding]:
    with connection.chunked_cursor() as cursor:
        cursor.execute(query)
        while rows := cursor.fetchmany(1000):
            for row in rows:
                yield Finding(check, " ".join(map(str, row)))


def _luck() -> Iterator[Finding]:
    """Every lucky draw is drawn again."""
    shares = Prefetch("shares", Share.objects.only("envelope", "amount", "place").order_by("place"), to_attr="parts")
    lucky = RedEnvelope.objects.filter(kind=RedEnvelope.Kind.LUCKY).order_by("pk").prefetch_related(shares)
    for envelope in lucky.iterator(chunk_size=500):
        try:
            agrees = luck.verify(
                seed=bytes(envelope.seed),
                commitment=envelope.commitment,
                envelope_id=envelope.pk,
                kind=envelope.kind,
                parts=[share.amount for share in envelope.parts],
                share_max=envelope.share_max,
            )
        except ValueError:
            agrees = False
        if not agrees:
            yield Finding("draw_differs", str(envelope.pk))
