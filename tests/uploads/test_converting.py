"""Videos and voice messages: received at once, converted outside the request, given out in a form that plays."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import av
import pytest
from django.core.files.storage import default_storage
from django.utils.timezone import now

from superapp.kernel.images import NotAPicture
from tests import films, make
from uploads.models import Form, Upload
from uploads.services import UnknownUpload, claim, receive_file
from uploads.tasks import convert, purge_unused_uploads

pytestmark = pytest.mark.django_db

URL = "/api/v1/uploads/"


def received(owner, content: bytes, kind: str = "", name: str = "clip.mp4") -> Upload:
    return receive_file(owner=owner, file=films.file(content, name), kind=kind)


def converted(upload: Upload) -> Upload:
    convert(upload=str(upload.pk))
    upload.refresh_from_db()
    return upload


def has(upload: Upload, form: str) -> bool:
    return default_storage.exists(upload.stored_name(form))


def film_of(upload: Upload) -> av.container.InputContainer:
    with default_storage.open(upload.stored_name(str(upload.form))) as stored:
        return av.open(BytesIO(stored.read()))


@pytest.mark.parametrize(
    ("box", "codec"),
    [("mp4", "libx264"), ("webm", "libvpx"), ("matroska", "libx264"), ("mov", "mpeg4"), ("avi", "mpeg4")],
)
def test_a_video_becomes_one_that_plays_everywhere(alice, api, web, effects, box, codec) -> None:
    with effects():
        answer = api(alice).post(
            URL, {"file": films.file(films.video(box=box, codec=codec, sound=box != "avi"))}, format="multipart"
        )
        assert answer.status_code == 201
        body = answer.json()
        assert (body["kind"], body["state"], body["url"], body["variants"]) == ("video", "processing", None, {})
    body = api(alice).get(f"{URL}{body['id']}/").json()
    assert body["state"] == "ready"
    assert (body["width"], body["height"]) == (320, 180)
    assert body["duration"] == pytest.approx(1, abs=0.25)
    assert len(body["blurhash"]) == 28
    assert set(body["variants"]) == {"thumb", "medium", "large"}
    assert web(alice).get(body["variants"]["thumb"])["Content-Type"] == "image/webp"

    upload = Upload.objects.get()
    assert not has(upload, Form.SOURCE)
    with film_of(upload) as film:
        assert film.format.name.startswith("mov")
        assert film.streams.video[0].codec_context.name == "h264"
        assert all(stream.codec_context.name == "aac" for stream in film.streams.audio)


@pytest.mark.covers("D4")
def test_titles_and_places_stay_behind(alice) -> None:
    notes = (("title", "SECRET-TITLE"), ("comment", "SECRET-COMMENT"), ("location", "+48.85+002.35/"))
    content = films.video(notes=notes)
    assert b"SECRET-TITLE" in content
    upload = converted(received(alice, content))
    with default_storage.open(upload.stored_name(Form.VIDEO)) as stored:
        made = stored.read()
    assert b"SECRET" not in made
    assert b"+48.85" not in made


@pytest.mark.parametrize(
    ("box", "codec"), [("webm", "libopus"), ("ogg", "libopus"), ("mp4", "aac"), ("wav", "pcm_s16le")]
)
def test_a_voice_message_becomes_one_that_plays_everywhere_and_can_be_drawn(alice, box, codec) -> None:
    upload = received(alice, films.voice(box=box, codec=codec), kind="voice")
    assert upload.is_processing
    converted(upload)
    assert upload.state == Upload.State.READY
    assert upload.duration == pytest.approx(2, abs=0.1)
    assert len(upload.peaks) <= 64
    half = len(upload.peaks) // 2
    assert min(upload.peaks[2 : half - 2]) > 80  # a tone
    assert max(upload.peaks[half + 2 :]) < 5  # then silence
    with film_of(upload) as record:
        assert [stream.codec_context.name for stream in record.streams] == ["aac"]


def test_converting_twice_changes_nothing(alice) -> None:
    upload = converted(received(alice, films.voice(), kind="voice"))
    before = Upload.objects.values().get()
    convert(upload=str(upload.pk))
    assert Upload.objects.values().get() == before


def test_what_is_gone_meanwhile_is_let_go(alice) -> None:
    upload = received(alice, films.voice(), kind="voice")
    Upload.objects.all().delete()
    convert(upload=str(upload.pk))
    assert not Upload.objects.exists()


@pytest.mark.covers("D3")
@pytest.mark.parametrize(
    ("content", "kind", "failure"),
    [
        (b"no sound at all", "voice", "unreadable"),
        (films.voice()[:400], "voice", "unreadable"),
        (films.video(sound=False), "voice", "unreadable"),
        (films.voice(), "video", "unreadable"),
        (films.video()[:700], "video", "unreadable"),
        (b"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile:///etc/passwd\n", "video", "unreadable"),
        (b"ffconcat version 1.0\nfile /etc/passwd\n", "video", "unreadable"),
        (films.voice(seconds=63), "voice", "too_long"),
    ],
)
def test_what_cannot_be_converted_says_why_and_keeps_nothing_to_play(alice, api, content, kind, failure) -> None:
    upload = converted(received(alice, content, kind=kind))
    assert (upload.state, upload.failure) == (Upload.State.FAILED, failure)
    body = api(alice).get(f"{URL}{upload.pk}/").json()
    assert (body["state"], body["failure"], body["url"], body["variants"]) == ("failed", failure, None, {})
    assert not has(upload, Form.VIDEO)
    assert not has(upload, Form.VOICE)
    with pytest.raises(UnknownUpload):
        claim(owner=alice, ids=[str(upload.pk)], kinds=[kind])


@pytest.mark.covers("D3")
@pytest.mark.parametrize(
    ("limit", "value", "failure"),
    [
        ("VIDEO_SECONDS_MAX", 1, "too_long"),
        ("VIDEO_FRAMES_MAX", 5, "too_long"),
        ("VIDEO_PIXELS_MAX", 100 * 100, "too_large"),
        ("MEDIA_SECONDS_MAX", 0.01, "too_heavy"),
    ],
)
def test_a_video_beyond_a_limit_is_refused_by_the_child(alice, settings, limit, value, failure) -> None:
    upload = received(alice, films.video(seconds=2))
    setattr(settings, limit, value)
    converted(upload)
    assert (upload.state, upload.failure) == (Upload.State.FAILED, failure)


@pytest.mark.covers("D3")
def test_a_child_short_of_memory_fails_alone(alice, settings) -> None:
    upload = received(alice, films.video(codec="libvpx", box="webm"))
    settings.MEDIA_MEMORY_MAX = 24 * 1024 * 1024
    assert converted(upload).state == Upload.State.FAILED


def test_what_has_failed_can_be_tried_again_by_its_owner(alice, bob, api, effects, settings) -> None:
    upload = received(alice, films.video())
    settings.MEDIA_SECONDS_MAX = 0.01
    assert converted(upload).has_failed
    settings.MEDIA_SECONDS_MAX = 75
    assert api(bob).post(f"{URL}{upload.pk}/retry/").status_code == 404
    with effects():
        answer = api(alice).post(f"{URL}{upload.pk}/retry/")
    assert answer.json()["state"] == "processing"
    upload.refresh_from_db()
    assert upload.state == Upload.State.READY
    assert api(alice).post(f"{URL}{upload.pk}/retry/").json()["code"] == "not_failed"


def test_the_page_has_a_button_to_try_again(alice, web, effects) -> None:
    upload = converted(received(alice, b"nothing to see", kind="video"))
    with effects():
        answer = web(alice).post(f"/files/{upload.pk}/retry/", {"next": "/chats/"})
    assert answer.status_code == 302
    assert answer["Location"] == "/chats/"
    upload.refresh_from_db()
    assert upload.has_failed


def test_what_failed_a_day_ago_is_not_kept_for_another_try(alice, api) -> None:
    upload = converted(received(alice, b"nothing to see", kind="video"))
    Upload.objects.update(created_at=now() - timedelta(hours=25), attached_at=now())
    purge_unused_uploads()
    assert not has(upload, Form.SOURCE)
    assert Upload.objects.get().bytes == 0
    assert api(alice).post(f"{URL}{upload.pk}/retry/").json()["code"] == "not_failed"


def test_what_is_under_way_may_be_carried_but_a_picture_may_not(alice) -> None:
    upload = received(alice, films.video())
    with pytest.raises(UnknownUpload):
        claim(owner=alice, ids=[str(upload.pk)])  # pictures alone
    assert claim(owner=alice, ids=[str(upload.pk)], kinds=["video"]) == [upload]


def test_the_content_decides_unless_a_kind_is_named(alice) -> None:
    picture = make.picture_file().read()
    assert received(alice, picture, name="x.bin").kind == "image"
    assert received(alice, picture, kind="file", name="x.jpg").kind == "file"
    assert received(alice, films.video()).kind == "video"
    assert received(alice, films.video(), kind="file").kind == "file"
    assert received(alice, films.voice(box="mp3", codec="libmp3lame"), name="song.mp3").kind == "file"
    assert received(alice, b"words", name="notes.txt").kind == "file"
    with pytest.raises(NotAPicture):
        receive_file(owner=alice, file=films.file(b"words", "x.png", "image/png"))
