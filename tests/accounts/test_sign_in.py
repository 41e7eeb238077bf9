from __future__ import annotations

import re

import pytest
from django.core import mail
from django.test import Client

from accounts.models import User
from tests import make

SIGN_UP = "/account/signup/"
SIGN_IN = "/account/login/"
APP = "/_allauth/app/v1/"
ME = "/api/v1/me/"
NEW = {"display_name": "Erin", "username": "erin", "email": "erin@example.org", "password1": "a long enough phrase"}


@pytest.fixture
def app():
    """A phone's app: JSON to the headless endpoints, the token in a header, no cookies."""
    client = Client()

    def call(method: str, path: str, body: object = None, token: str | None = None):
        headers = {"X-Session-Token": token} if token else {}
        url = path if path.startswith("/") else APP + path
        return getattr(client, method)(
            url, "" if body is None else body, content_type="application/json", headers=headers
        )

    return call


def signed_in(client: Client) -> bool:
    return client.get("/me/profile/").status_code == 200


class TestSignUp:
    def test_by_the_page(self, db, client):
        answer = client.post(SIGN_UP, NEW | {"display_name": "Erin \u202eE."})

        assert answer.status_code == 302
        erin = User.objects.get()
        assert (erin.handle, erin.display_name, erin.email) == ("erin", "Erin E.", "erin@example.org")
        assert signed_in(client)

    def test_a_handle_is_kept_in_small_letters(self, db, client):
        client.post(SIGN_UP, NEW | {"username": "Erin_1"})

        assert User.objects.get().handle == "erin_1"

    def test_an_app_that_sends_no_name_gets_the_handle_for_one(self, db, app):
        app("post", "auth/signup", {"username": "erin_1", "email": "e@example.org", "password": "a long enough phrase"})

        assert User.objects.get().display_name == "erin_1"

    @pytest.mark.covers("C14")
    @pytest.mark.parametrize(
        "handle",
        [
            "раураl",
            "аlice",
            "ＡＬＩＣＥ",
            "alic\u200be",
            "\u212aaren",
            "al",
            "1alice",
            "a" * 31,
            "a.b.c",
            "admin",
            "Official",
            "a b",
            "",
        ],
    )
    def test_look_alikes_and_reserved_handles_are_refused_at_both_doors(self, db, client, app, handle):
        assert client.post(SIGN_UP, NEW | {"username": handle}).status_code == 200
        answer = app(
            "post", "auth/signup", {"username": handle, "email": "e@example.org", "password": "long phrase here"}
        )

        assert answer.status_code == 400
        assert not User.objects.exists()

    def test_a_taken_handle_is_refused_in_any_case(self, alice, client):
        page = client.post(SIGN_UP, NEW | {"username": "Alice"})

        assert page.status_code == 200
        assert User.objects.count() == 1

    @pytest.mark.parametrize("password", ["short", "password123", "erin_erin"])
    def test_weak_passwords_are_refused(self, db, client, password):
        assert client.post(SIGN_UP, NEW | {"username": "erin_erin", "password1": password}).status_code == 200
        assert not User.objects.exists()

    def test_by_the_app(self, db, app):
        answer = app(
            "post",
            "auth/signup",
            {"username": "Erin", "email": "Erin@example.org", "password": "a long enough phrase", "display_name": "E."},
        )

        assert answer.status_code == 200
        user, token = answer.json()["data"]["user"], answer.json()["meta"]["session_token"]
        assert (user["handle"], user["display_name"]) == ("erin", "E.")
        me = app("get", ME, token=token).json()
        assert (me["handle"], me["email"]) == ("erin", "erin@example.org")


