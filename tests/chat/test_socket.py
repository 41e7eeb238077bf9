"""The socket itself: who may open it, what may be said over it, and when it is closed."""

from __future__ import annotations

import json
import secrets
import socket
import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from websockets.exceptions import ConnectionClosed, InvalidStatus

from accounts import services as accounts
from accounts.models import User
from chat.generation import begin_generation
from chat.models import Conversation, Message
from superapp.kernel import limits, live
from tests.live_server import Device, LiveApp, open_socket, session_key_of
from tests.make import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)
Devices = Callable[..., Device]


def test_hello_tells_who_one_is_and_where_things_stand(device: Devices, alice: User, direct: Conversation) -> None:
    hello = device(alice).hello
    assert hello["me"] == "alice"
    assert hello["heartbeat"] == settings.LIVE_HEARTBEAT
    direct.refresh_from_db()
    assert hello["heads"] == {str(direct.pk): direct.head}


@pytest.mark.covers("J11")
def test_the_generation_stays_until_a_restore_begins_another(device: Devices, alice: User) -> None:
    first, again = device(alice).hello["generation"], device(alice).hello["generation"]
    assert first == again
    begin_generation()
    assert device(alice).hello["generation"] != first


@pytest.mark.covers("C2")
@pytest.mark.parametrize(
    "origin",
    [
        None,
        "null",
        "https://evil.example",
        "http://evil.example:{port}",
        "http://127.0.0.1.evil.example:{port}",
        "http://evil.127.0.0.1:{port}",
        "https://127.0.0.1:{port}",
        "http://127.0.0.1:1",
        "http://127.0.0.1",
        "http://127.0.0.1:{port}@evil.example",
        "http://localhost:{port}",
        "file://",
        "",
    ],
)
def test_a_browser_on_another_page_opens_nothing(origin: str | None, live_app: LiveApp, alice: User) -> None:
    key = session_key_of(alice)
    named = origin and origin.format(port=live_app.port)
    with pytest.raises(InvalidStatus) as refusal:
        open_socket(live_app, key, origin=named)
    assert refusal.value.response.status_code == 403
    open_socket(live_app, key).close()  # from our own page it opens


@pytest.mark.covers("C2")
def test_a_page_of_the_site_opens_it_and_one_of_another_host_name_does_not(live_app: LiveApp, alice: User) -> None:
    key = session_key_of(alice)
    open_socket(live_app, key, origin=settings.SITE_URL).close()
    headers = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={key}", "Host": "rebound.example"}
    with pytest.raises(InvalidStatus):  # a foreign name that was made to lead here
        open_socket(live_app, "", origin="http://rebound.example", additional_headers=headers)


def test_an_app_signs_in_and_opens_it_with_its_token(device: Devices, live_app: LiveApp, alice: User) -> None:
    answer = Client().post(
        "/_allauth/app/v1/auth/login",
        {"username": "alice", "password": PASSWORD},
        content_type="application/json",
    )
    token = answer.json()["meta"]["session_token"]
    phone = device(session_key=token, token=True)
    assert phone.hello["me"] == "alice"
    assert phone.socket.subprotocol == "superapp.v1"


@pytest.mark.parametrize(
    ("key", "token"),
    [("", False), ("nonsense", False), ("a" * 32, False), ("../../etc", False), ("nonsense", True), ("a" * 32, True)],
)
def test_without_a_session_it_is_closed_as_signed_out(key: str, token: bool, live_app: LiveApp) -> None:
    assert closing_code(open_socket(live_app, key, token=token)) == live.SIGNED_OUT


def test_another_path_is_no_socket(live_app: LiveApp, alice: User) -> None:
    with pytest.raises(InvalidStatus) as refusal:
        open_socket(live_app, session_key_of(alice), path="/ws/other/")
    assert refusal.value.response.status_code == 403


def closing_code(connection: Any) -> int | None:
    try:
        while True:
            connection.recv(timeout=5)
    except ConnectionClosed as closed:
        return closed.rcvd.code if closed.rcvd else None


