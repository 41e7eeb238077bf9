from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.timezone import localdate

from accounts.models import User
from tests import make
from wallet.models import Entry, RedEnvelope, Transaction
from wallet.services import balance, claim_red_envelope, refund_red_envelope

pytestmark = pytest.mark.django_db

CONFIRM = reverse("wallet:confirm_top_up")


def text(response) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", response.content.decode()).split())


def hidden(response, name: str) -> str:
    return re.search(rf'name="{name}" value="([^"]*)"', response.content.decode())[1]


def test_the_home_page_tells_what_there_is(alice: User, web) -> None:
    make.red_envelope(alice, amount=1000, shares=5)
    make.funds(alice, 12345)
    page = text(web(alice).get(reverse("wallet:home")))
    assert "¥123.45" in page
    assert "-¥10.00" in page
    assert "Top-up" in page


def test_an_empty_wallet_says_what_to_do(alice: User, web) -> None:
    assert "No bills yet" in text(web(alice).get(reverse("wallet:home")))


def test_topping_up_takes_an_amount_a_confirmation_and_gives_a_receipt(alice: User, web) -> None:
    client = web(alice)
    asked = client.get(reverse("wallet:top_up"))
    assert "play credit" in text(asked)
    confirm = client.get(CONFIRM, {"amount": "20.50"})
    assert "Top up ¥20.50" in text(confirm)
    assert balance(alice) == 0
    key = hidden(confirm, "key")
    done = client.post(CONFIRM, {"amount": hidden(confirm, "amount"), "key": key}, follow=True)
    assert "Receipt" in text(done)
    assert "+¥20.50" in text(done)
    assert balance(alice) == 2050


@pytest.mark.covers("G3")
def test_sending_the_form_twice_tops_up_once(alice: User, web) -> None:
    client = web(alice)
    confirm = client.get(CONFIRM, {"amount": "20"})
    form = {"amount": hidden(confirm, "amount"), "key": hidden(confirm, "key")}
    first, second = client.post(CONFIRM, form), client.post(CONFIRM, form)
    assert first.status_code == second.status_code == 302
    assert first["Location"] == second["Location"]
    assert balance(alice) == 2000


def test_each_form_has_its_own_key(alice: User, web) -> None:
    client = web(alice)
    keys = {hidden(client.get(CONFIRM, {"amount": "20"}), "key") for _ in range(2)}
    assert len(keys) == 2


@pytest.mark.covers("G9")
@pytest.mark.parametrize(
    "amount",
    ["", "0", "-5", "+5", "NaN", "inf", "1e3", "1e309", "５", "٥", "5.001",
     "1000.01", "99999999999999", "1 000", "5\x00", "0x5", "."],
)  # fmt: skip
def test_what_is_no_amount_goes_no_further(alice: User, web, amount: str) -> None:
    client = web(alice)
    for response in (
        client.get(CONFIRM, {"amount": amount}),
        client.post(CONFIRM, {"amount": amount, "key": "one"}),
    ):
        assert response.status_code == 400
        assert "errorlist" in response.content.decode()
    assert not Transaction.objects.exists()


@pytest.mark.parametrize(("typed", "minor"), [("5", 500), ("5.", 500), ("5.5", 550), ("5,05", 505), (" 0.01 ", 1)])
def test_what_people_type_is_understood(alice: User, web, typed: str, minor: int) -> None:
    confirm = web(alice).get(CONFIRM, {"amount": typed})
    web(alice).post(CONFIRM, {"amount": hidden(confirm, "amount"), "key": "one"})
    assert balance(alice) == minor


@pytest.mark.covers("G3")
@pytest.mark.parametrize("key", ["", "x" * 256, "schlüssel"])
def test_a_form_without_its_key_moves_no_money(alice: User, web, key: str) -> None:
    assert web(alice).post(CONFIRM, {"amount": "5", "key": key}).status_code == 400
    assert balance(alice) == 0


def test_a_key_used_for_another_amount_is_refused(alice: User, web) -> None:
    web(alice).post(CONFIRM, {"amount": "5", "key": "one"})
    assert web(alice).post(CONFIRM, {"amount": "6", "key": "one"}).status_code == 422
    assert balance(alice) == 500


def test_bills_are_shown_by_month(alice: User, web) -> None:
    make.funds(alice, 500)
    client = web(alice)
    this_month = localdate().strftime("%Y-%m")
    assert "¥5.00" in text(client.get(reverse("wallet:entries")))
    assert "¥5.00" in text(client.get(reverse("wallet:entries"), {"month": this_month}))
    last_month = (localdate().replace(day=1) - timedelta(days=1)).strftime("%Y-%m")
    assert "No bills in this month" in text(client.get(reverse("wallet:entries"), {"month": last_month}))


