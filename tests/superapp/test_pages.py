"""The frame around every app's pages: signing in, the tabs, the theme, the installable parts."""

from __future__ import annotations

import json

import pytest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory, override_settings
from django.urls import reverse

from accounts.models import User
from superapp.kernel.errors import RateLimited
from superapp.middleware import RefusalPages
from superapp.views import csrf_failure
from tests import make
from tests.conftest import Web

pytestmark = pytest.mark.django_db


def demo(handle: str, **fields: object) -> User:
    user = make.person(handle, **fields)
    user.email = f"{handle}@demo.invalid"
    user.save()
    return user


# --- Signing in ----------------------------------------------------------------------------------------------------


def test_the_sign_in_page_offers_the_demo_people_in_development() -> None:
    demo("lin", display_name="Lin Yue")
    make.person("real", display_name="A real person")
    page = Client().get(reverse("account_login")).content.decode()
    assert "Lin Yue" in page
    assert reverse("demo_sign_in", args=["lin"]) in page
    assert "A real person" not in page


@override_settings(DEVELOPMENT=False)
def test_the_sign_in_page_offers_nobody_in_production() -> None:
    demo("lin", display_name="Lin Yue")
    page = Client().get(reverse("account_login")).content.decode()
    assert "Lin Yue" not in page


def test_at_most_eight_demo_people_are_offered() -> None:
    for number in range(10):
        demo(f"person_{number}")
    page = Client().get(reverse("account_login")).content.decode()
    assert page.count("entrance-person") == 8


def test_one_click_signs_in_as_a_demo_person() -> None:
    lin = demo("lin")
    client = Client()
    answer = client.post(reverse("demo_sign_in", args=["lin"]))
    assert answer.status_code == 302
    assert client.session["_auth_user_id"] == str(lin.pk)


@pytest.mark.parametrize("handle", ["real", "boss", "closed", "nobody"])
def test_no_click_signs_in_as_anybody_else(handle: str) -> None:
    demo("lin")
    make.person("real")
    boss = demo("boss")
    boss.is_staff = True
    boss.save()
    demo("closed", is_active=False)
    client = Client()
    assert client.post(reverse("demo_sign_in", args=["lin"])).status_code == 302
    client.logout()
    assert client.post(reverse("demo_sign_in", args=[handle])).status_code == 404
    assert "_auth_user_id" not in client.session


def test_demo_sign_in_does_not_exist_in_production() -> None:
    demo("lin")
    client = Client()
    with override_settings(DEVELOPMENT=False):
        assert client.post(reverse("demo_sign_in", args=["lin"])).status_code == 404
    assert "_auth_user_id" not in client.session
    assert client.post(reverse("demo_sign_in", args=["lin"])).status_code == 302


def test_demo_sign_in_needs_a_post_with_a_token() -> None:
    demo("lin")
    assert Client().get(reverse("demo_sign_in", args=["lin"])).status_code == 405
    assert Client(enforce_csrf_checks=True).post(reverse("demo_sign_in", args=["lin"])).status_code == 403


@override_settings(RATE_LIMITS_ENABLED=True)
def test_demo_sign_in_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    from superapp.kernel import limits

    demo("lin")
    limits._rate.cache_clear()
    with override_settings(RATE_LIMITS={"demo-sign-in": ("2/minute", "closed")}):
        clicks = [
            Client(REMOTE_ADDR="198.51.100.7").post(reverse("demo_sign_in", args=["lin"])).status_code for _ in range(3)
        ]
    limits._rate.cache_clear()
    assert clicks == [302, 302, 429]


def test_the_first_day_says_how_to_make_an_administrator() -> None:
    assert "make admin" in Client().get(reverse("account_login")).content.decode()
    make.person("first")
    assert "make admin" not in Client().get(reverse("account_login")).content.decode()


def test_a_person_signs_up_and_is_in() -> None:
    client = Client()
    answer = client.post(
        reverse("account_signup"),
        {"display_name": "林悦", "username": "lin_yue", "email": "lin@example.org", "password1": make.PASSWORD},
    )
    assert answer.status_code == 302
    person = User.objects.get(handle="lin_yue")
    assert person.display_name == "林悦"
    assert client.session["_auth_user_id"] == str(person.pk)


