from __future__ import annotations

import hashlib
import hmac
import json
from datetime import timedelta
from typing import Any

import pytest
from django.utils.timezone import now

from accounts.models import User
from bots import services
from bots.delivering import deliver
from bots.models import Bot, Delivery
from chat.models import Conversation, Message
from chat.services import edit_message, recall_message
from notifications.models import Notification
from superapp.kernel import outbox
from superapp.kernel.models import OutboxRow
from tests import make
from tests.conftest import Api, Web
from tests.site import Site

pytestmark = pytest.mark.covers("E5")


def say(effects: Any, sender: User, group: Conversation, text: str) -> Message:
    with effects():
        return make.message(sender, group, text)


def heard(site: Site) -> list[dict[str, Any]]:
    return [json.loads(body) for _method, _path, _headers, body in site.asked]


def last(group: Conversation) -> Message:
    return Message.objects.filter(conversation=group).select_related("sender").latest("seq")


def owed() -> Any:
    return OutboxRow.objects.filter(task="bots.tasks.deliver")


def due_again() -> int:
    """As if the time of what waits for the sweep had come."""
    owed().update(due_at=now())
    return outbox.sweep()


# --- what is heard ---


def test_a_bot_hears_what_it_asked_for(
    effects: Any, site: Site, listener: Bot, group: Conversation, alice: User, bob: User
) -> None:
    message = say(effects, bob, group, "Rain today?")
    with effects():
        edit_message(editor=bob, message=message, text="Rain tomorrow?")
    carol = make.person("carol")
    make.friends(alice, carol)
    with effects():
        Api(alice).post(f"/api/v1/conversations/{group.pk}/members/", {"members": ["carol"]})

    events = heard(site)
    assert [event["type"] for event in events] == ["message.created", "message.changed", "member.changed"]
    assert events[0]["message"]["text"] == "Rain today?"
    assert events[0]["message"]["sender"]["handle"] == "bob"
    assert events[0]["conversation"] == {"id": str(group.pk), "title": "Builds"}
    assert events[1]["message"]["text"] == "Rain tomorrow?"
    assert events[2]["member"]["person"]["handle"] == "carol"
    assert len({event["id"] for event in events}) == 3


def test_what_is_taken_back_is_told_without_its_words(
    effects: Any, site: Site, listener: Bot, group: Conversation, bob: User
) -> None:
    message = say(effects, bob, group, "A slip")
    with effects():
        recall_message(actor=bob, message=message)

    assert heard(site)[-1]["type"] == "message.changed"
    assert "A slip" not in json.dumps(heard(site)[-1])


def test_it_hears_nothing_of_places_it_is_not_in_and_nothing_it_did_not_ask_for(
    effects: Any, site: Site, listener: Bot, group: Conversation, alice: User, bob: User
) -> None:
    say(effects, alice, make.direct(alice, bob), "between us")
    say(effects, alice, make.group(alice, bob), "elsewhere")
    services.change_bot(owner=alice, bot=listener, events=["member.changed"])
    say(effects, bob, group, "not subscribed")

    assert site.asked == []
    assert Delivery.objects.count() == 0


def test_bots_do_not_hear_bots(effects: Any, site: Site, listener: Bot, group: Conversation, alice: User) -> None:
    other = services.create_bot(owner=alice, handle="other_bot", name="Other")
    with effects():
        services.add_bot(actor=alice, conversation=group, bot=other)
    site.asked.clear()
    say(effects, other.user, group, "echo")
    say(effects, listener.user, group, "echo")

    assert site.asked == []


def test_put_out_of_the_group_it_hears_nothing_more_even_of_what_is_on_its_way(
    effects: Any, site: Site, listener: Bot, group: Conversation, alice: User, bob: User
) -> None:
    site.says("/events", b"", status=503)
    say(effects, bob, group, "on its way")
    site.asked.clear()
    with effects():
        Api(alice).delete(f"/api/v1/conversations/{group.pk}/members/weather_bot/")
    say(effects, bob, group, "later")
    with effects():
        due_again()

    assert site.asked == []
    assert Delivery.objects.get().state == "dropped"


# --- how it is signed ---


