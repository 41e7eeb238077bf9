"""Red envelopes in chats: membership and money in one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from accounts import services as accounts
from accounts.models import User
from chat import services
from chat.models import Conversation, Message
from chat.services.red_envelopes import OneShareOnly, OwnRedEnvelope
from superapp.kernel.errors import NotFound
from tests.chat.test_numbering import at_once
from tests.conftest import Api
from tests.live_server import Device
from wallet import services as wallet
from wallet.ledger import InsufficientFunds, RedEnvelopeEmpty
from wallet.models import RedEnvelope, Share, Transaction


@pytest.fixture
def rich(alice: User) -> User:
    wallet.top_up(person=alice, amount=10_000, key="start")
    return alice


def post(user: User, conversation: Conversation, key: str | None = "k1", **body: Any) -> Any:
    body = {"kind": "normal", "amount": 600, "shares": 3, "greeting": "Best wishes", **body}
    headers = {"Idempotency-Key": key} if key else {}
    return Api(user).post(f"/api/v1/conversations/{conversation.pk}/red-envelopes/", body, headers=headers)


def claim(user: User, envelope_id: str) -> Any:
    return Api(user).post(f"/api/v1/red-envelopes/{envelope_id}/claim/")


def everything() -> tuple[Any, ...]:
    heads = list(Conversation.objects.order_by("pk").values_list("head", flat=True))
    return heads, Message.objects.count(), RedEnvelope.objects.count(), Transaction.objects.count()


def test_a_red_envelope_is_sent_opened_and_emptied(rich: User, bob: User, carol: User, group: Conversation) -> None:
    sent = post(rich, group)
    assert sent.status_code == 201
    message = sent.json()
    assert (message["kind"], message["text"]) == ("red_envelope", "Best wishes")
    assert message["red_envelope"] == {
        "id": message["red_envelope"]["id"],
        "kind": "normal",
        "greeting": "Best wishes",
        "shares": 3,
        "state": "open",
    }
    envelope = message["red_envelope"]["id"]
    assert wallet.balance(rich) == 9_400
    for person in (rich, bob, carol):
        answer = claim(person, envelope)
        assert (answer.status_code, answer.json()) == (200, {"amount": 200, "currency": "CNY"})
    assert claim(bob, envelope).headers["Idempotent-Replay"] == "true"
    assert (wallet.balance(rich), wallet.balance(bob)) == (9_600, 200)
    shown = Api(bob).get(f"/api/v1/red-envelopes/{envelope}/").json()
    assert (shown["state"], len(shown["claims"]), shown["my_claim"]["amount"]) == ("empty", 3, 200)
    listed = Api(bob).get(f"/api/v1/conversations/{group.pk}/messages/").json()["results"][0]
    group.refresh_from_db()
    assert listed["red_envelope"]["state"] == "empty"
    assert listed["changed_seq"] == group.head == listed["seq"] + 1  # the last claim alone takes a number


@pytest.mark.covers("G4", "F7")
def test_who_is_not_in_it_neither_sees_nor_opens_nor_sends(
    rich: User, bob: User, charlie: User, group: Conversation
) -> None:
    envelope = post(rich, group).json()["red_envelope"]["id"]
    services.remove_member(actor=rich, conversation=group, member=group.member(bob))
    before = everything()
    for person in (bob, charlie):
        assert Api(person).get(f"/api/v1/red-envelopes/{envelope}/").status_code == 404
        assert claim(person, envelope).status_code == 404
        assert post(person, group).status_code == 404
        with pytest.raises(NotFound):
            services.claim_red_envelope(claimer=person, red_envelope=RedEnvelope.objects.get(pk=envelope))
    assert everything() == before
    assert not Share.objects.claimed().exists()


def test_who_joined_later_does_not_open_what_was_sent_before(rich: User, dora: User, group: Conversation) -> None:
    from tests import make

    envelope = post(rich, group).json()["red_envelope"]["id"]
    make.friends(rich, dora)
    services.add_members(actor=rich, conversation=group, members=[dora])
    assert claim(dora, envelope).status_code == 404


def test_between_two_the_other_opens_the_only_share(rich: User, bob: User, direct: Conversation) -> None:
    before = everything()
    with pytest.raises(OneShareOnly):
        services.send_red_envelope(sender=rich, conversation=direct, kind="normal", amount=2, shares=2, key="k")
    assert everything() == before
    envelope = post(rich, direct, shares=1).json()["red_envelope"]["id"]
    with pytest.raises(OwnRedEnvelope):
        services.claim_red_envelope(claimer=rich, red_envelope=RedEnvelope.objects.get(pk=envelope))
    assert claim(rich, envelope).json()["code"] == "own_red_envelope"
    assert claim(bob, envelope).json()["amount"] == 600


def test_who_is_not_heard_cannot_send_money_either(rich: User, bob: User, direct: Conversation) -> None:
    accounts.block_person(blocker=bob, blocked=rich)
    before = everything()
    assert post(rich, direct, shares=1).json()["code"] == "rejected"
    assert everything() == before
    assert wallet.balance(rich) == 10_000


@pytest.mark.covers("G3")
def test_a_key_is_needed_and_used_once(rich: User, group: Conversation) -> None:
    assert post(rich, group, key=None).json()["code"] == "idempotency_key_required"
    first, again = post(rich, group), post(rich, group)
    assert first.json() == again.json()
    assert again.headers["Idempotent-Replay"] == "true"
    other = post(rich, group, amount=900)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_mismatch")
    assert Message.objects.filter(kind="red_envelope").count() == 1


def test_without_the_money_nothing_is_there(alice: User, group: Conversation) -> None:
    before = everything()
    assert post(alice, group).json()["code"] == "insufficient_funds"
    with pytest.raises(InsufficientFunds):
        services.send_red_envelope(sender=alice, conversation=group, kind="lucky", amount=100, shares=3, key="k")
    assert everything() == before


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount": 0},
        {"amount": -1},
        {"amount": 1.5},
        {"amount": "600"},
        {"amount": True},
        {"amount": 2**63},
        {"shares": 0},
        {"shares": 601},
        {"shares": 101},
        {"shares": "3"},
        {"kind": "exclusive"},
        {"kind": None},
        {"greeting": "x" * 61},
        {"amount": 601},
        {"amount": 20_001 * 3},
    ],
)
def test_what_makes_no_envelope_moves_no_money(wrong: dict[str, Any], rich: User, group: Conversation) -> None:
    before = everything()
    answer = post(rich, group, **wrong)
    assert 400 <= answer.status_code < 500
    assert everything() == before


def test_an_expired_envelope_shows_as_expired_and_is_not_opened(rich: User, bob: User, group: Conversation) -> None:
    envelope = post(rich, group).json()["red_envelope"]["id"]
    RedEnvelope.objects.filter(pk=envelope).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert claim(bob, envelope).json()["code"] == "red_envelope_expired"
    wallet.refund_red_envelope(int(envelope))
    shown = Api(bob).get(f"/api/v1/conversations/{group.pk}/sync/").json()["messages"][-1]
    assert shown["red_envelope"]["state"] == "expired"
    assert wallet.balance(rich) == 10_000


@pytest.mark.covers("G4", "G8")
@pytest.mark.django_db(transaction=True)
def test_when_all_grab_at_once_each_share_goes_once_and_the_end_is_told_once(
    rich: User, bob: User, device: Callable[..., Device]
) -> None:
    from tests import make

    people = [rich, bob, *(make.person(f"friend{index}") for index in range(10))]
    for person in people[2:]:
        make.friends(rich, person)
    group = services.create_group(owner=rich, members=people[1:])
    message = services.send_red_envelope(
        sender=rich, conversation=group, kind="lucky", amount=1000, shares=8, key=str(uuid4())
    )
    phone = device(rich)

    def grab(index: int) -> int:
        try:
            return services.claim_red_envelope(claimer=people[index], red_envelope=message.red_envelope).amount
        except RedEnvelopeEmpty:
            return 0

    got = at_once(grab, workers=12)
    assert (sum(got), sum(amount > 0 for amount in got)) == (1000, 8)
    message.refresh_from_db()
    group.refresh_from_db()
    assert message.changed_seq == group.head == message.seq + 1
    phone.texts()
    told = [frame for frame in phone.received if frame["type"] == "red_envelope.changed"]
    assert len(told) == 8
    assert all(frame["seq"] == message.seq for frame in told)
    changed = [frame for frame in phone.received if frame["type"] == "message.changed"]
    assert [(frame["seq"], frame["message"]["red_envelope"]["state"]) for frame in changed] == [(group.head, "empty")]
