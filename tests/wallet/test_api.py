from __future__ import annotations

import json
from typing import Any

import pytest
from django.conf import settings
from django.test import RequestFactory

from accounts.models import User
from tests import make
from wallet.api_fields import RedEnvelopeSerializer
from wallet.models import RedEnvelope, Transaction
from wallet.services import balance, claim_red_envelope, refund_red_envelope

pytestmark = pytest.mark.django_db

TOP_UPS = "/api/v1/wallet/top-ups/"


def top_up(client: Any, body: object, key: str | None = "one") -> Any:
    headers = {"Idempotency-Key": key} if key is not None else {}
    return client.post(TOP_UPS, body, headers=headers)


def test_the_wallet_starts_empty(alice: User, api) -> None:
    response = api(alice).get("/api/v1/wallet/")
    assert response.status_code == 200
    assert response.json()["balance"] == {"amount": 0, "currency": "CNY"}


def test_a_top_up_answers_the_bill(alice: User, api) -> None:
    response = top_up(api(alice), {"amount": 5000, "currency": "CNY"})
    assert response.status_code == 201
    body = response.json()
    assert (body["kind"], body["amount"], body["balance_after"], body["red_envelope"]) == (
        "top_up",
        {"amount": 5000, "currency": "CNY"},
        {"amount": 5000, "currency": "CNY"},
        None,
    )
    assert "Idempotent-Replay" not in response
    assert api(alice).get("/api/v1/wallet/").json()["balance"]["amount"] == 5000


@pytest.mark.covers("G3")
def test_sent_again_it_gives_the_same_answer(alice: User, api) -> None:
    first = top_up(api(alice), {"amount": 5000})
    make.funds(alice, 7)
    again = top_up(api(alice), {"amount": 5000})
    assert again.status_code == 201
    assert again.json() == first.json()
    assert again["Idempotent-Replay"] == "true"
    assert balance(alice) == 5007


@pytest.mark.covers("G3")
def test_sent_again_with_another_body_it_is_refused(alice: User, api) -> None:
    top_up(api(alice), {"amount": 5000})
    response = top_up(api(alice), {"amount": 5001})
    assert (response.status_code, response.json()["code"]) == (422, "idempotency_mismatch")
    assert balance(alice) == 5000


@pytest.mark.covers("G3")
@pytest.mark.parametrize("key", [None, "", "   ", "x" * 256, "schlüssel", "tab\tkey"])
def test_a_money_post_without_a_proper_key_is_refused(alice: User, api, key: str | None) -> None:
    response = top_up(api(alice), {"amount": 5000}, key)
    assert (response.status_code, response.json()["code"]) == (400, "idempotency_key_required")
    assert balance(alice) == 0
    assert top_up(api(alice), {"amount": 5000}, "x" * 255).status_code == 201


@pytest.mark.covers("G9")
@pytest.mark.parametrize(
    "amount",
    ["NaN", "Infinity", "-Infinity", "1e309", "1e3", "10.0", "0.1", "-5", "0", "-0", '"5"', '"５"', '"1,000"', "true",
     "null", "[5]", '{"amount": 5}', "9" * 30, "1" + "0" * 18, "100001", '"5\\u0000"', "５"],
)  # fmt: skip
def test_no_other_number_is_taken_for_money(alice: User, api, amount: str) -> None:
    response = api(alice).generic(
        "POST", TOP_UPS, f'{{"amount": {amount}}}', content_type="application/json", headers={"Idempotency-Key": "one"}
    )
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    assert not Transaction.objects.exists()


@pytest.mark.parametrize("body", [[], "x", 5, None, {}, {"amount": 5, "currency": "USD"}, {"amount": 5, "currency": 7}])
def test_a_body_of_another_shape_is_refused(alice: User, api, body: object) -> None:
    assert top_up(api(alice), body).status_code == 400
    assert not Transaction.objects.exists()


def test_refusals_name_the_field(alice: User, api) -> None:
    body = top_up(api(alice), {"amount": settings.TOP_UP_MAX + 1}).json()
    assert body["code"] == "amount_too_large"
    assert "1,000" in body["errors"]["amount"]


