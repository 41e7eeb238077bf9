import pytest

from accounts.services import request_friend
from notifications.models import EmailSwitch, Notification
from notifications.services import notify
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(alice, charlie) -> Notification:
    request_friend(sender=charlie, receiver=alice)
    return Notification.objects.get(recipient=alice, kind="friend_request")


def test_the_list_shows_ones_own(alice, charlie, asked, web):
    assert "Charlie" in web(alice).get("/notifications/").content.decode()
    assert "wants to be your friend" not in web(charlie).get("/notifications/").content.decode()


def test_what_people_write_is_shown_as_text(alice, charlie, web):
    article = make.article(make.public_account(alice), title="<i>Tea</i>")
    make.article_comment(charlie, article, "<script>alert(1)</script> 100%")
    page = web(alice).get("/notifications/").content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt; 100%" in page
    assert "<script>alert" not in page
    assert "<i>Tea" not in page


def test_opening_one_marks_it_read_and_leads_on(alice, asked, web):
    answer = web(alice).get(f"/notifications/{asked.pk}/")
    assert answer.status_code == 302
    assert answer["Location"] == "/contacts/requests/"
    asked.refresh_from_db()
    assert asked.read_at is not None


def test_nobody_opens_anothers(asked, charlie, bob, web):
    for stranger in (charlie, bob):
        assert web(stranger).get(f"/notifications/{asked.pk}/").status_code == 404
    asked.refresh_from_db()
    assert asked.read_at is None


def test_all_are_marked_read_at_once(alice, bob, asked, web):
    notify(recipient=alice, kind="friend_accepted", actor=bob, data={"again": True})
    assert "Mark all as read" in web(alice).get("/notifications/").content.decode()
    assert web(alice).post("/notifications/read/").status_code == 302
    assert not Notification.objects.filter(recipient=alice, read_at=None).exists()
    assert "Mark all as read" not in web(alice).get("/notifications/").content.decode()


def test_long_lists_go_on_at_the_next_page(alice, charlie, web):
    for number in range(35):
        notify(recipient=alice, kind="friend_accepted", actor=charlie, data={"number": number})
    first = web(alice).get("/notifications/")
    assert len(first.context["notifications"]) == 30
    second = web(alice).get(first.context["next_url"])
    assert len(second.context["notifications"]) == 5
    for broken in ("x", "9" * 30, "-1", "²", "9" * 18):
        assert web(alice).get("/notifications/", {"before": broken}).status_code == 200


def test_the_list_costs_the_same_for_few_and_many(alice, charlie, web, django_assert_max_num_queries):
    article = make.article(make.public_account(alice))
    for number in range(25):
        make.article_comment(charlie, article, f"Number {number}")
    client = web(alice)
    client.get("/notifications/")
    with django_assert_max_num_queries(16):
        client.get("/notifications/")


def test_the_switches_are_kept(alice, web):
    client = web(alice)
    assert client.post("/notifications/settings/", {"article_comment": "on"}).status_code == 302
    assert EmailSwitch.objects.get(person=alice, kind="article_comment").is_on
    assert not EmailSwitch.objects.get(person=alice, kind="friend_request").is_on
    form = client.get("/notifications/settings/").context["form"]
    assert form["article_comment"].value() is True
    assert form["friend_request"].value() is False


class TestRest:
    def test_the_list(self, alice, charlie, asked, api):
        [row] = api(alice).get("/api/v1/notifications/").json()["results"]
        assert row["id"] == str(asked.pk)
        assert row["kind"] == "friend_request"
        assert row["actor"]["handle"] == "charlie"
        assert row["text"] == "Charlie wants to be your friend"
        assert row["url"] == "/contacts/requests/"
        assert row["target"]["type"] == "friendrequest"
        assert row["read"] is False
        assert api(charlie).get("/api/v1/notifications/").json()["results"] == []

    def test_reading_some_and_all(self, alice, bob, asked, api):
        notify(recipient=alice, kind="friend_accepted", actor=bob, data={"again": True})
        count = api(alice).get("/api/v1/notifications/").json()["results"]
        answer = api(alice).post("/api/v1/notifications/read/", {"ids": [str(asked.pk)]})
        assert answer.json()["notifications"] == len(count) - 1
        assert api(alice).post("/api/v1/notifications/read/").json()["notifications"] == 0

    @pytest.mark.parametrize(
        "body", [{"ids": "x"}, {"ids": ["x"]}, {"ids": [2**70]}, {"ids": [-1]}, {"ids": {}}, {"ids": [None]}, [1], "x"]
    )
    def test_broken_input_is_refused_and_changes_nothing(self, alice, asked, api, body):
        answer = api(alice).post("/api/v1/notifications/read/", body)
        assert answer.status_code == 400
        asked.refresh_from_db()
        assert asked.read_at is None

    def test_settings(self, alice, api):
        before = api(alice).get("/api/v1/notifications/settings/").json()["email"]
        assert before["friend_request"] is True
        answer = api(alice).patch("/api/v1/notifications/settings/", {"email": {"friend_request": False}})
        assert answer.json()["email"] == {**before, "friend_request": False}

    @pytest.mark.parametrize(
        "body",
        [{}, {"email": []}, {"email": {"no_such_kind": True}}, {"email": {"friend_request": "perhaps"}}, {"email": 1}],
    )
    def test_broken_settings_are_refused_and_change_nothing(self, alice, api, body):
        assert api(alice).patch("/api/v1/notifications/settings/", body).status_code == 400
        assert not EmailSwitch.objects.exists()

    def test_guests_see_nothing(self, asked, api):
        assert api().get("/api/v1/notifications/").status_code in (401, 403)
