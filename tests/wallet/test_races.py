from __future__ import annotations

import random
from collections import Counter
from functools import partial

import pytest
from django.db.models import Sum

from accounts.models import User
from tests import make
from tests.wallet.crowd import at_once
from wallet.models import Account, Entry, Share, Transaction
from wallet.services import (
    balance,
    claim_red_envelope,
    refund_red_envelope,
    send_red_envelope,
    top_up,
)

pytestmark = pytest.mark.django_db(transaction=True)


def people(count: int) -> list[User]:
    return User.objects.bulk_create(
        User(handle=f"guest{number}", display_name=f"Guest {number}", email=f"guest{number}@example.org", password="!")
        for number in range(count)
    )


def escrow() -> int:
    return Entry.objects.filter(account__kind=Account.Kind.ESCROW).aggregate(sum=Sum("amount"))["sum"]


@pytest.mark.covers("G4")
def test_sixty_four_people_and_forty_shares(alice: User) -> None:
    envelope = make.red_envelope(alice, amount=8000, shares=40)
    guests = people(64)
    answers = at_once([partial(claim_red_envelope, claimer=guest, red_envelope=envelope) for guest in guests])
    taken = [answer for answer in answers if isinstance(answer, Share)]
    assert Counter(answer for answer in answers if isinstance(answer, str)) == {"red_envelope_empty": 24}
    assert len({share.pk for share in taken}) == len({share.claimed_by_id for share in taken}) == 40
    assert sum(share.amount for share in taken) == 8000
    assert sum(balance(guest) for guest in guests) == 8000
    assert escrow() == 0


@pytest.mark.covers("G4")
def test_one_person_on_sixteen_devices_takes_one_share(alice: User, charlie: User) -> None:
    envelope = make.red_envelope(alice, amount=800, shares=8)
    shares = at_once([partial(claim_red_envelope, claimer=charlie, red_envelope=envelope) for _ in range(16)])
    assert {share.pk for share in shares} == {envelope.shares.claimed().get().pk}
    assert Counter(share.replayed for share in shares) == {False: 1, True: 15}
    assert balance(charlie) == shares[0].amount


@pytest.mark.covers("G2")
def test_no_more_is_spent_than_there_is(alice: User) -> None:
    make.funds(alice, 1000)
    send = partial(send_red_envelope, sender=alice, kind="normal", amount=100, shares=1, scope="test")
    answers = at_once([partial(send, key=f"send {number}") for number in range(64)])
    assert Counter(answer for answer in answers if isinstance(answer, str)) == {"insufficient_funds": 54}
    assert balance(alice) == 0
    assert escrow() == 1000


@pytest.mark.covers("G3")
def test_the_same_key_sixteen_times_at_once(alice: User) -> None:
    entries = at_once([partial(top_up, person=alice, amount=700, key="one") for _ in range(16)])
    assert {entry.pk for entry in entries} == {Entry.objects.get(account__owner=alice).pk}
    assert Counter(entry.replayed for entry in entries) == {False: 1, True: 15}
    assert balance(alice) == 700


@pytest.mark.covers("G3")
def test_the_same_key_with_other_bodies_at_once(alice: User) -> None:
    answers = at_once([partial(top_up, person=alice, amount=700 + number, key="one") for number in range(8)])
    assert Counter(answer for answer in answers if isinstance(answer, str)) == {"idempotency_mismatch": 7}
    assert Transaction.objects.count() == 1


@pytest.mark.covers("G4")
@pytest.mark.parametrize("seed", range(4))
def test_claims_against_two_refunds(alice: User, seed: int) -> None:
    """Each share goes one way. The refunds come a random moment after the first claims."""
    chance = random.Random(seed)
    shares = chance.randint(4, 30)
    envelope = make.red_envelope(alice, amount=shares * 100, shares=shares)
    guests = people(12)
    claims = [partial(claim_red_envelope, claimer=guest, red_envelope=envelope) for guest in guests]
    refunds = [partial(expire_and_refund, envelope, chance.uniform(0, 0.02)) for _ in range(2)]
    answers = at_once([*claims, *refunds])
    taken = sum(share.amount for share in answers if isinstance(share, Share))
    assert taken + sum(answer for answer in answers if isinstance(answer, int)) == envelope.amount
    assert balance(alice) == envelope.amount - taken
    assert sum(balance(guest) for guest in guests) == taken
    assert escrow() == 0
    assert Transaction.objects.filter(kind=Transaction.Kind.REFUND).count() <= 1


def expire_and_refund(envelope: object, after: float) -> int:
    import time

    time.sleep(after)
    make.expire(envelope)
    return refund_red_envelope(envelope.pk)


def test_friends_who_send_to_and_take_from_each_other(alice: User) -> None:
    """Crossing postings on few accounts: locks in one order, so nobody is thrown out of a deadlock."""
    guests = people(6)
    for guest in guests:
        make.funds(guest, 2000)
    envelopes = [make.red_envelope(guest, amount=600, shares=6) for guest in guests]
    send = partial(send_red_envelope, kind="normal", amount=100, shares=1, scope="test")
    calls = [
        partial(claim_red_envelope, claimer=guest, red_envelope=envelope) for guest in guests for envelope in envelopes
    ] + [partial(send, sender=guest, key=f"{number}") for guest in guests for number in range(4)]
    random.Random(7).shuffle(calls)
    answers = at_once(calls)
    assert [answer for answer in answers if isinstance(answer, str)] == []
    assert sum(balance(guest) for guest in guests) == 6 * (2000 + 600 - 400)