def test_an_event_is_signed_over_the_time_and_the_raw_body(
    effects: Any, site: Site, listener: Bot, group: Conversation, bob: User
) -> None:
    say(effects, bob, group, "Ünsigned?")
    _method, _path, headers, body = site.asked[0]
    timestamp = headers["X-Superapp-Timestamp"]
    expected = hmac.new(listener.secret.encode(), f"{timestamp}.".encode() + body, hashlib.sha256).hexdigest()

    assert headers["X-Superapp-Signature"] == f"v1={expected}"
    assert headers["X-Superapp-Event"] == "message.created"
    assert headers["X-Superapp-Delivery"] == json.loads(body)["id"] == str(Delivery.objects.get().pk)
    assert abs(int(timestamp) - now().timestamp()) < 300
    assert headers["Content-Type"] == "application/json"


def test_while_a_secret_changes_events_are_signed_with_both(
    effects: Any, site: Site, listener: Bot, group: Conversation, alice: User, bob: User
) -> None:
    old = listener.secret
    new = Api(alice).post("/api/v1/bots/weather_bot/secret/").json()["secret"]
    say(effects, bob, group, "hello")
    _method, _path, headers, body = site.asked[0]
    stamp = headers["X-Superapp-Timestamp"].encode() + b"."
    made = [hmac.new(secret.encode(), stamp + body, hashlib.sha256).hexdigest() for secret in (new, old)]
    assert headers["X-Superapp-Signature"] == f"v1={made[0]},v1={made[1]}"

    Bot.objects.update(old_secret_until=now() - timedelta(seconds=1))
    say(effects, bob, group, "a day later")
    assert site.asked[1][2]["X-Superapp-Signature"].count("v1=") == 1


# --- what comes back ---


@pytest.mark.parametrize(
    ("content_type", "body", "said"),
    [
        ("text/plain; charset=utf-8", "Sunny ☀️".encode(), "Sunny ☀️"),
        ("application/json", b'{"text": "Sunny"}', "Sunny"),
        ("application/json", b'{"text": ""}', None),
        ("application/json", b'{"text": ["x"]}', None),
        ("application/json", b"[1]", None),
        ("application/json", b"{broken", None),
        ("text/html", b"<h1>It works</h1>", None),
        ("", b"OK", None),
        ("text/plain", b"   ", None),
        ("text/plain", b"x" * 100_000, None),
    ],
)
def test_what_it_answers_is_said_in_the_group(
    effects: Any, site: Site, listener: Bot, group: Conversation, bob: User, content_type: str, body: bytes, said: Any
) -> None:
    site.says("/events", body, Content_Type=content_type)
    say(effects, bob, group, "Weather?")

    assert Delivery.objects.get().state == "delivered"
    answer = last(group)
    assert (answer.text, answer.sender.handle) == ((said, "weather_bot") if said else ("Weather?", "bob"))


def test_an_event_that_comes_twice_is_answered_once(
    effects: Any, site: Site, listener: Bot, group: Conversation, bob: User
) -> None:
    site.says("/events", b"Sunny", Content_Type="text/plain")
    say(effects, bob, group, "Weather?")
    delivery = Delivery.objects.get()
    deliver(str(delivery.pk))
    assert len(site.asked) == 1

    Delivery.objects.update(state="waiting")  # as if the first worker had died before it could note what came of it
    deliver(str(delivery.pk))
    assert len(site.asked) == 2
    assert Message.objects.filter(conversation=group, text="Sunny").count() == 1


# --- failures ---


def test_what_fails_is_tried_again_later_until_it_arrives(
    effects: Any, site: Site, listener: Bot, group: Conversation, bob: User
) -> None:
    site.says("/events", b"down for a moment", status=503)
    say(effects, bob, group, "hello")
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.attempts, delivery.status, delivery.reason) == ("waiting", 1, 503, "status")
    assert delivery.excerpt == "down for a moment"
    assert owed().get().due_at > now() + timedelta(seconds=45)

    site.says("/events", b"")
    with effects():
        due_again()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts, delivery.status) == ("delivered", 2, 200)
    assert [event["id"] for event in heard(site)] == [str(delivery.pk)] * 2
    assert not owed().exists()


def test_waits_grow_and_end_after_a_day(
    effects: Any, site: Site, listener: Bot, group: Conversation, bob: User
) -> None:
    site.says("/events", b"", status=500)
    say(effects, bob, group, "hello")
    waits = []
    for _ in range(12):
        row = owed().first()
        if row is None:
            break
        waits.append(row.due_at - now())
        Bot.objects.update(paused_until=None, failures=0)
        Delivery.objects.update(created_at=Delivery.objects.get().created_at - waits[-1])
        with effects():
            due_again()

    minutes = [round(wait / timedelta(minutes=1)) for wait in waits]
    assert minutes == sorted(minutes)
    assert sum(waits, timedelta()) <= timedelta(hours=24)
    assert Delivery.objects.get().state == "given_up"


