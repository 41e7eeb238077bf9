"""Claims on red envelopes by many at once: the service, against the bare driver."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime

from django.db import connection

from accounts.models import User
from benchmarks import replay
from benchmarks.stage import Site
from benchmarks.table import Row, progress
from chat import services as chat
from wallet import services
from wallet.ledger import fingerprint
from wallet.models import RedEnvelope

WORKERS = 16
ENVELOPES, SHARES = 6, 100

Claim = Callable[[User, RedEnvelope], None]


def rows(site: Site) -> list[Row]:
    town = site.town
    town.fill_purses()
    claimers = town.friends[:SHARES]
    progress("claims through the bare driver")
    bare, _, _ = _run(town.envelopes(ENVELOPES, SHARES), claimers, _bare)
    progress("claims through the service")
    ours, cpu, slowest = _run(town.envelopes(ENVELOPES, SHARES), claimers, _service)
    progress("claims in a conversation")
    told, told_cpu, told_slowest = _run(town.envelopes(ENVELOPES, SHARES), claimers, _in_chat)
    limit = "wallet_claim(), bare driver" if connection.vendor == "postgresql" else "same writes, bare driver"
    target = "≥ 400" if site.embedded else "≥ 30 %"
    note = "p99 {:.0f} ms, 16 threads of one process"
    return [
        Row("claims, wallet's service", ours, "claims/s", bare, limit, target, cpu, None, note.format(slowest)),
        Row("claims in a conversation, told live", told, "claims/s", bare, limit, "", told_cpu, None,
            note.format(told_slowest)),
    ]  # fmt: skip


def _run(envelopes: list[RedEnvelope], claimers: list[User], make: Callable[[], Claim]) -> tuple[float, float, float]:
    """Claims a second, this process's CPU milliseconds for each, and the slowest hundredth in milliseconds."""
    turns = itertools.product(envelopes, claimers)
    guard = threading.Lock()

    def prepare() -> Callable[[], None]:
        claim = make()

        def once() -> None:
            with guard:
                envelope, claimer = next(turns)  # StopIteration when every share is taken
            claim(claimer, envelope)

        once.close = getattr(claim, "close", connection.close)  # type: ignore[attr-defined]
        return once

    before = time.process_time()
    rate, times = replay.rate(prepare, workers=WORKERS, seconds=20)
    cpu = (time.process_time() - before) * 1000 / len(times)
    assert len(times) == len(envelopes) * len(claimers)
    return rate, cpu, times[int(len(times) * 0.99)] * 1000


def _service() -> Claim:
    def claim(claimer: User, envelope: RedEnvelope) -> None:
        services.claim_red_envelope(claimer=claimer, red_envelope=envelope)

    return claim


def _in_chat() -> Claim:
    def claim(claimer: User, envelope: RedEnvelope) -> None:
        chat.claim_red_envelope(claimer=claimer, red_envelope=envelope)

    return claim


_alone = threading.Lock()


def _bare() -> Claim:
    driver = replay.Driver()
    hashes: dict[int, bytes] = {}

    def call(claimer: User, envelope: RedEnvelope) -> None:
        proof = hashes.setdefault(envelope.pk, fingerprint("claim", red_envelope=envelope.pk))
        arguments = (envelope.pk, claimer.pk, f"grab:{envelope.pk}:{claimer.pk}", proof)
        driver.ask("SELECT * FROM wallet_claim(%s, %s, %s, %s)", arguments).fetchone()

    def write(claimer: User, envelope: RedEnvelope) -> None:
        with _alone:  # as the service: one writer after the other
            driver.transaction(lambda ask: _writes(ask, claimer, envelope))

    claim: Claim = call if connection.vendor == "postgresql" else write
    claim.close = driver.close  # type: ignore[attr-defined]
    return claim


def _writes(ask: Callable[..., object], claimer: User, envelope: RedEnvelope) -> None:
    """What a claim leaves behind on SQLite, where no function in the database does it."""
    share, amount = ask(
        "SELECT id, amount FROM wallet_share WHERE envelope_id = %s AND claimed_by_id IS NULL"
        " AND refund_transaction_id IS NULL ORDER BY id LIMIT 1",
        (envelope.pk,),
    ).fetchone()  # type: ignore[attr-defined]
    accounts = "SELECT id, balance FROM wallet_account WHERE currency = %s AND "
    (escrow, _) = ask(accounts + "kind = 'escrow'", (envelope.currency,)).fetchone()  # type: ignore[attr-defined]
    (own, balance) = ask(accounts + "owner_id = %s", (envelope.currency, claimer.pk)).fetchone()  # type: ignore[attr-defined]
    now = datetime.now(UTC).replace(tzinfo=None).isoformat(" ")
    key, proof = f"grab:{envelope.pk}:{claimer.pk}", fingerprint("claim", red_envelope=envelope.pk)
    posted = ask(
        "INSERT INTO wallet_transaction (kind, actor_id, key, request_hash, legs, created_at)"
        " VALUES ('claim', %s, %s, %s, 2, %s) RETURNING id",
        (claimer.pk, key, proof, now),
    ).fetchone()[0]  # type: ignore[attr-defined]
    ask(
        "INSERT INTO wallet_entry (transaction_id, account_id, amount, balance_after)"
        " VALUES (%s, %s, %s, NULL), (%s, %s, %s, %s)",
        (posted, escrow, -amount, posted, own, amount, balance + amount),
    )
    ask(
        "UPDATE wallet_share SET claimed_by_id = %s, claimed_at = %s, claim_transaction_id = %s WHERE id = %s",
        (claimer.pk, now, posted, share),
    )