def test_a_refused_sign_up_says_why_beside_the_field(alice: User) -> None:
    answer = Client().post(
        reverse("account_signup"),
        {"display_name": "A", "username": "Alice", "email": "other@example.org", "password1": make.PASSWORD},
    )
    page = answer.content.decode()
    assert 'aria-describedby="id_username_helptext id_username_error"' in page
    assert 'id="id_username_error"' in page
    assert User.objects.count() == 1


def test_the_fields_of_sign_up_come_in_a_sensible_order() -> None:
    page = Client().get(reverse("account_signup")).content.decode()
    places = [page.index(f'name="{name}"') for name in ["display_name", "username", "email", "password1"]]
    assert places == sorted(places)


@pytest.mark.parametrize(
    "name",
    ["account_login", "account_signup", "account_reset_password", "account_reset_password_done", "account_inactive"],
)
def test_entrance_pages_are_ours(name: str) -> None:
    answer = Client().get(reverse(name))
    assert answer.status_code == 200
    assert 'class="entrance"' in answer.content.decode()


@pytest.mark.parametrize("name", ["account_email", "account_change_password", "me", "settings", "discover"])
def test_account_pages_stand_in_the_frame(name: str, alice: User) -> None:
    page = Web(alice).get(reverse(name)).content.decode()
    assert 'data-tab="' in page
    assert page.count("<h1") == 1


def test_the_administration_has_no_door_of_its_own(alice: User, mod: User) -> None:
    answer = Client().get("/admin/login/?next=/admin/")
    assert answer.headers["Location"].startswith(reverse("account_login"))
    assert Web(mod).get("/admin/").status_code == 200
    assert Web(alice).get("/admin/").status_code == 302


@pytest.mark.parametrize(
    ("login", "words"), [("alice", "The handle and"), ("alice@example.org", "The e-mail address and")]
)
def test_a_wrong_password_is_refused_in_our_words(alice: User, login: str, words: str) -> None:
    client = Client()
    page = client.post(reverse("account_login"), {"login": login, "password": "wrong guess"}).content.decode()
    assert f"{words} the password do not belong together." in page
    assert "_auth_user_id" not in client.session


# --- Me and Discover -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["me", "settings", "discover"])
def test_guests_are_sent_to_sign_in(name: str, alice: User) -> None:
    assert Web(alice).get(reverse(name)).status_code == 200
    answer = Client().get(reverse(name))
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"{reverse('account_login')}?next={reverse(name)}"


def test_home_leads_in_or_to_the_chats(alice: User) -> None:
    assert Client().get("/").headers["Location"] == reverse("account_login")
    assert Web(alice).get("/").headers["Location"] == reverse("chat:list")


def test_me_shows_the_person_and_the_ways_on(alice: User) -> None:
    page = Web(alice).get(reverse("me")).content.decode()
    assert "@alice" in page
    assert reverse("wallet:home") in page
    assert reverse("account_logout") in page
    assert reverse("admin:index") not in page


def test_staff_find_the_administration(mod: User) -> None:
    assert reverse("admin:index") in Web(mod).get(reverse("me")).content.decode()


def test_the_tab_one_is_in_is_marked(alice: User) -> None:
    page = Web(alice).get(reverse("discover")).content.decode()
    marked = [part for part in page.split("<a ")[1:] if 'aria-current="page"' in part.split(">")[0]]
    assert [reverse("discover") in part.split(">")[0] for part in marked] == [True]


def test_the_row_of_the_open_page_is_marked(alice: User) -> None:
    page = Web(alice).get(reverse("settings")).content.decode()
    rows = [part.split(">")[0] for part in page.split('<a class="row"')[1:]]
    assert [row for row in rows if "aria-current" in row] == [f' href="{reverse("settings")}" aria-current="true"']


def test_signing_out_by_the_button_ends_the_session(alice: User) -> None:
    browser = Web(alice)
    assert browser.post(reverse("account_logout")).status_code == 302
    assert "_auth_user_id" not in browser.session


