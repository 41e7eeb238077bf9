"""Top-ups and red envelopes, as people use them."""

from __future__ import annotations

import pytest
from django.conf import settings

from accounts.models import User
from notifications.models import Notification
from superapp.kernel.errors import NotFound, Refused
from tests import make
from wallet import ledger, luck
from wallet.models import Account, Entry, RedEnvelope, Share, Transaction
from wallet.services import (
    balance,
    claim_red_envelope,
    refund_red_envelope,
    send_red_envelope,
    top_up,
)
from wallet.tasks import refund_expired_red_envelopes

pytestmark = pytest.mark.django_db


def send(sender: User, **changes: object) -> RedEnvelope:
    fields = {"kind": "lucky", "amount": 1000, "shares": 5, "scope": "test", "key": "send"} | changes
    return send_red_envelope(sender=sender, **fields)


def books() -> tuple[int, int, int, int]:
    return (
        Transaction.objects.count(),
        Entry.objects.count(),
        RedEnvelope.objects.count(),
        Share.objects.filter(claimed_by=None).count(),
    )


def test_a_top_up_comes_from_the_funding_account(alice: User) -> None:
    entry = top_up(person=alice, amount=5000, key="one")
    assert (entry.amount, entry.balance_after, balance(alice)) == (5000, 5000, 5000)
    legs = dict(entry.transaction.entries.values_list("account__kind", "amount"))
    assert legs == {"user": 5000, "funding": -5000}


def test_the_same_key_tops_up_once(alice: User) -> None:
    first = top_up(person=alice, amount=5000, key="one")
    again = top_up(person=alice, amount=5000, key="one")
    assert (first.replayed, again.replayed, again.pk) == (False, True, first.pk)
    assert balance(alice) == 5000


def test_the_same_key_for_another_amount_is_refused(alice: User) -> None:
    top_up(person=alice, amount=5000, key="one")
    with pytest.raises(ledger.IdempotencyMismatch):
        top_up(person=alice, amount=5001, key="one")
    assert balance(alice) == 5000


def test_keys_belong_to_the_one_who_chose_them(alice: User, bob: User) -> None:
    top_up(person=alice, amount=1, key="one")
    top_up(person=bob, amount=2, key="one")
    assert (balance(alice), balance(bob)) == (1, 2)


def test_a_key_cannot_stand_in_the_way_of_a_claim(alice: User, bob: User) -> None:
    envelope = make.red_envelope(alice)
    top_up(person=bob, amount=1, key=f"grab:{envelope.pk}:{bob.pk}")
    assert not claim_red_envelope(claimer=bob, red_envelope=envelope).replayed


@pytest.mark.parametrize(
    ("amount", "code"), [(0, "amount_too_small"), (-5, "amount_too_small"), (100_001, "amount_too_large")]
)
def test_top_ups_have_limits(alice: User, amount: int, code: str) -> None:
    before = books()
    with pytest.raises(Refused) as refusal:
        top_up(person=alice, amount=amount, key="one")
    assert refusal.value.code == code
    assert books() == before


@pytest.mark.parametrize("amount", [1.0, "5", True, None])
def test_money_is_an_integer_and_nothing_else(alice: User, amount: object) -> None:
    with pytest.raises(TypeError):
        top_up(person=alice, amount=amount, key="one")


def test_sending_takes_the_money_and_cuts_it(alice: User) -> None:
    make.funds(alice, 1500)
    envelope = send(alice, greeting="  Good luck!  ")
    assert balance(alice) == 500
    assert envelope.greeting == "Good luck!"
    parts = list(envelope.shares.order_by("place").values_list("amount", flat=True))
    assert (len(parts), sum(parts), min(parts) >= 1) == (5, 1000, True)
    assert luck.verify(
        seed=envelope.seed,
        commitment=envelope.commitment,
        envelope_id=envelope.pk,
        kind="lucky",
        parts=parts,
        share_max=envelope.share_max,
    )


