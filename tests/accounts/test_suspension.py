from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission

from accounts import services
from accounts.models import FriendRequest, Friendship, User
from accounts.services.suspension import NotAModerator, NotYourOwnRights, StaffIsProtected
from superapp.kernel import live
from tests import make

CHANGE = "/admin/accounts/user/"


@pytest.fixture
def helper(db) -> User:
    """A moderator who is no administrator."""
    helper = make.person("helper", is_staff=True)
    helper.user_permissions.set(Permission.objects.filter(codename__in=["suspend_user", "view_user"]))
    return helper


def is_in(browser) -> bool:
    return browser.get("/me/profile/").status_code == 200


@pytest.mark.covers("B3", "F6")
def test_a_suspended_person_is_out_at_once_and_old_sessions_never_return(alice, mod, web, client, monkeypatch):
    closed = []
    monkeypatch.setattr(live, "sign_out", closed.append)
    browser = web(alice)
    login = {"username": "alice", "password": make.PASSWORD}
    token = client.post("/_allauth/app/v1/auth/login", login, content_type="application/json").json()["meta"][
        "session_token"
    ]

    def app_is_in():
        return web().get("/api/v1/me/", headers={"X-Session-Token": token}).status_code == 200

    assert is_in(browser) and app_is_in()

    services.suspend_person(moderator=mod, person=alice)
    assert not is_in(browser) and not app_is_in()
    assert closed == [alice.pk]
    web().post("/account/login/", {"login": "alice", "password": make.PASSWORD})
    assert not is_in(browser)

    services.restore_person(moderator=mod, person=alice)
    assert not is_in(browser) and not app_is_in()
    again = web()
    again.post("/account/login/", {"login": "alice", "password": make.PASSWORD})
    assert is_in(again)


def test_a_suspended_person_cannot_sign_in(alice, mod, web):
    services.suspend_person(moderator=mod, person=alice)
    browser = web()

    browser.post("/account/login/", {"login": "alice", "password": make.PASSWORD})
    answer = browser.post(
        "/_allauth/app/v1/auth/login", {"username": "alice", "password": make.PASSWORD}, content_type="application/json"
    )

    assert not is_in(browser)
    assert answer.status_code in {400, 401}
    assert "session_token" not in answer.json().get("meta", {}) or not answer.json()["meta"]["is_authenticated"]


def test_only_moderators_suspend_and_nobody_themselves_or_above(alice, bob, mod, helper):
    refused = [
        (bob, alice, NotAModerator),
        (mod, mod, NotYourOwnRights),
        (helper, helper, NotYourOwnRights),
        (helper, mod, StaffIsProtected),
        (helper, make.person("other", is_staff=True), StaffIsProtected),
        (mod, make.person("root2", is_staff=True, is_superuser=True), StaffIsProtected),
    ]
    for moderator, person, refusal in refused:
        for service in (services.suspend_person, services.restore_person):
            with pytest.raises(refusal):
                service(moderator=moderator, person=person)
    assert not User.objects.filter(is_active=False).exists()
    services.suspend_person(moderator=helper, person=alice)
    services.suspend_person(moderator=mod, person=helper)
    assert User.objects.filter(is_active=False).count() == 2


@pytest.mark.covers("A13")
class TestAdmin:
    def act(self, browser, action, *people):
        return browser.post(
            CHANGE, {"action": action, "_selected_action": [person.pk for person in people]}, follow=True
        )

    def test_the_actions_suspend_and_restore_and_are_logged(self, alice, helper, web):
        self.act(web(helper), "suspend", alice)
        alice.refresh_from_db()
        assert not alice.is_active

        self.act(web(helper), "restore", alice)
        alice.refresh_from_db()
        assert alice.is_active
        assert list(helper.logentry_set.values_list("change_message", flat=True)) == ["Restored", "Suspended"]

    def test_a_refusal_is_said_and_the_others_are_done(self, alice, helper, mod, web):
        page = self.act(web(helper), "suspend", mod, alice).content.decode()

        assert "@mod: " in page
        assert list(User.objects.filter(is_active=False)) == [alice]

    def test_without_the_right_there_is_no_action(self, alice, helper, web):
        helper.user_permissions.set(Permission.objects.filter(codename="view_user"))

        self.act(web(helper), "suspend", alice)
        alice.refresh_from_db()
        assert alice.is_active

    def test_nothing_can_be_edited_added_or_deleted_even_by_an_administrator(self, alice, bob, mod, web):
        services.create_tag(owner=alice, name="Family")
        services.request_friend(sender=alice, receiver=make.person("eve"))
        browser = web(mod)
        rows = {
            "user": alice.pk,
            "friendrequest": FriendRequest.objects.first().pk,
            "friendship": Friendship.objects.first().pk,
        }
        for model, pk in rows.items():
            base = f"/admin/accounts/{model}/"
            assert browser.get(base).status_code == 200
            assert browser.get(f"{base}{pk}/change/").status_code == 200
            assert browser.post(f"{base}{pk}/change/", {"is_staff": "on"}).status_code == 403
            assert browser.post(f"{base}{pk}/delete/", {"post": "yes"}).status_code == 403
            assert browser.get(f"{base}add/").status_code == 403
        assert browser.get("/admin/auth/group/").status_code == 404
        assert browser.post("/admin/account/emailaddress/add/", {"email": "a@b.org"}).status_code == 403
        alice.refresh_from_db()
        assert not alice.is_staff

    def test_private_notes_stay_private(self, alice, bob, mod, web):
        services.change_friend(owner=alice, friend=bob, remark="Canary remark")
        friendship = Friendship.objects.get(owner=alice)

        for path in ("", f"{friendship.pk}/change/"):
            page = web(mod).get(f"/admin/accounts/friendship/{path}").content.decode()
            assert "alice" in page.lower() and "Canary" not in page