def test_an_address_that_keeps_failing_is_left_alone(
    effects: Any, site: Site, listener: Bot, group: Conversation, alice: User, bob: User
) -> None:
    site.says("/events", b"", status=500)
    for number in range(5):
        say(effects, bob, group, str(number))
    assert len(site.asked) == 5
    listener.refresh_from_db()
    assert listener.is_paused

    say(effects, bob, group, "while paused")
    assert len(site.asked) == 5
    assert "not answered several times" in Web(alice).get("/bots/weather_bot/").content.decode()
    Bot.objects.update(paused_until=now())
    site.says("/events", b"")
    with effects():
        due_again()
    assert set(Delivery.objects.values_list("state", flat=True)) == {"delivered"}
    listener.refresh_from_db()
    assert (listener.failures, listener.paused_until) == (0, None)


@pytest.mark.covers("E1")
@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:1/", "http://10.0.0.1/", "http://169.254.169.254/latest/", "http://[::1]/", "http://localhost/"],
)
def test_a_private_address_is_never_reached(
    effects: Any, site: Site, listener: Bot, group: Conversation, alice: User, bob: User, url: str
) -> None:
    services.change_bot(owner=alice, bot=listener, url=url)
    say(effects, bob, group, "hello")

    delivery = Delivery.objects.get()
    assert (delivery.reason, delivery.status, delivery.excerpt) == ("not_allowed", None, "")
    assert site.asked == []


def test_a_redirect_is_not_followed(effects: Any, site: Site, listener: Bot, group: Conversation, bob: User) -> None:
    site.says("/events", b"", status=302, Location="http://169.254.169.254/")
    say(effects, bob, group, "hello")

    assert (Delivery.objects.get().status, site.paths) == (302, ["/events"])


# --- the log ---


def test_the_owner_reads_the_log_and_sends_again(
    effects: Any, site: Site, listener: Bot, group: Conversation, alice: User, bob: User
) -> None:
    site.says("/events", b"out of order <script>", status=500)
    say(effects, bob, group, "hello")
    delivery = Delivery.objects.get()
    page = Web(alice).get("/bots/weather_bot/deliveries/").content.decode()
    assert "HTTP 500" in page
    assert "out of order &lt;script&gt;" in page
    row = Api(alice).get("/api/v1/bots/weather_bot/deliveries/").json()["results"][0]
    assert (row["id"], row["status"], row["state"]) == (str(delivery.pk), 500, "waiting")

    site.says("/events", b"")
    again = f"/bots/weather_bot/deliveries/{delivery.pk}/again/"
    assert Web(bob).post(again).status_code == 404
    assert Api(bob).post(f"/api/v1{again}").status_code == 404
    with effects():
        assert Web(alice).post(again).status_code == 302
    delivery.refresh_from_db()
    assert delivery.state == "delivered"
    with effects():
        assert Api(alice).post(f"/api/v1{again}").status_code == 200
    assert len(site.asked) == 3


def test_an_address_can_be_tried_out(effects: Any, site: Site, listener: Bot, alice: User) -> None:
    with effects():
        assert Web(alice).post("/bots/weather_bot/ping/").status_code == 302
    assert heard(site)[0]["type"] == "ping"

    services.change_bot(owner=alice, bot=listener, url="")
    assert Api(alice).post("/api/v1/bots/weather_bot/deliveries/").json()["code"] == "no_address"


def test_old_deliveries_are_forgotten(effects: Any, site: Site, listener: Bot, group: Conversation, bob: User) -> None:
    say(effects, bob, group, "hello")
    services.forget_old_deliveries()
    assert Delivery.objects.count() == 1
    Delivery.objects.update(created_at=now() - timedelta(days=15))
    services.forget_old_deliveries()
    assert Delivery.objects.count() == 0


# --- commands ---


@pytest.fixture
def forecaster(listener: Bot, alice: User) -> Bot:
    services.change_bot(owner=alice, bot=listener, events=[])
    services.add_command(owner=alice, bot=listener, name="/Weather", hint="[city]", description="The weather there")
    return listener