@pytest.mark.parametrize("month", ["2026-13", "1999-01", "2026", "x", "２０２６-01", "2026-1", "9999999-01"])
def test_a_month_that_is_none_is_not_found(alice: User, web, month: str) -> None:
    assert web(alice).get(reverse("wallet:entries"), {"month": month}).status_code == 404


def test_long_lists_go_on_where_they_stopped(alice: User, web) -> None:
    for number in range(1, 36):
        make.funds(alice, number)
    client = web(alice)
    first = client.get(reverse("wallet:entries"))
    following = re.search(r'href="([^"]*before=[^"]*)"', first.content.decode())[1].replace("&amp;", "&")
    amounts = re.findall(r"\+¥(\d\.\d\d)", text(first) + text(client.get(following)))
    assert amounts == [f"0.{number:02}" for number in range(35, 0, -1)]


def test_a_bill_is_for_its_owner_alone(alice: User, charlie: User, web) -> None:
    make.funds(alice, 500)
    bill = reverse("wallet:entry", args=[Entry.objects.get(account__owner=alice).pk])
    assert web(alice).get(bill).status_code == 200
    assert web(charlie).get(bill).status_code == 404
    house = Entry.objects.get(account__kind="funding")
    assert web(alice).get(reverse("wallet:entry", args=[house.pk])).status_code == 404
    assert web(alice).get(reverse("wallet:entry", args=[2**70])).status_code == 404


def test_a_red_envelope_is_shown_to_those_who_had_a_part_in_it(alice: User, charlie: User, dora: User, web) -> None:
    envelope = make.red_envelope(alice, greeting="Good luck!")
    claim_red_envelope(claimer=charlie, red_envelope=envelope)
    page = reverse("wallet:red_envelope", args=[envelope.pk])
    assert "Good luck!" in text(web(alice).get(page))
    assert "1 of 5 shares taken" in text(web(charlie).get(page))
    assert web(dora).get(page).status_code == 404


def test_the_page_draws_the_luck_again_when_it_has_ended(alice: User, web) -> None:
    envelope = make.red_envelope(alice)
    page = reverse("wallet:red_envelope", args=[envelope.pk])
    before = web(alice).get(page).content.decode()
    seed = bytes(RedEnvelope.objects.get(pk=envelope.pk).seed).hex()
    assert envelope.commitment in before
    assert seed not in before
    refund_red_envelope(make.expire(envelope).pk)
    after = web(alice).get(page).content.decode()
    assert seed in after
    assert "every share agrees" in after


def test_the_lists_of_envelopes_sent_and_received(alice: User, charlie: User, web) -> None:
    envelope = make.red_envelope(alice, greeting="Good luck!")
    claim_red_envelope(claimer=charlie, red_envelope=envelope)
    listing = reverse("wallet:red_envelopes")
    assert "Alice" in text(web(charlie).get(listing))
    assert "1 of 5 taken" in text(web(alice).get(listing, {"box": "sent"}))
    assert "not opened a red envelope yet" in text(web(alice).get(listing, {"box": "\x00"}))
    assert "not sent a red envelope yet" in text(web(charlie).get(listing, {"box": "sent"}))


def test_pages_cost_no_query_for_each_bill(alice: User, charlie: User, web, django_assert_max_num_queries) -> None:
    for number in range(8):
        sender = make.person(f"sender{number}")
        claim_red_envelope(claimer=charlie, red_envelope=make.red_envelope(sender))
    client = web(charlie)
    for name in ("wallet:home", "wallet:entries", "wallet:red_envelopes"):
        with django_assert_max_num_queries(16):
            assert client.get(reverse(name)).status_code == 200


def test_moderators_look_and_do_not_touch(alice: User, mod: User, web) -> None:
    envelope = make.red_envelope(alice)
    client = web(mod)
    for model, pk in (("account", 1), ("transaction", 1), ("entry", 1), ("redenvelope", envelope.pk), ("share", 1)):
        listing = client.get(reverse(f"admin:wallet_{model}_changelist"))
        assert listing.status_code == 200
        assert client.get(reverse(f"admin:wallet_{model}_add")).status_code == 403
        assert client.post(reverse(f"admin:wallet_{model}_delete", args=[pk]), {"post": "yes"}).status_code in {
            302,
            403,
        }
    detail = client.get(reverse("admin:wallet_redenvelope_change", args=[envelope.pk])).content.decode()
    assert envelope.commitment in detail
    assert bytes(envelope.seed).hex() not in detail
    assert "seed" not in detail
    assert "0 shares" in text(client.get(reverse("admin:wallet_share_changelist")))
    assert balance(alice) == 0
