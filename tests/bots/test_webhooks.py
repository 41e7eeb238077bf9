from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from accounts.models import User
from bots import services
from bots.models import Bot, Webhook
from bots.slack import readable, text_of
from chat.models import Conversation, Message
from tests import make
from tests.conftest import Api, Web


def post(address: str, body: Any, content_type: str = "application/json") -> Any:
    """As a program outside does: without cookies, and checked against forgery like everybody."""
    data = body if isinstance(body, str | bytes) else json.dumps(body)
    return Client(enforce_csrf_checks=True).generic("POST", address, data, content_type=content_type)


@pytest.fixture
def address(alice: User, group: Conversation) -> str:
    made = Api(alice).post(f"/api/v1/conversations/{group.pk}/webhooks/", {"name": "Builds"})
    assert made.status_code == 201
    return "/hooks/" + made.json()["url"].rpartition("/hooks/")[2]


def last(group: Conversation) -> Message:
    return Message.objects.filter(conversation=group).select_related("sender").latest("seq")


# --- the address ---


def test_what_is_posted_is_said_in_the_group(bob: User, group: Conversation, address: str) -> None:
    answer = post(address, {"text": "Build 7 passed :tada:"})

    assert (answer.status_code, answer.content) == (200, b"ok")
    assert (last(group).text, last(group).sender.display_name) == ("Build 7 passed 🎉", "Builds")
    page = Web(bob).get(f"/chats/{group.pk}/").content.decode()
    assert "Build 7 passed" in page
    assert 'class="bot-mark"' in page


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (urlencode({"payload": json.dumps({"text": "hello"})}), "application/x-www-form-urlencoded"),
        (urlencode({"text": "hello"}), "application/x-www-form-urlencoded"),
        (b'--x\r\nContent-Disposition: form-data; name="payload"\r\n\r\n{"text": "hello"}\r\n--x--\r\n',
         "multipart/form-data; boundary=x"),
        (b'{"text": "hello"}', "text/plain"),
        (b'{"text": "hello"}', ""),
        (b'{"text": "hello"}', "application/json; charset=utf-8"),
    ],
)  # fmt: skip
def test_it_takes_what_integrations_send(group: Conversation, address: str, body: Any, content_type: str) -> None:
    assert post(address, body, content_type).content == b"ok"
    assert last(group).text == "hello"


@pytest.mark.parametrize(
    ("body", "words", "status"),
    [
        (b"", b"invalid_payload", 400), (b"{", b"invalid_payload", 400), (b"\xff\xfe", b"invalid_payload", 400),
        (b'{"text": "\\ud800"}', b"invalid_payload", 400), (b'{"text": "\\u0000"}', b"invalid_payload", 400),
        (b"[" * 100_000, b"invalid_payload", 400), (b'{"text": "' + b"x" * 300_000 + b'"}', b"invalid_payload", 400),
        (b"null", b"no_text", 400), (b"[]", b"no_text", 400), (b'"text"', b"no_text", 400), (b"{}", b"no_text", 400),
        (b'{"text": ""}', b"no_text", 400), (b'{"text": "  "}', b"no_text", 400), (b'{"text": []}', b"no_text", 400),
        (b'{"blocks": [], "attachments": {}}', b"no_text", 400), (b'{"username": "only"}', b"no_text", 400),
    ],
)  # fmt: skip
def test_what_says_nothing_is_refused_in_words(
    group: Conversation, address: str, body: bytes, words: bytes, status: int
) -> None:
    before = Message.objects.count()
    answer = post(address, body)

    assert (answer.status_code, answer.content) == (status, words)
    assert Message.objects.count() == before


@pytest.mark.parametrize(
    "kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "multipart/form-data"]
)
def test_a_broken_form_is_refused(address: str, kind: str) -> None:
    assert post(address, b"payload=%7B&x\x00--x\r\n", kind).status_code == 400


def test_a_made_up_address_leads_nowhere(address: str) -> None:
    for made_up in ("/hooks/x/", address[:-2] + "/", "/hooks/" + "x" * 5000 + "/", "/hooks/%00/", "/hooks/é/"):
        answer = post(made_up, {"text": "hello"})
        assert (answer.status_code, answer.content) == (404, b"no_service"), made_up
    assert Client().get(address).status_code == 405


def test_long_words_are_cut_to_what_a_message_holds(group: Conversation, address: str, settings: Any) -> None:
    assert post(address, {"text": "x" * 20_000}).content == b"ok"
    assert len(last(group).text) == settings.MESSAGE_LENGTH_MAX


def test_an_address_is_used_so_often_only(group: Conversation, address: str, rate_limits: None) -> None:
    answers = [post(address, {"text": str(number)}) for number in range(61)]

    assert {answer.status_code for answer in answers[:60]} == {200}
    assert (answers[60].status_code, answers[60].content) == (429, b"rate_limited")
    assert int(answers[60]["Retry-After"]) > 0


