"""Red envelopes in chats, as a browser without scripts and as the sheet asks for them."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.timezone import now

from accounts.models import User
from chat import services
from chat.models import Conversation, Message
from tests import make
from wallet.models import RedEnvelope
from wallet.services import balance, refund_red_envelope, top_up

HTMX = {"HX-Request": "true"}


@pytest.fixture
def rich_alice(alice: User) -> User:
    top_up(person=alice, amount=10_000, key=str(uuid.uuid4()))
    return alice


@pytest.fixture
def group(rich_alice: User, bob: User, charlie: User) -> Conversation:
    make.friends(rich_alice, charlie)
    return services.create_group(owner=rich_alice, members=[bob, charlie], title="Hikers")


@pytest.fixture
def envelope(rich_alice: User, group: Conversation) -> RedEnvelope:
    return _sent(rich_alice, group, amount=900, shares=2)


def _sent(sender: User, conversation: Conversation, **terms) -> RedEnvelope:
    terms = {"kind": "lucky", "greeting": "Lunch", "key": str(uuid.uuid4())} | terms
    sent = services.send_red_envelope(sender=sender, conversation=conversation, **terms)
    assert sent.red_envelope is not None
    return sent.red_envelope


def _key(html: str) -> str:
    found = re.search(r'name="key" value="([^"]+)"', html)
    assert found
    return found[1]


class TestSending:
    def test_the_form_shows_the_balance_and_sends_the_total_of_a_lucky_draw(self, rich_alice, bob, group, web):
        browser, url = web(rich_alice), reverse("chat:send_red_envelope", args=[group.pk])
        html = browser.get(url).content.decode()
        assert "¥100.00" in html
        words = {"kind": "lucky", "amount": "12.50", "shares": "3", "greeting": "", "key": _key(html)}
        response = browser.post(url, words)
        assert response.status_code == 302
        sent = Message.objects.get(conversation=group, kind="red_envelope")
        assert (sent.red_envelope.amount, sent.red_envelope.share_count) == (1250, 3)
        assert balance(rich_alice) == 8750
        assert "Best wishes" in web(bob).get(reverse("chat:detail", args=[group.pk])).content.decode()

    def test_equal_shares_are_typed_for_each(self, rich_alice, group, web):
        url = reverse("chat:send_red_envelope", args=[group.pk])
        words = {"kind": "normal", "amount": "2,5", "shares": "3", "key": str(uuid.uuid4())}
        assert web(rich_alice).post(url, words).status_code == 302
        assert RedEnvelope.objects.get().amount == 750

    def test_the_same_form_twice_takes_the_money_once(self, rich_alice, group, web):
        browser, url = web(rich_alice), reverse("chat:send_red_envelope", args=[group.pk])
        words = {"kind": "lucky", "amount": "5", "shares": "2", "key": _key(browser.get(url).content.decode())}
        for _ in range(2):
            assert browser.post(url, words).status_code == 302
        assert balance(rich_alice) == 9500
        assert Message.objects.filter(kind="red_envelope").count() == 1

    @pytest.mark.parametrize(
        ("amount", "shares", "kind"),
        [
            ("", "1", "lucky"),
            ("-5", "1", "lucky"),
            ("1e3", "1", "lucky"),
            ("1.005", "1", "lucky"),
            ("٥", "1", "lucky"),
            ("0", "1", "lucky"),
            ("100.01", "1", "lucky"),
            ("9999999999", "1", "lucky"),
            ("5", "0", "lucky"),
            ("5", "501", "normal"),
            ("0.01", "2", "lucky"),
            ("5", "1", "exclusive"),
        ],
    )
    def test_what_cannot_be_is_said_and_takes_nothing(self, rich_alice, group, web, amount, shares, kind):
        url = reverse("chat:send_red_envelope", args=[group.pk])
        words = {"kind": kind, "amount": amount, "shares": shares, "key": "k"}
        assert web(rich_alice).post(url, words).status_code == 422
        assert balance(rich_alice) == 10_000
        assert not RedEnvelope.objects.exists()

    def test_who_has_too_little_is_led_to_the_top_up(self, bob, group, web):
        url = reverse("chat:send_red_envelope", args=[group.pk])
        assert reverse("wallet:top_up") in web(bob).get(url).content.decode()
        words = {"kind": "lucky", "amount": "5", "shares": "2", "key": "k"}
        response = web(bob).post(url, words)
        assert response.status_code == 422 and "errorlist" in response.content.decode()
        assert not Message.objects.filter(kind="red_envelope").exists()

    def test_strangers_put_nothing_into_a_chat(self, rich_alice, dora, group, web):
        url = reverse("chat:send_red_envelope", args=[group.pk])
        assert web(dora).get(url).status_code == 404
        assert web(dora).post(url, {"kind": "lucky", "amount": "5", "shares": "1", "key": "k"}).status_code == 404


class TestOpening:
    def test_opening_it_shows_what_i_got_and_keeps_it_from_a_second_time(self, bob, envelope, web):
        browser = web(bob)
        page, claim = (reverse(f"chat:{name}", args=[envelope.pk]) for name in ("red_envelope", "claim_red_envelope"))
        assert claim in browser.get(page).content.decode()
        assert balance(bob) == 0
        assert browser.post(claim).url == page
        got = balance(bob)
        assert 0 < got < 900
        html = browser.get(page).content.decode()
        assert "envelope-got" in html and claim not in html
        browser.post(claim)
        assert balance(bob) == got

    def test_the_sheet_gets_the_inside_alone(self, bob, envelope, web):
        html = web(bob).post(reverse("chat:claim_red_envelope", args=[envelope.pk]), headers=HTMX).content.decode()
        assert "<html" not in html
        assert "envelope-got just-now" in html

    def test_when_all_is_taken_the_luckiest_wears_the_crown_and_latecomers_are_told(
        self, rich_alice, bob, charlie, group, envelope, web
    ):
        page = reverse("chat:red_envelope", args=[envelope.pk])
        services.claim_red_envelope(claimer=bob, red_envelope=envelope)
        assert "best-luck" not in web(bob).get(page).content.decode()
        services.claim_red_envelope(claimer=charlie, red_envelope=envelope)
        html = web(rich_alice).get(page).content.decode()
        assert html.count("best-luck") == 1
        assert "Too late" in html
        late = web(rich_alice).post(reverse("chat:claim_red_envelope", args=[envelope.pk]))
        assert late.status_code < 500 and balance(rich_alice) == 9100

    def test_the_bubble_says_how_it_stands(self, rich_alice, bob, charlie, group, envelope, web):
        bubble = re.compile(rf'<a class="envelope( spent)?" href="/red-envelopes/{envelope.pk}/"')
        url = reverse("chat:detail", args=[group.pk])
        assert not bubble.search(web(bob).get(url).content.decode())[1]
        services.claim_red_envelope(claimer=bob, red_envelope=envelope)
        opened = web(bob).get(url).content.decode()
        assert bubble.search(opened)[1] and "Opened" in opened
        assert not bubble.search(web(rich_alice).get(url).content.decode())[1]
        services.claim_red_envelope(claimer=charlie, red_envelope=envelope)
        assert "All taken" in web(rich_alice).get(url).content.decode()

    def test_an_expired_one_says_where_the_rest_went(self, bob, envelope, web):
        RedEnvelope.objects.filter(pk=envelope.pk).update(expires_at=now() - timedelta(minutes=1))
        refund_red_envelope(envelope.pk)
        page = reverse("chat:red_envelope", args=[envelope.pk])
        html = web(bob).get(page).content.decode()
        assert "has expired" in html
        assert reverse("chat:claim_red_envelope", args=[envelope.pk]) not in html
        web(bob).post(reverse("chat:claim_red_envelope", args=[envelope.pk]))
        assert balance(bob) == 0

    def test_between_two_the_sender_waits_for_the_other(self, rich_alice, bob, web):
        chat = services.open_direct(person=rich_alice, other=bob)
        envelope = _sent(rich_alice, chat, kind="normal", amount=500, shares=1)
        page, claim = (reverse(f"chat:{name}", args=[envelope.pk]) for name in ("red_envelope", "claim_red_envelope"))
        html = web(rich_alice).get(page).content.decode()
        assert claim not in html and "Waiting to be opened" in html
        assert web(rich_alice).post(claim).status_code == 403
        assert claim in web(bob).get(page).content.decode()

    def test_only_members_of_the_chat_find_it(self, bob, dora, group, envelope, web):
        page, claim = (reverse(f"chat:{name}", args=[envelope.pk]) for name in ("red_envelope", "claim_red_envelope"))
        assert web(bob).get(page).status_code == 200
        assert web(dora).get(page).status_code == 404
        assert web(dora).post(claim).status_code == 404
        services.leave_group(person=bob, conversation=group)
        assert web(bob).get(page).status_code == 404
        assert web(bob).post(claim).status_code == 404
        assert balance(bob) == balance(dora) == 0

    def test_a_number_that_is_none_is_not_found(self, bob, web):
        assert web(bob).get(f"/red-envelopes/{'9' * 30}/").status_code == 404
