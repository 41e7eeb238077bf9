from __future__ import annotations

from io import BytesIO

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from accounts import services
from superapp.kernel.errors import Invalid
from superapp.kernel.images import NotAPicture

ME = "/api/v1/me/"


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def picture(colour="red", size=(60, 40)) -> SimpleUploadedFile:
    buffer = BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "CNRY-exif"
    Image.new("RGB", size, colour).save(buffer, "JPEG", exif=exif)
    return SimpleUploadedFile("me.jpg", buffer.getvalue(), "image/jpeg")


def stored() -> list[str]:
    return default_storage.listdir("avatars")[1] if default_storage.exists("avatars") else []


class TestMe:
    def test_one_sees_and_changes_ones_own_profile(self, alice, api):
        me = api(alice).patch(ME, {"display_name": "Alice L.", "bio": "Reading", "timezone": "Asia/Shanghai"}).json()

        assert (me["display_name"], me["bio"], me["timezone"]) == ("Alice L.", "Reading", "Asia/Shanghai")
        assert api(alice).get(ME).json() == me
        assert me["email"] == "alice@example.org"

    @pytest.mark.parametrize(
        "change",
        [
            {"display_name": ""},
            {"display_name": " \u202e\u200b "},
            {"display_name": "x" * 51},
            {"bio": "x" * 161},
            {"region": "x" * 61},
            {"language": "tlh"},
            {"timezone": "Mars/Olympus"},
            {"bio": None},
            {"bio": {"a": 1}},
            {"avatar": "text"},
        ],
    )
    def test_what_does_not_fit_is_refused_whole(self, alice, api, change):
        assert api(alice).patch(ME, {"region": "Fits"}).status_code == 200

        answer = api(alice).patch(ME, {"region": "Elsewhere", **change})

        assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
        assert list(answer.json()["errors"]) == list(change)
        assert api(alice).get(ME).json()["region"] == "Fits"

    def test_the_service_refuses_what_no_form_has_looked_at(self, alice):
        for change in ({"display_name": ""}, {"bio": "x" * 161}, {"language": "tlh"}, {"timezone": "Mars"}):
            with pytest.raises(Invalid):
                services.change_profile(person=alice, **change)
        alice.refresh_from_db()
        assert (alice.display_name, alice.bio, alice.language, alice.timezone) == ("Alice", "", "en", "UTC")

    @pytest.mark.covers("A11")
    def test_rights_cannot_be_sent_along(self, alice, api):
        junk = {
            "is_staff": True,
            "is_superuser": True,
            "is_active": False,
            "handle": "root",
            "email": "x@y.org",
            "id": 1,
        }
        api(alice).patch(ME, {**junk, "password": "x", "session_epoch": 9, "bio": "New"})

        before = (alice.handle, alice.email, alice.password)
        alice.refresh_from_db()
        assert (alice.handle, alice.email, alice.password) == before
        assert (alice.is_staff, alice.is_superuser, alice.is_active, alice.session_epoch) == (False, False, True, 0)
        assert alice.bio == "New"

    def test_marks_that_cannot_be_seen_are_taken_out_of_names(self, alice, api):
        me = api(alice).patch(ME, {"display_name": " Ali\u202ece\t\u200b 王\ufeff "}).json()
        assert me["display_name"] == "Alice 王"
        assert api(alice).patch(ME, {"display_name": "👩\u200d🔬 Ann"}).json()["display_name"] == "👩\u200d🔬 Ann"

    def test_the_page_changes_it_too(self, alice, web):
        form = {"display_name": "Alice L.", "bio": "Hi", "region": "Oslo"}
        page = web(alice).post("/me/profile/", form, follow=True).content.decode()

        assert "Alice L." in page and "Oslo" in page
        bad = web(alice).post("/me/profile/", form | {"display_name": ""})
        assert bad.status_code == 200
        alice.refresh_from_db()
        assert alice.display_name == "Alice L."