@pytest.mark.covers("J1")
def test_an_ack_comes_after_the_commit_and_names_the_message(
    device: Devices, alice: User, bob: User, direct: Conversation
) -> None:
    phone, laptop, other = device(alice), device(alice), device(bob)
    ack = phone.say(direct, "Lunch?")
    message = Message.objects.get(pk=ack["id"])
    assert (ack["type"], ack["seq"], message.text) == ("ack", message.seq, "Lunch?")
    for one in (laptop, other):
        event = one.until("message.created")
        assert event["conversation"] == str(direct.pk)
        assert (event["seq"], event["message"]["text"]) == (message.seq, "Lunch?")
        assert event["message"]["sender"] == {
            "handle": "alice", "display_name": "Alice", "avatar": None, "is_bot": False,
        }  # fmt: skip


@pytest.mark.covers("J3")
def test_a_repeated_client_id_is_acknowledged_with_the_first_message(
    device: Devices, alice: User, bob: User, direct: Conversation
) -> None:
    phone, other, client_id = device(alice), device(bob), str(uuid4())
    first, again = phone.say(direct, "Once", client_id), phone.say(direct, "Once", client_id)
    assert (first["id"], first["seq"]) == (again["id"], again["seq"])
    assert phone.say(direct, "Twice", client_id)["code"] == "idempotency_mismatch"
    assert other.texts() == ["Once"]


@pytest.mark.covers("J7")
def test_messages_of_one_sender_keep_their_order(device: Devices, alice: User, bob: User, direct: Conversation) -> None:
    phone, other = device(alice), device(bob)
    said = [f"m{number}" for number in range(40)]
    for text in said:  # without waiting for an ack
        phone.send({"type": "message.send", "conversation": str(direct.pk), "client_id": str(uuid4()), "text": text})
    assert other.texts() == said
    assert list(Message.objects.filter(sender=alice).order_by("seq").values_list("text", flat=True)) == said


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ("", "malformed"),
        ("nonsense", "malformed"),
        ("[]", "malformed"),
        ("null", "malformed"),
        ('"x"', "malformed"),
        ("NaN", "malformed"),
        ('{"type": NaN}', "malformed"),
        ("[" * 1000 + "]" * 1000, "malformed"),
        ('{"a":' * 5000 + "1" + "}" * 5000, "malformed"),
        ("9" * 5000, "malformed"),
        ('{"type": "\\ud800"}', "malformed"),
        ('{"type": "message.send", "text": "\\u0000"}', "malformed"),
        (b"\x00\xff", "malformed"),
        (b'{"type": "ping"}', "malformed"),
        ("{}", "unknown_type"),
        ('{"type": "hello"}', "unknown_type"),
        ('{"type": []}', "unknown_type"),
        ('{"type": {"a": 1}}', "unknown_type"),
        ('{"type": "message.send"}', "invalid"),
        ('{"type": "message.send", "client_id": 1}', "invalid"),
        ('{"type": "read"}', "invalid"),
        ('{"type": "read", "seq": true, "conversation": "1"}', "invalid"),
        ('{"type": "read", "seq": 1, "conversation": 1}', "not_found"),
        ('{"type": "read", "seq": 1, "conversation": "99999999999999999999"}', "not_found"),
        ('{"type": "read", "seq": 99999999999999999999, "conversation": "1"}', "invalid"),
        ('{"type": "typing"}', "not_found"),
    ],
)
@pytest.mark.covers("C3")
def test_what_cannot_be_understood_is_refused_and_the_socket_lives_on(
    frame: str | bytes, code: str, device: Devices, alice: User
) -> None:
    phone = device(alice)
    phone.send(frame)
    refusal = phone.until("error")
    assert refusal["code"] == code
    assert refusal["detail"]
    phone.send({"type": "ping"})
    assert phone.until("pong")


@pytest.mark.parametrize("wrong", [{"text": 1}, {"text": ["x"]}, {"kind": {}}, {"uploads": "x"}, {"uploads": [1]}])
def test_wrong_types_in_a_message_are_refused(
    wrong: dict[str, Any], device: Devices, alice: User, direct: Conversation
) -> None:
    frame = {"type": "message.send", "conversation": str(direct.pk), "client_id": str(uuid4()), "text": "x", **wrong}
    assert device(alice).ask(**frame)["code"] == "invalid"
    assert not Message.objects.filter(sender=alice).exists()


