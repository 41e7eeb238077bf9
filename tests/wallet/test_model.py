"""The ledger against a small model of it in memory, under whatever sequence of commands Hypothesis thinks of."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, multiple, rule

from accounts.models import User
from superapp.kernel.errors import Refused
from tests import make
from wallet import audit
from wallet.models import RedEnvelope
from wallet.services import balance, claim_red_envelope, refund_red_envelope, send_red_envelope, top_up

PEOPLE = 4
_names = count()

person = st.integers(0, PEOPLE - 1)


class Crash(Exception):
    pass


@dataclass
class Envelope:
    row: RedEnvelope
    sender: int
    parts: list[int]
    taken: dict[int, int] = field(default_factory=dict)
    expired: bool = False
    refunded: bool = False

    def left(self) -> int:
        return sum(self.parts) - sum(self.taken.values())


class Ledger(RuleBasedStateMachine):
    requests = Bundle("requests")
    envelopes = Bundle("envelopes")

    @initialize()
    def start(self) -> None:
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        run = next(_names)
        self.people = [make.person(f"model{run}x{number}") for number in range(PEOPLE)]
        self.balances = [0] * PEOPLE
        self.keys = count()
        self.done: dict[tuple[int, str], tuple[str, Any]] = {}

    def teardown(self) -> None:
        if hasattr(self, "atomic"):
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)

    @rule(target=requests, who=person, amount=st.integers(1, 3000), crash=st.booleans())
    def top_up(self, who: int, amount: int, crash: bool) -> Any:
        request = (who, f"key {next(self.keys)}", amount)
        if crash:
            with pytest.raises(Crash), transaction.atomic():
                top_up(person=self.people[who], amount=amount, key=request[1])
                raise Crash
        entry = top_up(person=self.people[who], amount=amount, key=request[1])
        assert not entry.replayed
        self.balances[who] += amount
        assert entry.balance_after == self.balances[who]
        self.done[who, request[1]] = ("top_up", entry.pk)
        return request

    @rule(request=requests)
    def top_up_again(self, request: tuple[int, str, int]) -> None:
        who, key, amount = request
        again = top_up(person=self.people[who], amount=amount, key=key)
        assert again.replayed
        assert self.done[who, key] == ("top_up", again.pk)

    @rule(request=requests)
    def use_the_key_for_something_else(self, request: tuple[int, str, int]) -> None:
        who, key, amount = request
        assert (
            self.refused(lambda: top_up(person=self.people[who], amount=amount + 1, key=key)) == "idempotency_mismatch"
        )

    @rule(
        target=envelopes,
        who=person,
        kind=st.sampled_from(["lucky", "normal"]),
        amount=st.integers(1, 2000),
        shares=st.integers(1, 6),
    )
    def send(self, who: int, kind: str, amount: int, shares: int) -> Any:
        def send() -> RedEnvelope:
            return send_red_envelope(
                sender=self.people[who], kind=kind, amount=amount, shares=shares, scope="model", key=key
            )

        key = f"key {next(self.keys)}"
        expected = (
            "amount_too_small"
            if amount < shares
            else "not_divisible"
            if kind == "normal" and amount % shares
            else "insufficient_funds"
            if amount > self.balances[who]
            else None
        )
        if expected:
            assert self.refused(send) == expected
            return multiple()
        row = send()
        assert send().pk == row.pk  # the retry of a client that heard nothing
        self.balances[who] -= amount
        parts = list(row.shares.order_by("place").values_list("amount", flat=True))
        assert sum(parts) == amount
        return Envelope(row, who, parts)

    @rule(envelope=envelopes, who=person)
    def claim(self, envelope: Envelope, who: int) -> None:
        def claim() -> Any:
            return claim_red_envelope(claimer=self.people[who], red_envelope=envelope.row)

        if who in envelope.taken:
            again = claim()
            assert (again.replayed, again.amount) == (True, envelope.taken[who])
        elif len(envelope.taken) == len(envelope.parts):
            assert self.refused(claim) == "red_envelope_empty"
        elif envelope.expired:
            assert self.refused(claim) == "red_envelope_expired"
        else:
            share = claim()
            assert share.amount == envelope.parts[len(envelope.taken)]  # in the order in which they were cut
            envelope.taken[who] = share.amount
            self.balances[who] += share.amount

    @rule(envelope=envelopes)
    def let_time_pass(self, envelope: Envelope) -> None:
        make.expire(envelope.row)
        envelope.expired = True

    @rule(envelope=envelopes)
    def refund(self, envelope: Envelope) -> None:
        back = refund_red_envelope(envelope.row.pk)
        if envelope.expired and not envelope.refunded:
            assert back == envelope.left()
            self.balances[envelope.sender] += back
            envelope.refunded = True
        else:
            assert back == 0

    @invariant()
    def balances_agree(self) -> None:
        if hasattr(self, "people"):
            assert [balance(person) for person in self.people] == self.balances

    @invariant()
    def books_agree(self) -> None:
        if hasattr(self, "people"):
            assert [str(finding) for finding in audit.findings()] == []

    def refused(self, call: Any) -> str:
        with pytest.raises(Refused) as refusal:
            call()
        return refusal.value.code


@pytest.mark.covers("G5")
@pytest.mark.django_db
def test_the_ledger_does_what_the_model_does(request: pytest.FixtureRequest) -> None:
    from hypothesis.stateful import run_state_machine_as_test

    run_state_machine_as_test(
        Ledger,
        settings=settings(
            max_examples=int(os.environ.get("LEDGER_EXAMPLES", "25")),  # each of 30 steps; many more at night
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            derandomize=True,
        ),
    )
    assert not User.objects.filter(handle__startswith="model").exists()