# --- Settings, theme, language ----------------------------------------------------------------------------------------


def settings_of(**changes: str) -> dict[str, str]:
    return {"theme": "dark", "language": "en", "timezone": "Asia/Shanghai"} | changes


def test_settings_are_kept(alice: User) -> None:
    browser = Web(alice)
    answer = browser.post(reverse("settings"), settings_of(language="zh-hans"))
    assert answer.status_code == 302
    alice.refresh_from_db()
    assert (alice.language, alice.timezone) == ("zh-hans", "Asia/Shanghai")
    page = browser.get(reverse("me")).content.decode()
    assert '<html lang="zh-hans" dir="ltr" data-theme="dark">' in page


@pytest.mark.parametrize(
    "wrong", [{"theme": "pink"}, {"language": "tlh"}, {"timezone": "Moon/Base"}, {"timezone": "../../etc/passwd"}]
)
def test_refused_settings_change_nothing(alice: User, wrong: dict[str, str]) -> None:
    browser = Web(alice)
    answer = browser.post(reverse("settings"), settings_of(**wrong))
    assert answer.status_code == 422
    assert "errorlist" in answer.content.decode()
    assert "theme" not in browser.cookies
    alice.refresh_from_db()
    assert alice.timezone == "UTC"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_first_byte_knows_the_chosen_theme(theme: str) -> None:
    browser = Client()
    browser.cookies["theme"] = theme
    assert f'data-theme="{theme}"' in browser.get(reverse("account_login")).content.decode()


@pytest.mark.parametrize("cookie", ["system", "", '"><script>'])
def test_any_other_theme_cookie_means_the_system(cookie: str) -> None:
    browser = Client()
    browser.cookies["theme"] = cookie
    assert "data-theme" not in browser.get(reverse("account_login")).content.decode()


def test_a_guest_chooses_a_language() -> None:
    browser = Client()
    answer = browser.post(reverse("language"), {"language": "ar", "next": reverse("account_signup")})
    assert answer.headers["Location"] == reverse("account_signup")
    assert '<html lang="ar" dir="rtl"' in browser.get(reverse("account_login")).content.decode()


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:alert(1)", ""])
def test_choosing_a_language_leads_nowhere_else(target: str) -> None:
    answer = Client().post(reverse("language"), {"language": "ar", "next": target})
    assert answer.headers["Location"] == "/"


def test_the_browser_tells_its_time_zone_once(alice: User) -> None:
    browser = Web(alice)
    assert 'data-module="time-zone"' in browser.get(reverse("me")).content.decode()
    assert browser.post(reverse("time_zone"), {"timezone": "Europe/Lisbon"}).status_code == 204
    alice.refresh_from_db()
    assert alice.timezone == "Europe/Lisbon"
    assert 'data-module="time-zone"' not in browser.get(reverse("me")).content.decode()
    browser.post(reverse("time_zone"), {"timezone": "Asia/Tokyo"})
    alice.refresh_from_db()
    assert alice.timezone == "Europe/Lisbon"


def test_a_time_zone_that_does_not_exist_is_refused(alice: User) -> None:
    assert Web(alice).post(reverse("time_zone"), {"timezone": "Moon/Base"}).status_code == 400
    alice.refresh_from_db()
    assert alice.timezone == "UTC"


# --- Headers -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["me", "settings", "discover", "account_email"])
def test_pages_are_private_and_run_only_our_own_code(name: str, alice: User) -> None:
    answer = Web(alice).get(reverse(name))
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe-inline" not in policy
    assert "unsafe-eval" not in policy
    assert "style-src 'self'" in policy
    assert {"private", "no-store"} <= {part.strip() for part in answer.headers["Cache-Control"].split(",")}


@pytest.mark.parametrize("name", ["me", "settings", "discover", "account_email", "account_change_password"])
def test_pages_carry_no_inline_style_and_no_inline_script(name: str, alice: User) -> None:
    page = Web(alice).get(reverse(name)).content.decode()
    assert " style=" not in page
    assert "<style" not in page
    assert " onclick=" not in page
    for script in page.split("<script")[1:]:
        opening = script.split(">")[0]
        assert "src=" in opening or 'type="application/json"' in opening