class TestSignIn:
    @pytest.mark.parametrize("login", ["alice", "Alice", "alice@example.org", "ALICE@example.org"])
    def test_by_handle_or_address(self, alice, client, login):
        client.post(SIGN_IN, {"login": login, "password": make.PASSWORD})

        assert signed_in(client)

    @pytest.mark.parametrize("name", [{"username": "alice"}, {"email": "alice@example.org"}])
    def test_the_app_gets_a_token_that_rest_accepts_until_it_signs_out(self, alice, app, name):
        assert app("get", ME).status_code == 401
        token = app("post", "auth/login", {**name, "password": make.PASSWORD}).json()["meta"]["session_token"]

        assert app("get", ME, token=token).json()["handle"] == "alice"
        assert app("patch", ME, {"bio": "By token"}, token=token).status_code == 200
        app("delete", "auth/session", token=token)
        assert app("get", ME, token=token).status_code == 401

    @pytest.mark.parametrize("token", ["nonsense", "x" * 5000, "../../etc/passwd", "é"])
    def test_an_invented_token_is_nobodys(self, alice, app, token):
        answer = app("get", ME, token=token)

        assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")

    @pytest.mark.covers("B2")
    def test_signing_in_makes_a_new_session(self, alice, client):
        client.get(SIGN_IN)
        session = client.session
        session["planted"] = True
        session.save()
        client.cookies["session"] = session.session_key

        client.post(SIGN_IN, {"login": "alice", "password": make.PASSWORD})
        assert client.session.session_key != session.session_key

    def test_admin_is_entered_through_the_same_door(self, alice, mod, client, web):
        answer = client.get("/admin/", follow=True)
        assert answer.redirect_chain[-1][0].startswith(SIGN_IN)
        assert web(alice).get("/admin/login/").status_code == 403
        assert web(mod).get("/admin/").status_code == 200


@pytest.mark.covers("B7")
class TestNobodyLearnsWhoHasAnAccount:
    """The same answer, apart from what the asker has typed and the tokens of the form."""

    @pytest.fixture(autouse=True)
    def confirmation(self, settings):
        settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"

    def seen(self, answer) -> tuple:
        text = re.sub(r'(csrfmiddlewaretoken" value|nonce|hx-headers)=["\'][^"\']*["\']', "", answer.content.decode())
        text = re.sub(r"nonce-[\w+/=-]+|(known|nobody)(@example\.org)?", "", text)
        return answer.status_code, answer.headers.get("Location"), text

    @pytest.fixture
    def known(self, db):
        return make.person("known")

    def test_signing_in(self, known, client):
        answers = [
            self.seen(Client().post(SIGN_IN, {"login": login, "password": "wrong"})) for login in ("known", "nobody")
        ]
        assert answers[0] == answers[1]

    def test_signing_in_by_the_app(self, known, app):
        answers = [app("post", "auth/login", {"username": n, "password": "wrong"}) for n in ("known", "nobody")]
        assert self.seen(answers[0]) == self.seen(answers[1])
        assert answers[0].status_code == 400

    def test_signing_up(self, known, db):
        answers = [
            Client().post(SIGN_UP, NEW | {"username": f"erin{n}", "email": f"{name}@example.org"})
            for n, name in enumerate(("known", "nobody"))
        ]
        assert self.seen(answers[0]) == self.seen(answers[1])
        assert answers[0].status_code == 302
        assert User.objects.count() == 2

    def test_signing_up_by_the_app(self, known, db):
        answers = [
            Client().post(
                APP + "auth/signup",
                {"username": f"erin{n}", "email": f"{name}@example.org", "password": "a long enough phrase"},
                content_type="application/json",
            )
            for n, name in enumerate(("known", "nobody"))
        ]
        assert [answer.status_code for answer in answers] == [401, 401]
        flows = [answer.json()["data"]["flows"] for answer in answers]
        assert flows[0] == flows[1]

    def test_asking_for_a_new_password(self, known, app):
        pages = [
            self.seen(Client().post("/account/password/reset/", {"email": f"{name}@example.org"}))
            for name in ("known", "nobody")
        ]
        answers = [app("post", "auth/password/request", {"email": f"{n}@example.org"}) for n in ("known", "nobody")]

        assert pages[0] == pages[1]
        assert self.seen(answers[0]) == self.seen(answers[1])
        assert len(mail.outbox) == 4