def test_a_webhook_names_itself_but_not_as_its_sender(group: Conversation, address: str) -> None:
    post(address, {"text": "Deployed", "username": "alice", "icon_emoji": ":rocket:"})

    assert last(group).text == "🚀 alice\nDeployed"
    assert last(group).sender.is_bot
    assert last(group).sender.handle != "alice"


# --- who manages it ---


def test_who_manages_the_group_makes_and_closes_webhooks(alice: User, group: Conversation, address: str) -> None:
    listed = Api(alice).get(f"/api/v1/conversations/{group.pk}/webhooks/").json()["results"]
    token = address.split("/")[2]
    assert [row["token_hint"] for row in listed] == [token[-4:]]
    assert token not in str(listed)
    assert token not in str(Webhook.objects.values())
    assert token not in Web(alice).get(f"/chats/{group.pk}/bots/").content.decode()

    assert Api(alice).delete(f"/api/v1/webhooks/{listed[0]['id']}/").status_code == 204
    assert post(address, {"text": "hello"}).content == b"no_service"


def test_the_page_shows_the_address_once(alice: User, group: Conversation) -> None:
    web = Web(alice)
    told = web.post(f"/chats/{group.pk}/webhooks/", {"name": "Alerts"}).content.decode()
    address = "/hooks/" + told.split("/hooks/")[1][:43] + "/"

    assert post(address, {"text": "Disk is full"}).content == b"ok"
    page = web.get(f"/chats/{group.pk}/bots/").content.decode()
    assert "Alerts" in page
    assert address not in page
    assert web.post(f"/webhooks/{Webhook.objects.get().pk}/remove/").status_code == 302
    assert post(address, {"text": "Disk is full"}).status_code == 404


def test_others_make_none_and_see_none(
    alice: User, bob: User, charlie: User, group: Conversation, address: str
) -> None:
    made = Webhook.objects.get()
    bots = Bot.objects.count()
    assert Api(bob).post(f"/api/v1/conversations/{group.pk}/webhooks/", {"name": "x"}).json()["code"] == "not_allowed"
    assert Web(bob).post(f"/chats/{group.pk}/webhooks/", {"name": "x"}).status_code == 422
    assert Api(charlie).post(f"/api/v1/conversations/{group.pk}/webhooks/", {"name": "x"}).status_code == 404
    assert Api(bob).get(f"/api/v1/conversations/{group.pk}/webhooks/").json()["results"] == []
    for person in (bob, charlie):
        assert Api(person).delete(f"/api/v1/webhooks/{made.pk}/").status_code == 404
        assert Web(person).post(f"/webhooks/{made.pk}/remove/").status_code == 404
    assert (Webhook.objects.count(), Bot.objects.count()) == (1, bots)


def test_there_is_none_between_two(alice: User, bob: User, settings: Any, group: Conversation, address: str) -> None:
    talk = make.direct(alice, bob)
    assert Api(alice).post(f"/api/v1/conversations/{talk.pk}/webhooks/", {}).json()["code"] == "not_allowed"
    settings.WEBHOOKS_MAX = 1
    refused = Api(alice).post(f"/api/v1/conversations/{group.pk}/webhooks/", {})
    assert refused.json()["code"] == "too_many_webhooks"


def test_it_falls_silent_with_its_bot(alice: User, mod: User, group: Conversation, address: str) -> None:
    bot = Bot.objects.get()
    services.switch_off_bot(moderator=mod, bot=bot)
    assert post(address, {"text": "hello"}).content == b"no_service"
    services.switch_on_bot(moderator=mod, bot=bot)
    assert post(address, {"text": "hello"}).content == b"ok"

    Api(alice).delete(f"/api/v1/conversations/{group.pk}/members/{bot.user.handle}/")
    assert post(address, {"text": "hello"}).content == b"no_service"


def test_it_speaks_as_one_of_ones_own_bots(alice: User, bob: User, robot: Bot, group: Conversation) -> None:
    made = Api(alice).post(f"/api/v1/conversations/{group.pk}/webhooks/", {"bot": "weather_bot"})
    post("/hooks/" + made.json()["url"].rpartition("/hooks/")[2], {"text": "Sunny"})
    assert last(group).sender.handle == "weather_bot"

    services.create_bot(owner=bob, handle="bobs_bot", name="Bob's")
    assert Api(alice).post(f"/api/v1/conversations/{group.pk}/webhooks/", {"bot": "bobs_bot"}).status_code == 404


# --- words ---