def test_guests_have_no_wallet(api, db: None) -> None:
    for response in (api().get("/api/v1/wallet/"), api().get("/api/v1/wallet/entries/"), top_up(api(), {"amount": 5})):
        assert response.status_code == 401


def test_bills_are_ones_own_and_newest_first(alice: User, charlie: User, api) -> None:
    envelope = make.red_envelope(alice, amount=500, shares=2)
    claim_red_envelope(claimer=charlie, red_envelope=envelope)
    mine = api(alice).get("/api/v1/wallet/entries/").json()["results"]
    assert [(bill["kind"], bill["amount"]["amount"]) for bill in mine] == [("red_envelope", -500), ("top_up", 500)]
    theirs = api(charlie).get("/api/v1/wallet/entries/").json()["results"]
    assert [(bill["kind"], bill["red_envelope"]) for bill in theirs] == [("claim", str(envelope.pk))]


def test_bills_come_in_pages_at_a_steady_cost(alice: User, api, django_assert_max_num_queries) -> None:
    for number in range(1, 26):
        make.funds(alice, number)
    client = api(alice)
    with django_assert_max_num_queries(3):
        first = client.get("/api/v1/wallet/entries/?limit=20").json()
    rest = client.get(first["next"]).json()["results"]
    assert [bill["amount"]["amount"] for bill in first["results"] + rest] == list(range(25, 0, -1))
    assert client.get("/api/v1/wallet/entries/?cursor=%00&limit=-1").status_code in {200, 404}


def seen_by(person: User, envelope: RedEnvelope) -> dict[str, Any]:
    request = RequestFactory().get("/")
    request.user = person
    loaded = RedEnvelope.objects.for_detail().get(pk=envelope.pk)
    return json.loads(json.dumps(RedEnvelopeSerializer(loaded, context={"request": request}).data))


def test_an_open_envelope_keeps_its_secrets(alice: User, charlie: User) -> None:
    envelope = make.red_envelope(alice)
    share = claim_red_envelope(claimer=charlie, red_envelope=envelope)
    body = seen_by(alice, envelope)
    assert (body["state"], body["shares"], body["remaining"], body["my_claim"]) == ("open", 5, 4, None)
    assert [claim["person"]["handle"] for claim in body["claims"]] == ["charlie"]
    assert (body["best_luck"], body["seed"]) == (None, None)
    assert body["commitment"] == envelope.commitment
    assert envelope.seed.hex() not in json.dumps(body)
    assert seen_by(charlie, envelope)["my_claim"] == {"amount": share.amount, "currency": "CNY"}


def test_an_empty_envelope_shows_the_best_luck_and_its_seed(alice: User, charlie: User) -> None:
    envelope = make.red_envelope(alice, shares=2, amount=1000)
    shares = [claim_red_envelope(claimer=person, red_envelope=envelope) for person in (alice, charlie)]
    body = seen_by(alice, envelope)
    assert (body["state"], body["remaining"]) == ("empty", 0)
    assert body["best_luck"] == max(shares, key=lambda share: share.amount).claimed_by.handle
    assert body["seed"] == bytes(RedEnvelope.objects.get(pk=envelope.pk).seed).hex()


def test_an_expired_envelope_shows_its_seed_when_the_rest_has_gone_back(alice: User) -> None:
    envelope = make.expire(make.red_envelope(alice))
    assert (seen_by(alice, envelope)["state"], seen_by(alice, envelope)["seed"]) == ("expired", None)
    refund_red_envelope(envelope.pk)
    assert seen_by(alice, envelope)["seed"] is not None


def test_many_claims_cost_no_more_queries(alice: User, django_assert_max_num_queries) -> None:
    envelope = make.red_envelope(alice, shares=10, amount=1000)
    for number in range(10):
        claim_red_envelope(claimer=make.person(f"guest{number}"), red_envelope=envelope)
    with django_assert_max_num_queries(3):
        assert len(seen_by(alice, envelope)["claims"]) == 10