def test_equal_shares_are_equal(alice: User) -> None:
    envelope = make.red_envelope(alice, kind="normal", amount=1000, shares=4)
    assert set(envelope.shares.values_list("amount", flat=True)) == {250}
    assert envelope.commitment == ""


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"amount": 0}, "amount_too_small"),
        ({"amount": 4}, "amount_too_small"),
        ({"amount": -1000}, "amount_too_small"),
        ({"amount": 5 * 20_000 + 1}, "amount_too_large"),
        ({"shares": 0}, "wrong_number_of_shares"),
        ({"shares": -1}, "wrong_number_of_shares"),
        ({"shares": 101, "amount": 5000}, "wrong_number_of_shares"),
        ({"kind": "normal", "amount": 1001}, "not_divisible"),
        ({"amount": 2001}, "insufficient_funds"),
        ({"greeting": "x" * 61}, "invalid"),
    ],
)
def test_what_cannot_be_sent_leaves_no_trace(alice: User, changes: dict, code: str) -> None:
    make.funds(alice, 2000)
    before = books()
    with pytest.raises(Refused) as refusal:
        send(alice, **changes)
    assert refusal.value.code == code
    assert books() == before
    assert balance(alice) == 2000
    send(alice, amount=2000)  # the key is still free, and nothing else was in the way


def test_sending_again_with_the_same_key_gives_the_same_envelope(alice: User) -> None:
    make.funds(alice, 5000)
    first, again = send(alice), send(alice)
    assert (again.pk, first.replayed, again.replayed) == (first.pk, False, True)
    assert balance(alice) == 4000
    with pytest.raises(ledger.IdempotencyMismatch):
        send(alice, greeting="another")


def test_a_frozen_wallet_pays_nothing_and_still_receives(alice: User, bob: User) -> None:
    make.funds(alice, 5000)
    envelope = make.red_envelope(bob)
    Account.objects.filter(owner=alice).update(frozen=True)
    with pytest.raises(ledger.AccountFrozen):
        send(alice)
    share = claim_red_envelope(claimer=alice, red_envelope=envelope)
    assert balance(alice) == 5000 + share.amount


def test_claiming_pays_one_share(alice: User, bob: User) -> None:
    envelope = make.red_envelope(alice)
    share = claim_red_envelope(claimer=bob, red_envelope=envelope)
    assert share.amount == balance(bob) >= 1
    assert (share.claimed_by, share.replayed) == (bob, False)
    assert Share.objects.get(pk=share.pk).claimed_at == share.claimed_at


def test_claiming_again_gives_the_share_already_taken(alice: User, bob: User) -> None:
    envelope = make.red_envelope(alice)
    first = claim_red_envelope(claimer=bob, red_envelope=envelope)
    again = claim_red_envelope(claimer=bob, red_envelope=envelope)
    assert (again.pk, again.amount, again.replayed) == (first.pk, first.amount, True)
    assert again.claimed_at == first.claimed_at
    assert balance(bob) == first.amount


def test_the_share_already_taken_is_told_even_after_the_end(alice: User, bob: User) -> None:
    envelope = make.red_envelope(alice)
    first = claim_red_envelope(claimer=bob, red_envelope=envelope)
    refund_red_envelope(make.expire(envelope).pk)
    assert claim_red_envelope(claimer=bob, red_envelope=envelope).amount == first.amount


def test_an_empty_envelope_says_so(alice: User, bob: User, charlie: User) -> None:
    envelope = make.red_envelope(alice, shares=1, amount=100)
    claim_red_envelope(claimer=bob, red_envelope=envelope)
    with pytest.raises(ledger.RedEnvelopeEmpty):
        claim_red_envelope(claimer=charlie, red_envelope=envelope)
    assert balance(charlie) == 0


def test_an_envelope_that_was_never_sent_is_not_found(alice: User) -> None:
    with pytest.raises(NotFound):
        ledger.claim(red_envelope_id=2**62, person_id=alice.pk)