@pytest.mark.covers("C3")
def test_no_frame_whatever_it_holds_ends_the_socket(device: Devices, alice: User, direct: Conversation) -> None:
    phone = device(alice)
    scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
    values = st.recursive(scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner))
    names = st.sampled_from(["conversation", "client_id", "kind", "text", "uploads", "reply_to", "seq", "ref"])
    frames = st.builds(
        lambda kind, body: json.dumps({"type": kind, **body}),
        st.sampled_from(["message.send", "read", "typing", "ping"]) | values,
        st.dictionaries(names, values | st.just(str(direct.pk)) | st.just(str(uuid4()))),
    )

    @hypothesis_settings(max_examples=250, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(st.text(max_size=200) | st.binary(max_size=200) | frames)
    def fuzz(frame: str | bytes) -> None:
        try:
            phone.send(frame)
        except UnicodeEncodeError:
            return  # no client could send it

    fuzz()
    phone.send({"type": "ping"})
    assert phone.until("pong", seconds=30)
    assert not any(frame.get("code") == "unavailable" for frame in phone.received)


@pytest.mark.covers("C3")
@pytest.mark.parametrize("frame", ["x" * (64 * 1024 + 1), "é" * (32 * 1024 + 1)])
def test_a_frame_that_is_too_large_closes_the_socket(frame: str, device: Devices, alice: User) -> None:
    phone = device(alice)
    phone.send(frame)
    assert phone.close_code() == 1009


def test_a_frame_of_64_kib_is_still_read(device: Devices, alice: User) -> None:
    phone = device(alice)
    phone.send("x" * 64 * 1024)
    assert phone.until("error")["code"] == "malformed"


@pytest.mark.covers("C3")
def test_flooding_closes_the_socket(device: Devices, alice: User, settings: Any) -> None:
    settings.RATE_LIMITS_ENABLED = True
    phone = device(alice)
    amount = int(settings.RATE_LIMITS["socket-frame"][0].split("/")[0])
    for _ in range(amount + 20):
        phone.send('{"type":"ping"}')
    assert phone.close_code() == 4429
    assert sum(frame["type"] == "pong" for frame in phone.received) >= amount


def test_too_many_messages_are_refused_with_a_time_to_wait(
    device: Devices, alice: User, direct: Conversation, settings: Any
) -> None:
    settings.RATE_LIMITS_ENABLED = True
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "message": ("2/minute", "open")}
    limits._rate.cache_clear()
    try:
        phone = device(alice)
        answers = [phone.say(direct, f"m{number}") for number in range(3)]
    finally:
        limits._rate.cache_clear()
    assert [answer["type"] for answer in answers] == ["ack", "ack", "error"]
    assert (answers[2]["code"], answers[2]["retry_after"] > 0) == ("rate_limited", True)
    assert Message.objects.filter(sender=alice).count() == 2


def test_a_refusal_is_said_in_the_language_of_the_person(device: Devices, alice: User, direct: Conversation) -> None:
    accounts.change_profile(person=alice, language="zh-hans")
    refusal = device(alice).say(direct, "   ")
    assert refusal["code"] == "empty_message"