@pytest.mark.parametrize(
    ("mrkdwn", "plain"),
    [
        ("<https://example.org|the page>", "the page (https://example.org)"),
        ("<https://example.org>", "https://example.org"),
        ("<https://example.org|https://example.org>", "https://example.org"),
        ("<mailto:a@example.org|a@example.org>", "a@example.org"),
        ("<@U123> <@U1|ann> <#C1|general> <!here> <!subteam^S1|@team>", "@U123 @ann #general @here @team"),
        ("<!date^1392734382^{date}|Feb 18>", "Feb 18"),
        ("a &lt;b&gt; &amp; c", "a <b> & c"),
        ("&lt;https://example.org&gt;", "<https://example.org>"),
        ("*bold* _it_ :fire: :nonsense: 10:30:45", "*bold* _it_ 🔥 :nonsense: 10:30:45"),
        ("<javascript:alert(1)|here>", "<javascript:alert(1)|here>"),
        ("< <> <|> <https://a|>", "< <> <|> https://a"),
        ("x" * 50_000 + "<" * 50_000, "x" * 50_000 + "<" * 50_000),
    ],
)
def test_mrkdwn_becomes_plain_words(mrkdwn: str, plain: str) -> None:
    assert readable(mrkdwn) == plain


def test_attachments_are_read() -> None:
    payload = {
        "text": "Alert",
        "attachments": [
            {
                "fallback": "no", "pretext": "Look:", "author_name": "Grafana", "title": "CPU",
                "title_link": "https://example.org/cpu", "text": "*95 %*", "color": "danger",
                "fields": [{"title": "Host", "value": "db1", "short": True}, {"value": "alone"}],
                "image_url": "https://example.org/cpu.png", "footer": "grafana",
            },
            {"fallback": "Only this"},
        ],
    }  # fmt: skip
    assert text_of(payload, called="x") == (
        "Alert\n\nLook:\nGrafana\nCPU (https://example.org/cpu)\n*95 %*\nHost: db1\nalone\n"
        "https://example.org/cpu.png\ngrafana\n\nOnly this"
    )


def test_blocks_are_read() -> None:
    rich = [
        {"type": "rich_text_section", "elements": [
            {"type": "text", "text": "See "}, {"type": "link", "url": "https://example.org", "text": "it"},
            {"type": "emoji", "name": "tada"}, {"type": "user", "user_id": "U1"}]},
        {"type": "rich_text_list", "style": "ordered", "elements": [
            {"type": "rich_text_section", "elements": [{"type": "text", "text": "one"}]}]},
        {"type": "rich_text_quote", "elements": [{"type": "text", "text": "said"}]},
    ]  # fmt: skip
    blocks = [
        {"type": "header", "text": {"type": "plain_text", "text": "Deploy"}},
        {"type": "section", "text": {"type": "mrkdwn", "text": "to <https://example.org|prod>"},
         "fields": [{"type": "mrkdwn", "text": "*By:* Ann"}],
         "accessory": {"type": "button", "text": {"type": "plain_text", "text": "Open"}, "url": "https://example.org/1"}},
        {"type": "divider"},
        {"type": "context", "elements": [{"type": "mrkdwn", "text": "5 min"}, {"type": "image", "alt_text": "logo"}]},
        {"type": "image", "image_url": "https://example.org/a.png", "alt_text": "graph"},
        {"type": "actions", "elements": [{"type": "button", "text": {"type": "plain_text", "text": "No link"}}]},
        {"type": "rich_text", "elements": rich},
        {"type": "unknown", "text": "skipped"},
    ]  # fmt: skip
    assert text_of({"text": "for notifications", "blocks": blocks}, called="x").splitlines() == [
        "Deploy", "to prod (https://example.org)", "*By:* Ann", "Open (https://example.org/1)", "—", "5 min · logo",
        "graph https://example.org/a.png", "See it (https://example.org)🎉@U1", "1. one", "> said",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "odd", [None, 1, "x", [], {}, [[]], [None], [{"a": []}], {"a": {}}, [{"type": []}], [1] * 1000]
)
def test_odd_parts_are_passed_over(odd: Any) -> None:
    names = ["text", "attachments", "blocks", "username", "icon_emoji"]
    for name in names:
        assert isinstance(text_of({name: odd}, called="x"), str)
    for kind in ("section", "header", "context", "image", "actions", "rich_text", "video", "markdown"):
        for name in ("text", "fields", "elements", "title", "accessory", "image_url"):
            assert isinstance(text_of({"blocks": [{"type": kind, name: odd}]}, called="x"), str)
    for name in ("fields", "title", "text", "blocks", "image_url", "author_name"):
        assert isinstance(text_of({"attachments": [{name: odd}]}, called="x"), str)


def test_a_list_in_a_list_in_a_list_comes_to_an_end() -> None:
    part: dict[str, Any] = {"type": "rich_text_section", "elements": [{"type": "text", "text": "deep"}]}
    for _ in range(500):
        part = {"type": "rich_text_list", "elements": [part]}

    assert isinstance(text_of({"blocks": [{"type": "rich_text", "elements": [part]}]}, called="x"), str)
