"""POST, GET and PATCH of /api/v1/uploads/."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from tests import make
from uploads.models import Upload, Variant

pytestmark = pytest.mark.django_db

URL = "/api/v1/uploads/"


def files_of(upload: Upload) -> list[bool]:
    return [default_storage.exists(upload.file_name(variant)) for variant in Variant]


def stored_files() -> list[str]:
    try:
        return [key for folder in default_storage.listdir("uploads")[0] for key in folder_files(folder)]
    except FileNotFoundError:
        return []


def folder_files(folder: str) -> list[str]:
    keys = default_storage.listdir(f"uploads/{folder}")[0]
    return [f"{key}/{name}" for key in keys for name in default_storage.listdir(f"uploads/{folder}/{key}")[1]]


def test_a_photo_is_received_and_described(alice, api, web) -> None:
    response = api(alice).post(URL, {"file": make.picture_file((3000, 2000)), "alt": " A lake "}, format="multipart")
    assert response.status_code == 201
    body = response.json()
    assert body["kind"] == "image"
    assert body["state"] == "ready"
    assert (body["width"], body["height"]) == (2048, 1365)
    assert body["alt"] == "A lake"
    assert len(body["blurhash"]) == 28
    assert body["url"] == body["variants"]["large"]
    assert set(body["variants"]) == {"thumb", "medium", "large"}
    for name, edge in [("thumb", 320), ("medium", 1080), ("large", 2048)]:
        image = Image.open(BytesIO(web(alice).get(body["variants"][name]).content))
        assert max(image.size) == edge

    assert api(alice).get(f"{URL}{body['id']}/").json()["alt"] == "A lake"
    changed = api(alice).patch(f"{URL}{body['id']}/", {"alt": "A lake in the evening"})
    assert changed.json()["alt"] == "A lake in the evening"


@pytest.mark.covers("D5")
@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "a/b\\c.jpg", "x" * 300 + ".jpg", "\u202egpj.exe", "a\r\nb.jpg", ".jpg"]
)
def test_a_hostile_name_goes_nowhere(alice, api, name) -> None:
    file = make.picture_file(name=name)
    response = api(alice).post(URL, {"file": file}, format="multipart")
    assert response.status_code in {201, 400}
    if response.status_code == 201:
        upload = Upload.objects.get(pk=response.json()["id"])
        assert all(files_of(upload))
        assert upload.file_name("thumb") == f"uploads/{upload.pk.hex[:2]}/{upload.pk.hex}/thumb.webp"


@pytest.mark.covers("D2", "D3")
@pytest.mark.parametrize(
    "content",
    [
        b"words",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<!doctype html><script>alert(1)</script>",
        b"GIF89a/*\x00\x00*/=alert(1);",
        None,  # a photo cut short
    ],
)
def test_what_is_no_picture_is_refused_and_leaves_nothing(alice, api, content, effects) -> None:
    good = make.picture_file().read()
    before = stored_files()
    file = SimpleUploadedFile("photo.jpg", content or good[: len(good) // 2], "image/jpeg")
    with effects():
        response = api(alice).post(URL, {"file": file}, format="multipart")
    assert response.status_code == 400
    assert response.json()["code"] == "not_a_picture"
    assert not Upload.objects.exists()
    assert stored_files() == before
    assert api(alice).post(URL, {"file": make.picture_file()}, format="multipart").status_code == 201


def test_a_file_over_the_limit_is_refused(alice, api, settings) -> None:
    settings.UPLOAD_MAX_BYTES = make.picture_file().size - 1
    response = api(alice).post(URL, {"file": make.picture_file()}, format="multipart")
    assert response.status_code == 413
    assert response.json()["code"] == "picture_too_large"
    assert not Upload.objects.exists()


@pytest.mark.parametrize("body", [{}, {"file": "words"}, {"file": ""}])
def test_a_form_without_a_file_is_refused(alice, api, body) -> None:
    response = api(alice).post(URL, body, format="multipart")
    assert response.status_code == 400
    assert "file" in response.json()["errors"]


@pytest.mark.parametrize(
    ("content_type", "body", "status"),
    [
        ("application/json", b'{"file": "x"}', 415),
        ("multipart/form-data", b"no boundary", 400),
        ("multipart/form-data; boundary=x", b"--x\r\nbroken", 400),
        ("multipart/form-data; boundary=x", b"", 400),
        ("text/plain", b"x", 415),
    ],
)
def test_a_broken_request_is_refused(alice, api, content_type, body, status) -> None:
    response = api(alice).generic("POST", URL, body, content_type=content_type)
    assert response.status_code == status


@pytest.mark.parametrize(
    "body", [[], "x", None, 7, {"alt": ["x"]}, {"alt": {}}, {"alt": "x" * 501}, {}, {"alt": "a\x00b"}]
)
def test_a_broken_description_is_refused_and_changes_nothing(alice, api, body) -> None:
    upload = make.upload(alice, alt="A lake")
    response = api(alice).patch(f"{URL}{upload.pk}/", body)
    assert response.status_code == 400
    upload.refresh_from_db()
    assert upload.alt == "A lake"


@pytest.mark.covers("A1")
def test_an_upload_of_somebody_else_is_not_there(alice, bob, api) -> None:
    upload = make.upload(alice, alt="A lake")
    assert api(alice).get(f"{URL}{upload.pk}/").status_code == 200
    for answer in (api(bob).get(f"{URL}{upload.pk}/"), api(bob).patch(f"{URL}{upload.pk}/", {"alt": "mine"})):
        assert answer.status_code == 404
        assert answer.json()["code"] == "not_found"
    assert api().get(f"{URL}{upload.pk}/").status_code in {401, 403}
    upload.refresh_from_db()
    assert upload.alt == "A lake"