# --- Installing ----------------------------------------------------------------------------------------------------


def test_the_manifest_makes_it_installable() -> None:
    answer = Client().get(reverse("manifest"))
    assert answer.headers["Content-Type"] == "application/manifest+json"
    manifest = json.loads(answer.content)
    assert manifest["display"] == "standalone"
    assert {icon["purpose"] for icon in manifest["icons"]} == {"any", "maskable"}
    assert {"192x192", "512x512"} <= {icon["sizes"] for icon in manifest["icons"]}


def test_the_service_worker_serves_the_whole_site_and_keeps_no_pages() -> None:
    answer = Client().get("/service-worker.js")
    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert answer.headers["Cache-Control"] == "no-cache"
    assert reverse("offline") in answer.content.decode()


def test_the_offline_page_is_the_same_for_everybody(alice: User) -> None:
    page = Web(alice).get(reverse("offline")).content.decode()
    assert "alice" not in page


def test_the_style_sheet_of_a_page_may_be_kept_for_ever() -> None:
    page = Client().get(reverse("account_login")).content.decode()
    address = page.split('rel="stylesheet" href="')[1].split('"')[0]
    answer = Client().get(address, headers={"accept-encoding": "gzip"})
    assert answer.headers["Content-Type"].startswith("text/css")
    assert answer.headers["Content-Encoding"] == "gzip"
    assert "immutable" in answer.headers["Cache-Control"]
    assert len(answer.content) < 30_000
    plain = Client().get(address).content.decode()
    assert "@import" not in plain
    assert ".shell-tabs" in plain


def test_an_outdated_style_sheet_address_gets_the_present_one_for_now() -> None:
    answer = Client().get(reverse("stylesheet", args=["outdated"]))
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-cache"


def test_the_favicon_is_found() -> None:
    assert Client().get("/favicon.ico").headers["Location"].endswith("favicon.ico")


# --- When something is wrong ---------------------------------------------------------------------------------------


def test_a_missing_page_says_so_and_leads_on(alice: User) -> None:
    answer = Web(alice).get("/nothing/here/")
    assert answer.status_code == 404
    assert 'href="/"' in answer.content.decode()


@pytest.mark.parametrize("template", ["400.html", "500.html"])
def test_failure_pages_need_no_context(template: str) -> None:
    page = render_to_string(template)
    assert "css/app.css" in page
    assert 'href="/"' in page


@pytest.mark.parametrize("template", ["403.html", "404.html", "refused.html", "csrf_failure.html"])
def test_refusal_pages_render(template: str, rf: RequestFactory, alice: User) -> None:
    request = rf.get("/")
    request.user = alice
    assert "<h1" in render_to_string(template, {"sentence": "No.", "status": 429}, request)


def test_a_page_that_was_open_too_long_explains_itself(rf: RequestFactory, alice: User) -> None:
    request = rf.post("/")
    request.user = alice
    answer = csrf_failure(request)
    assert answer.status_code == 403
    assert "<h1" in answer.content.decode()


def test_a_refusal_becomes_a_page_with_its_sentence(rf: RequestFactory, alice: User) -> None:
    request = rf.get("/")
    request.user = alice
    request.htmx = False
    answer = RefusalPages(lambda _: None).process_exception(request, RateLimited(30))
    assert answer is not None
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "30"
    assert str(RateLimited.sentence) in answer.content.decode()


def test_a_message_becomes_a_toast(alice: User) -> None:
    browser = Web(alice)
    page = browser.post(reverse("settings"), settings_of(), follow=True).content.decode()
    toasts = page.split('id="toasts"')[1].split("<template")[0]
    assert "Saved." in toasts
    assert 'data-level="success"' in toasts


def test_sign_in_takes_the_handle_and_the_address_alike(alice: User) -> None:
    for login in ["alice", "alice@example.org"]:
        client = Client()
        client.post(reverse("account_login"), {"login": login, "password": make.PASSWORD})
        assert client.session["_auth_user_id"] == str(alice.pk)