class TestAvatar:
    def test_it_is_encoded_anew_and_shown_to_the_signed_in(self, alice, charlie, api, web, client, settings):
        settings.DEVELOPMENT = False
        me = api(alice).patch(ME, {"avatar": picture()}, format="multipart").json()

        shown = web(charlie).get(me["avatar"])
        data = b"".join(shown.streaming_content)
        image = Image.open(BytesIO(data))
        assert (image.format, image.size[0]) == ("WEBP", image.size[1])
        assert b"CNRY-exif" not in data
        assert shown["Cache-Control"] == "private, max-age=31536000, immutable"
        assert shown["Content-Type"] == "image/webp"
        assert client.get(me["avatar"]).status_code == 302
        settings.DEVELOPMENT = True  # the sign-in page shows demo people to choose from
        assert client.get(me["avatar"]).status_code == 200
        assert web(charlie).get("/api/v1/people/alice/").json()["avatar"] == me["avatar"]

    def test_a_new_one_replaces_the_file(self, alice, api, effects):
        first = api(alice).patch(ME, {"avatar": picture()}, format="multipart").json()["avatar"]
        with effects():
            second = api(alice).patch(ME, {"avatar": picture("blue")}, format="multipart").json()["avatar"]

        assert first != second
        assert [f"/avatars/{name}" for name in stored()] == [second]

    def test_null_removes_it(self, alice, api, effects):
        api(alice).patch(ME, {"avatar": picture()}, format="multipart")
        with effects():
            assert api(alice).patch(ME, {"avatar": None}).json()["avatar"] is None
        assert stored() == []

    @pytest.mark.parametrize(
        "content", [b"GIF89a nonsense", b"<svg onload=alert(1)>", b"\xff\xd8\xff\xe0" + b"\0" * 64]
    )
    def test_what_is_no_picture_is_refused_and_the_old_one_stays(self, alice, api, content):
        before = api(alice).patch(ME, {"avatar": picture()}, format="multipart").json()["avatar"]

        answer = api(alice).patch(ME, {"avatar": SimpleUploadedFile("a.jpg", content)}, format="multipart")

        assert (answer.status_code, answer.json()["code"]) == (400, "not_a_picture")
        assert api(alice).get(ME).json()["avatar"] == before
        with pytest.raises(NotAPicture):
            services.change_avatar(person=alice, file=BytesIO(content))
        assert len(stored()) == 1

    def test_a_refused_change_leaves_no_file(self, alice, api):
        form = {"avatar": picture(), "timezone": "Mars/Olympus"}
        assert api(alice).patch(ME, form, format="multipart").status_code == 400
        assert stored() == []
        assert (
            api(alice).patch(ME, form | {"avatar": picture(), "timezone": "UTC"}, format="multipart").status_code == 200
        )
        assert len(stored()) == 1

    def test_too_many_bytes_are_refused(self, alice, api, settings):
        settings.UPLOAD_MAX_BYTES = 100
        assert api(alice).patch(ME, {"avatar": picture()}, format="multipart").status_code == 413
        assert stored() == []

    def test_the_page_takes_and_removes_it(self, alice, web, effects):
        fields = {"display_name": "Alice", "bio": "", "region": ""}
        page = web(alice).post("/me/profile/", fields | {"avatar": picture()}, follow=True)
        alice.refresh_from_db()
        assert alice.avatar_url in page.content.decode()

        broken = web(alice).post("/me/profile/", fields | {"avatar": SimpleUploadedFile("a.png", b"no")})
        assert "not a picture" in broken.content.decode()
        with effects():
            web(alice).post("/me/profile/", fields | {"remove_avatar": "on"})
        alice.refresh_from_db()
        assert (alice.avatar_url, stored()) == (None, [])

    @pytest.mark.parametrize("name", ["missing", "..%2f..%2fsecret_key", "%00", "a" * 300])
    def test_other_names_lead_nowhere(self, alice, web, name):
        assert web(alice).get(f"/avatars/{name}.webp").status_code == 404

    def test_behind_a_front_server_it_hands_the_file_over(self, alice, api, web, settings):
        url = api(alice).patch(ME, {"avatar": picture()}, format="multipart").json()["avatar"]
        settings.ACCEL_REDIRECT_PREFIX = "/internal"

        assert web(alice).get(url)["X-Accel-Redirect"] == f"/internal{url}"


class TestPeople:
    def test_search_by_whole_handle_or_beginning_of_a_name(self, alice, bob, charlie, api):
        services.change_profile(person=charlie, display_name="Bobby Tables")

        def found(query):
            return [row["handle"] for row in api(alice).get("/api/v1/people/", {"q": query}).json()["results"]]

        assert found("bob") == ["bob", "charlie"]
        assert found("BOBBY T") == found("@charlie") == ["charlie"]
        assert found("Tables") == found("charl_") == found("%") == found("") == found(" ") == []

    def test_a_profile_tells_how_one_stands_to_the_person(self, alice, bob, charlie, dora, api):
        services.request_friend(sender=alice, receiver=charlie)
        services.request_friend(sender=dora, receiver=alice)
        services.block_person(blocker=alice, blocked=bob)

        def standing(handle):
            return api(alice).get(f"/api/v1/people/{handle}/").json()["relationship"]

        nothing = {"friend": False, "request": None, "following": False, "follow_state": None, "blocked": False}
        nothing |= {"remark": "", "tags": []}
        assert standing("alice") == nothing
        assert standing("charlie") == nothing | {"request": "sent"}
        assert standing("dora") == nothing | {"request": "received"}
        assert standing("bob") == nothing | {"blocked": True}

    @pytest.mark.covers("A10")
    def test_a_profile_says_no_more_than_it_should(self, alice, bob, api):
        profile = api(bob).get("/api/v1/people/ALICE/").json()
        assert set(profile) == {"handle", "display_name", "avatar", "bio", "region", "relationship", "presence"}
        assert profile["presence"] is None

    def test_a_suspended_person_is_nobody(self, alice, charlie, mod, api, web):
        assert api(charlie).get("/api/v1/people/alice/").status_code == 200
        services.suspend_person(moderator=mod, person=alice)

        assert api(charlie).get("/api/v1/people/alice/").status_code == 404
        assert web(charlie).get("/people/alice/").status_code == 404
        assert api(charlie).get("/api/v1/people/?q=alice").json()["results"] == []

    def test_search_is_rate_limited(self, alice, api, web, rate_limits):
        for _ in range(60):
            assert api(alice).get("/api/v1/people/?q=a").status_code == 200

        assert api(alice).get("/api/v1/people/?q=a").status_code == 429
        assert web(alice).get("/contacts/add/?q=a").status_code == 429
        assert web(alice).get("/contacts/add/").status_code == 200