class TestRevocation:
    @pytest.fixture(autouse=True)
    def quick_heart(self, settings: Any) -> None:
        settings.LIVE_HEARTBEAT = 0.6

    @pytest.mark.covers("A8", "B3", "F6")
    def test_suspension_closes_at_once(self, device: Devices, alice: User, mod: User, settings: Any) -> None:
        settings.LIVE_HEARTBEAT = 60
        phone, laptop = device(alice), device(alice)
        begun = time.monotonic()
        accounts.suspend_person(moderator=mod, person=alice)
        assert phone.close_code() == laptop.close_code() == live.SIGNED_OUT
        assert time.monotonic() - begun < 2

    @pytest.mark.covers("A8", "B3")
    @pytest.mark.parametrize("cause", ["password", "suspended", "signed out"])
    def test_a_session_that_ended_is_noticed_even_when_the_notice_is_lost(
        self, cause: str, device: Devices, alice: User
    ) -> None:
        phone = device(alice)
        phone.until("heartbeat")
        end_quietly(cause, alice, phone.session_key)
        assert phone.close_code() == live.SIGNED_OUT

    @pytest.mark.covers("A8", "B3")
    @pytest.mark.parametrize("cause", ["password", "suspended", "signed out"])
    def test_a_session_that_ended_can_do_nothing_more(
        self, cause: str, device: Devices, alice: User, direct: Conversation, settings: Any, monkeypatch: Any
    ) -> None:
        settings.LIVE_HEARTBEAT = 60
        monkeypatch.setattr("chat.consumers.LOOK_AGAIN_AFTER", 0)
        phone = device(alice)
        assert phone.say(direct, "Before")["type"] == "ack"
        end_quietly(cause, alice, phone.session_key)
        frame = {"conversation": str(direct.pk), "client_id": str(uuid4()), "text": "After"}
        phone.send({"type": "message.send", **frame})
        assert phone.close_code() == live.SIGNED_OUT
        assert not Message.objects.filter(text="After").exists()

    @pytest.mark.covers("A8", "B3")
    def test_signing_out_closes_the_sockets_of_that_session_within_two_seconds(
        self, device: Devices, alice: User, settings: Any, client: Client
    ) -> None:
        settings.LIVE_HEARTBEAT = 60
        client.force_login(alice, backend="accounts.backends.PersonBackend")
        phone, laptop = device(alice, session_key=client.session.session_key), device(alice)
        begun = time.monotonic()
        client.post(reverse("account_logout"))
        assert phone.close_code() == live.SIGNED_OUT
        assert time.monotonic() - begun < 2
        laptop.send('{"type":"ping"}')
        assert laptop.until("pong")

    def test_another_device_with_another_session_stays(self, device: Devices, alice: User) -> None:
        phone, laptop = device(alice), device(alice)
        end_quietly("signed out", alice, phone.session_key)
        assert phone.close_code() == live.SIGNED_OUT
        laptop.send('{"type":"ping"}')
        assert laptop.until("pong")

    @pytest.mark.covers("J6")
    def test_a_heartbeat_carries_the_heads_of_what_has_changed(
        self, device: Devices, alice: User, bob: User, charlie: User, direct: Conversation, say: Any
    ) -> None:
        stranger, phone = device(charlie), device(alice)
        before = phone.until("heartbeat")["heads"]
        phone.send('{"type":"ping"}')
        message = say(bob, direct)
        beat = phone.until("heartbeat", heads={str(direct.pk): message.seq})
        assert before != beat["heads"]
        assert stranger.until("heartbeat")["heads"] == {}

    def test_who_keeps_silent_is_cut_off_and_who_answers_is_not(self, device: Devices, alice: User, bob: User) -> None:
        silent, answering = device(alice), device(bob)
        deadline = time.monotonic() + 3
        while time.monotonic() < deadline:
            answering.until("heartbeat")
            answering.send('{"type":"ping"}')
        assert silent.close_code() == 4408
        assert answering.until("heartbeat")


def end_quietly(cause: str, person: User, session_key: str) -> None:
    """In the database alone: as if the notice to the sockets had been lost."""
    if cause == "password":
        person.set_password("another correct horse")
        person.save()
    elif cause == "suspended":
        User.objects.filter(pk=person.pk).update(is_active=False)
    else:
        Session.objects.filter(session_key=session_key).delete()
        cache.clear()


@pytest.mark.covers("J13")
def test_a_slow_reader_is_cut_off_and_the_others_go_on(
    device: Devices, live_app: LiveApp, alice: User, bob: User, direct: Conversation
) -> None:
    little_room = socket.socket()
    little_room.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 512 * 1024)
    little_room.connect(("127.0.0.1", live_app.port))
    slow, other = device(bob, max_queue=1, sock=little_room), device(bob)
    padding = secrets.token_urlsafe(45_000)  # what does not compress
    for number in range(600):
        live.publish([bob.pk], {"type": "noise", "number": number, "padding": padding})
        if number % 50 == 0:
            other.until("noise", number=number, seconds=30)
    other.until("noise", number=599, seconds=30)
    assert slow.close_code(30) == live.TOO_SLOW
    assert sum(frame["type"] == "noise" for frame in slow.received) < 600


@pytest.mark.covers("L7")
def test_a_server_that_stops_says_that_it_will_be_back(transactional_db: None, alice: User) -> None:
    app = LiveApp()
    phone = Device(app, alice)
    app.stop()
    assert phone.close_code() == live.RESTARTING