@pytest.mark.covers("B3")
class TestANewPasswordEndsTheOtherSessions:
    CHANGED = "another long phrase"

    @pytest.fixture
    def elsewhere(self, alice, app, web):
        """Alice's other devices: a browser and an app."""
        browser = web(alice)
        token = app("post", "auth/login", {"username": "alice", "password": make.PASSWORD}).json()["meta"][
            "session_token"
        ]

        def alive():
            return signed_in(browser), app("get", ME, token=token).status_code == 200

        assert alive() == (True, True)
        return alive

    def key(self) -> str:
        return re.search(r"/account/password/reset/key/(\S+?)-(\S+?)/", mail.outbox[-1].body).group(1, 2)

    def test_changed_on_the_page(self, alice, client, elsewhere):
        client.post(SIGN_IN, {"login": "alice", "password": make.PASSWORD})
        client.post(
            "/account/password/change/",
            {"oldpassword": make.PASSWORD, "password1": self.CHANGED, "password2": self.CHANGED},
        )

        alice.refresh_from_db()
        assert alice.check_password(self.CHANGED)
        assert elsewhere() == (False, False)
        assert signed_in(client)

    def test_changed_by_the_app(self, alice, app, elsewhere):
        token = app("post", "auth/login", {"username": "alice", "password": make.PASSWORD}).json()["meta"][
            "session_token"
        ]
        answer = app(
            "post",
            "account/password/change",
            {"current_password": make.PASSWORD, "new_password": self.CHANGED},
            token=token,
        )

        assert answer.status_code == 200
        assert elsewhere() == (False, False)
        assert app("get", ME, token=answer.json()["meta"].get("session_token", token)).status_code == 200

    def test_reset_on_the_page(self, alice, client, elsewhere):
        client.post("/account/password/reset/", {"email": "alice@example.org"})
        uid, key = self.key()
        form = client.get(f"/account/password/reset/key/{uid}-{key}/", follow=True)
        client.post(form.request["PATH_INFO"], {"password1": self.CHANGED, "password2": self.CHANGED})

        alice.refresh_from_db()
        assert alice.check_password(self.CHANGED)
        assert elsewhere() == (False, False)

    def test_reset_by_the_app(self, alice, app, elsewhere):
        app("post", "auth/password/request", {"email": "alice@example.org"})
        uid, key = self.key()
        app("post", "auth/password/reset", {"key": f"{uid}-{key}", "password": self.CHANGED})

        alice.refresh_from_db()
        assert alice.check_password(self.CHANGED)
        assert elsewhere() == (False, False)
        assert (
            app("post", "auth/password/reset", {"key": f"{uid}-{key}", "password": "once more please"}).status_code
            == 400
        )

    def test_set_on_the_command_line(self, alice, elsewhere):
        alice.set_password(self.CHANGED)
        alice.save()

        assert elsewhere() == (False, False)

    @pytest.mark.parametrize("way", ["page", "app"])
    def test_sockets_are_closed(self, alice, client, app, monkeypatch, way):
        closed = []
        monkeypatch.setattr("accounts.adapter.live.sign_out", closed.append)
        client.post("/account/password/reset/", {"email": "alice@example.org"})
        uid, key = self.key()

        if way == "page":
            form = client.get(f"/account/password/reset/key/{uid}-{key}/", follow=True)
            client.post(form.request["PATH_INFO"], {"password1": self.CHANGED, "password2": self.CHANGED})
        else:
            app("post", "auth/password/reset", {"key": f"{uid}-{key}", "password": self.CHANGED})
        assert closed == [alice.pk]


@pytest.mark.covers("B5")
def test_guessing_a_password_is_limited(alice, settings, client):
    settings.ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "10/m/ip,5/300s/key"}
    for _ in range(5):
        client.post(SIGN_IN, {"login": "alice", "password": "wrong"})

    client.post(SIGN_IN, {"login": "alice", "password": make.PASSWORD})
    assert not signed_in(client)