def test_what_nobody_took_goes_back_once(alice: User, bob: User, effects) -> None:
    envelope = make.red_envelope(alice)
    taken = claim_red_envelope(claimer=bob, red_envelope=envelope).amount
    assert refund_red_envelope(envelope.pk) == 0  # not yet
    make.expire(envelope)
    with pytest.raises(ledger.RedEnvelopeExpired):
        claim_red_envelope(claimer=alice, red_envelope=envelope)
    with effects():
        refund_expired_red_envelopes()
    assert balance(alice) == 1000 - taken
    assert refund_red_envelope(envelope.pk) == 0
    assert balance(alice) == 1000 - taken
    envelope.refresh_from_db()
    assert (envelope.state, envelope.has_ended()) == ("expired", True)
    with pytest.raises(ledger.RedEnvelopeExpired):
        claim_red_envelope(claimer=alice, red_envelope=envelope)
    told = Notification.objects.get(recipient=alice, kind="red_envelope_refunded")
    assert told.data["amount"] == 1000 - taken


def test_the_sweep_owes_one_refund_however_often_it_runs(alice: User) -> None:
    from superapp.kernel.models import OutboxRow

    envelope = make.expire(make.red_envelope(alice))
    refund_expired_red_envelopes()
    refund_expired_red_envelopes()
    assert OutboxRow.objects.filter(task="wallet.tasks.refund_red_envelope").count() == 1
    refund_red_envelope(envelope.pk)


def test_an_emptied_envelope_is_settled_without_a_posting(alice: User, bob: User) -> None:
    envelope = make.red_envelope(alice, shares=1, amount=100)
    claim_red_envelope(claimer=bob, red_envelope=envelope)
    before = Transaction.objects.count()
    assert refund_red_envelope(make.expire(envelope).pk) == 0
    envelope.refresh_from_db()
    assert envelope.refunded_at is not None
    assert envelope.state == "empty"
    assert Transaction.objects.count() == before


def test_best_luck_is_known_when_all_are_taken(alice: User) -> None:
    envelope = make.red_envelope(alice, shares=3)
    people = [make.person(f"guest{number}") for number in range(3)]
    shares = []
    for guest in people:
        assert envelope.best_luck() is None
        shares.append(claim_red_envelope(claimer=guest, red_envelope=envelope))
    best = envelope.best_luck()
    assert best is not None
    assert best.amount == max(share.amount for share in shares)
    assert best.claimed_by == next(share.claimed_by for share in shares if share.amount == best.amount)
    assert envelope.state == "empty"


def test_a_refused_claim_inside_a_larger_transaction_spoils_nothing_else(alice: User, bob: User) -> None:
    from django.db import transaction

    envelope = make.red_envelope(alice, shares=1, amount=100)
    claim_red_envelope(claimer=alice, red_envelope=envelope)
    with transaction.atomic():
        top_up(person=bob, amount=7, key="before")
        with pytest.raises(ledger.RedEnvelopeEmpty):
            claim_red_envelope(claimer=bob, red_envelope=envelope)
        with pytest.raises(ledger.InsufficientFunds):
            send(bob)
        top_up(person=bob, amount=8, key="after")
    assert balance(bob) == 15


def test_what_is_rolled_back_leaves_the_key_free(alice: User) -> None:
    from django.db import transaction

    class Crash(Exception):
        pass

    with pytest.raises(Crash), transaction.atomic():
        top_up(person=alice, amount=7, key="one")
        raise Crash
    assert balance(alice) == 0
    assert not top_up(person=alice, amount=7, key="one").replayed


def test_states_cost_no_query_for_each_envelope(alice: User, bob: User, django_assert_num_queries) -> None:
    envelopes = [make.red_envelope(alice) for _ in range(3)]
    claim_red_envelope(claimer=bob, red_envelope=envelopes[0])
    with django_assert_num_queries(1):
        listed = {
            (envelope.pk, envelope.state, envelope.claimed_count) for envelope in RedEnvelope.objects.with_counts()
        }
    assert listed == {(envelope.pk, "open", int(envelope == envelopes[0])) for envelope in envelopes}


def test_who_sees_an_envelope_in_the_wallet(alice: User, bob: User, charlie: User) -> None:
    envelope = make.red_envelope(alice)
    claim_red_envelope(claimer=bob, red_envelope=envelope)
    seen = {person: envelope in RedEnvelope.objects.visible_to(person) for person in (alice, bob, charlie)}
    assert seen == {alice: True, bob: True, charlie: False}
    entry = Entry.objects.visible_to(bob).get()
    assert entry not in Entry.objects.visible_to(alice)
    assert entry.account.currency == settings.CURRENCY
