"""Who may open a file, and what comes with it."""

from __future__ import annotations

import time
import uuid

import pytest
from django.core.files.storage import default_storage

from accounts.models import User
from tests import make
from uploads.models import Upload
from uploads.signatures import WINDOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def photo(alice: User) -> Upload:
    return make.upload(alice, size=(3000, 1500))


@pytest.mark.covers("D1")
@pytest.mark.parametrize("variant", ["thumb", "medium", "large"])
def test_the_owner_opens_every_variant_even_without_a_signature(alice, photo, variant, web) -> None:
    response = web(alice).get(f"/files/{photo.pk}/{variant}.webp")
    assert response.status_code == 200
    assert response.content[8:12] == b"WEBP"
    assert response["Content-Type"] == "image/webp"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, max-age=300"
    assert "sandbox" in response["Content-Security-Policy"]


@pytest.mark.covers("D1")
def test_a_signature_opens_one_variant_of_one_file_for_one_person(alice, bob, charlie, photo, web) -> None:
    other_photo = make.upload(alice)
    url = photo.url_for(bob, "thumb")
    assert web(bob).get(url).status_code == 200
    assert web(bob).head(url).status_code == 200

    signature = url.split("?")[1]
    for viewer, address in [
        (charlie, url),
        (None, url),
        (bob, url.split("?")[0]),
        (bob, f"/files/{photo.pk}/large.webp?{signature}"),
        (bob, f"/files/{other_photo.pk}/thumb.webp?{signature}"),
        (bob, url[:-1]),
        (bob, url + "é"),
        (bob, f"/files/{photo.pk}/thumb.webp?s=%00"),
    ]:
        response = web(viewer).get(address)
        assert response.status_code == 404, address
        assert b"WEBP" not in response.content


@pytest.mark.covers("D1")
def test_an_address_stays_the_same_for_a_while_and_dies_within_five_minutes(bob, photo, web, monkeypatch) -> None:
    browser = web(bob)
    start = time.time() // WINDOW * WINDOW + 1

    def url_after(seconds: int) -> str:
        monkeypatch.setattr(time, "time", lambda: start + seconds)
        return photo.url_for(bob, "thumb")

    first = url_after(0)
    assert url_after(100) == first
    assert url_after(200) != first
    assert browser.get(first).status_code == 200
    url_after(299)
    assert browser.get(first).status_code == 404


def test_a_file_known_already_is_not_sent_again_but_only_to_those_who_may_open_it(bob, charlie, photo, web) -> None:
    url = photo.url_for(bob, "thumb")
    etag = web(bob).get(url)["ETag"]
    assert web(bob).get(url, headers={"If-None-Match": etag}).status_code == 304
    assert web(charlie).get(url, headers={"If-None-Match": etag}).status_code == 404


def test_asking_for_a_part_answers_the_whole(alice, photo, web) -> None:
    url = f"/files/{photo.pk}/thumb.webp"
    whole = web(alice).get(url).content
    assert web(alice).get(url, headers={"Range": "bytes=0-9"}).content == whole


@pytest.mark.covers("D1", "D5")
@pytest.mark.parametrize(
    "path",
    [
        "/files/{id}/original.webp",
        "/files/{id}/thumb.png",
        "/files/{id}/../../secret_key",
        "/files/{id}/%2e%2e%2f%2e%2e%2fsecret_key.webp",
        "/files/uploads/{hex}/thumb.webp",
        "/files/not-a-uuid/thumb.webp",
        "/files/{id}/",
    ],
)
def test_no_other_path_leads_to_a_file(alice, photo, path, web) -> None:
    address = path.format(id=photo.pk, hex=photo.pk.hex)
    assert web(alice).get(address).status_code == 404


def test_a_file_that_never_was_is_not_there(alice, web) -> None:
    assert web(alice).get(f"/files/{uuid.uuid4()}/thumb.webp").status_code == 404


def test_a_lost_file_is_not_there(alice, photo, web) -> None:
    default_storage.delete(photo.file_name("thumb"))
    assert web(alice).get(f"/files/{photo.pk}/thumb.webp").status_code == 404


@pytest.mark.covers("D1")
def test_a_front_server_is_told_where_the_file_lies_only_after_the_check(alice, charlie, photo, settings, web) -> None:
    settings.ACCEL_REDIRECT_PREFIX = "/internal/"
    response = web(alice).get(f"/files/{photo.pk}/thumb.webp")
    assert response["X-Accel-Redirect"] == f"/internal/{photo.file_name('thumb')}"
    assert response.content == b""
    refused = web(charlie).get(f"/files/{photo.pk}/thumb.webp")
    assert refused.status_code == 404
    assert "X-Accel-Redirect" not in refused


@pytest.mark.covers("D1")
def test_someone_suspended_opens_nothing(bob, photo, web) -> None:
    url = photo.url_for(bob, "thumb")
    browser = web(bob)
    assert browser.get(url).status_code == 200
    User.objects.filter(pk=bob.pk).update(is_active=False)
    assert browser.get(url).status_code == 404