def test_a_command_reaches_its_bot_which_answers_in_the_group(
    effects: Any, site: Site, forecaster: Bot, group: Conversation, bob: User
) -> None:
    site.says("/events", b'{"text": "Sunny in Oslo"}', Content_Type="application/json")
    say(effects, bob, group, "/weather Oslo\ntomorrow")

    assert heard(site)[0]["type"] == "command"
    assert heard(site)[0]["command"] == {"name": "weather", "text": "Oslo\ntomorrow"}
    assert last(group).text == "Sunny in Oslo"


def test_an_answer_for_the_caller_alone_is_nobody_elses(
    effects: Any, site: Site, forecaster: Bot, group: Conversation, alice: User, bob: User
) -> None:
    site.says("/events", b'{"text": "Only for you", "response_type": "ephemeral"}', Content_Type="application/json")
    say(effects, bob, group, "/weather")

    assert last(group).text == "/weather"
    told = Notification.objects.get(kind="bot_answered")
    assert told.recipient_id == bob.pk
    assert "Only for you" in told.sentence()
    assert f"/chats/{group.pk}/" in Web(bob).get(f"/notifications/{told.pk}/")["Location"]
    assert "Only for you" not in Web(alice).get(f"/chats/{group.pk}/").content.decode()


@pytest.mark.parametrize(
    "text", ["weather", "/wea", "/weather2", " /x", "//weather", "/weather@other_bot", "/ weather", "see /weather"]
)
def test_other_words_call_nobody(
    effects: Any, site: Site, forecaster: Bot, group: Conversation, bob: User, text: str
) -> None:
    say(effects, bob, group, text)

    assert site.asked == []


def test_a_bot_is_called_by_name_where_two_have_the_word(
    effects: Any, site: Site, forecaster: Bot, group: Conversation, alice: User, bob: User
) -> None:
    other = services.create_bot(owner=alice, handle="other_bot", name="Other")
    services.change_bot(owner=alice, bot=other, url=site.url("/other"))
    services.add_command(owner=alice, bot=other, name="weather", description="Another weather")
    services.add_bot(actor=alice, conversation=group, bot=other)
    site.says("/other", b"")
    say(effects, bob, group, "/weather")
    say(effects, bob, group, "/weather@other_bot Oslo")

    assert site.paths == ["/events", "/other"]
    listed = Api(bob).get(f"/api/v1/conversations/{group.pk}/commands/").json()
    assert [(row["name"], row["bot"]["handle"]) for row in listed] == [("weather", "weather_bot")]


def test_commands_are_added_and_taken_away(alice: User, robot: Bot) -> None:
    api = Api(alice)
    made = api.post("/api/v1/bots/weather_bot/commands/", {"name": "rain", "description": "Will it?"})
    assert made.status_code == 201
    again = api.post("/api/v1/bots/weather_bot/commands/", {"name": "rain", "description": "Will it?"})
    assert again.json()["code"] == "command_taken"
    assert Web(alice).post("/bots/weather_bot/commands/", {"name": "Snow!", "description": "x"}).status_code == 422
    assert api.post("/api/v1/bots/weather_bot/commands/", {"name": "help", "description": "x"}).status_code == 409
    assert Web(alice).post("/bots/weather_bot/commands/rain/remove/").status_code == 302
    assert api.delete("/api/v1/bots/weather_bot/commands/rain/").status_code == 404


def test_help_tells_the_caller_alone_what_is_understood_here(
    effects: Any, site: Site, forecaster: Bot, group: Conversation, alice: User, bob: User
) -> None:
    before = last(group)
    words = {"client_id": "0f6a5a3f-1a11-4c58-9d5c-6f1d3f2e6a0e", "kind": "text", "text": "/help"}
    answer = Api(bob).post(f"/api/v1/conversations/{group.pk}/messages/", words)
    assert (answer.status_code, answer.json()["code"]) == (422, "command_help")
    assert "/weather [city]" in answer.json()["detail"]
    page = Web(bob).post(f"/chats/{group.pk}/messages/", {"client_id": words["client_id"], "text": "/help"})
    assert "/weather [city]" in page.content.decode()

    assert last(group).pk == before.pk
    assert site.asked == []
    talk = make.direct(alice, bob)
    assert say(effects, alice, talk, "/help").text == "/help"
