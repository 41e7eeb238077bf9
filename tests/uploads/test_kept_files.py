"""Files of any kind are kept as they are, and never act as a page of ours."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest
from PIL import Image

from tests import films, make
from uploads.models import Upload
from uploads.services import FileTooLarge, QuotaExceeded, receive_file
from uploads.tasks import convert

pytestmark = pytest.mark.django_db

SCRIPT = b"<script>alert(document.domain)</script>"


def archive(names: dict[str, bytes]) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in names.items():
            made.writestr(name, content)
    return buffer.getvalue()


def png_of(size: tuple[int, int]) -> bytes:
    """The header of a picture of that size, with nothing behind it."""
    buffer = BytesIO()
    Image.new("1", (1, 1)).save(buffer, "PNG")
    content = bytearray(buffer.getvalue())
    content[16:24] = size[0].to_bytes(4, "big") + size[1].to_bytes(4, "big")
    return bytes(content)


HOSTILE = {
    "page.html": b"<!doctype html>" + SCRIPT,
    "page.xhtml": b'<html xmlns="http://www.w3.org/1999/xhtml">' + SCRIPT + b"</html>",
    "page.mht": b"MIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n" + SCRIPT,
    "drawing.svg": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)">' + SCRIPT + b"</svg>",
    "drawing.svgz": b"\x1f\x8b\x08\x00",
    "feed.xml": b'<?xml version="1.0"?><?xml-stylesheet href="data:text/xsl,x"?><a/>',
    "entity.xml": b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
    "code.js": b"alert(1)",
    "style.css": b"@import url(//evil.example/x)",
    "app.wasm": b"\x00asm\x01\x00\x00\x00",
    "manifest.webmanifest": b"{}",
    "form.pdf": b"%PDF-1.7\n" + SCRIPT,
    "polyglot.gif": b"GIF89a/*" + b"\x00" * 20 + b"*/=alert(1);",
    "polyglot.jpg.html": b"\xff\xd8\xff\xe0" + SCRIPT,
    "polyglot.jpg": make.picture_file().read() + archive({"x": b"y"}),
    "pdf.html": b"%PDF-1.4\n<!doctype html>" + SCRIPT,
    "bomb.zip": archive({"zeros": b"\x00" * 5_000_000}),
    "bomb.png": png_of((65_000, 65_000)),
    "link.url": b"[InternetShortcut]\nURL=javascript:alert(1)",
    "run.hta": SCRIPT,
    "run.exe": b"MZ" + b"\x00" * 60,
    "macro.docm": archive({"word/vbaProject.bin": b"x"}),
    "list.m3u8": b"#EXTM3U\nfile:///etc/passwd\n",
    "flash.swf": b"FWS\x09",
    "no ending": b"\x00\xff\xfe<html>",
    "utf7.txt": b"+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
}


@pytest.mark.covers("D2", "D3")
@pytest.mark.parametrize("name", HOSTILE)
def test_whatever_it_is_it_is_a_download_and_nothing_else(alice, bob, web, name) -> None:
    upload = receive_file(owner=alice, file=films.file(HOSTILE[name], name, "text/html"), kind="file")
    assert upload.state == Upload.State.READY
    answer = web(bob).get(upload.form_url_for(bob))
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content) == HOSTILE[name]
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"


@pytest.mark.covers("D2", "D3")
@pytest.mark.parametrize("kind", ["image", "video", "voice"])
@pytest.mark.parametrize("name", HOSTILE)
def test_what_poses_as_a_picture_a_video_or_a_voice_is_not_played(alice, kind, name) -> None:
    """Refused or failed; what is a picture after all is given out newly encoded."""
    try:
        upload = receive_file(owner=alice, file=films.file(HOSTILE[name], name), kind=kind)
    except Exception as refusal:
        assert getattr(refusal, "code", "") in {"not_a_picture", "picture_too_large"}
        return
    if kind == "image":
        assert name == "polyglot.jpg"
        return
    convert(upload=str(upload.pk))
    upload.refresh_from_db()
    assert upload.has_failed


@pytest.mark.covers("D5")
@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("report.pdf", "report.pdf"),
        ("年度报告.pdf", "年度报告.pdf"),
        ("../../etc/passwd", "passwd"),
        ("a\\b\\c.txt", "c.txt"),
        ('quo"te.txt', 'quo"te.txt'),
        ("line\r\nX-Evil: 1.txt", "line X-Evil: 1.txt"),
        ("photo\u202egpj.exe", "photogpj.exe"),
        ("x" * 240 + ".tar", "x" * 196 + ".tar"),
        ("<img src=x>.txt", "<img src=x>.txt"),
    ],
)
def test_a_name_is_for_people_and_goes_nowhere_else(alice, web, name, shown) -> None:
    content = films.file(b"words")
    content._name = name  # as a browser may send it; Django takes away the folders of most
    upload = receive_file(owner=alice, file=content, kind="file")
    assert upload.name == shown
    assert upload.stored_name("file.bin") == f"uploads/{upload.pk.hex[:2]}/{upload.pk.hex}/file.bin"
    disposition = web(alice).get(f"/files/{upload.pk}/file.bin")["Content-Disposition"]
    assert disposition.startswith("attachment; filename")
    assert "\r" not in disposition
    assert "\n" not in disposition


def test_a_file_over_the_limit_is_refused_and_leaves_nothing(alice, settings) -> None:
    settings.UPLOAD_FILE_MAX_BYTES = 10
    with pytest.raises(FileTooLarge) as refusal:
        receive_file(owner=alice, file=films.file(b"x" * 11), kind="file")
    assert "10" in str(refusal.value)
    assert not Upload.objects.exists()


@pytest.mark.covers("D6")
def test_files_count_against_the_quota(alice, settings) -> None:
    settings.UPLOAD_QUOTA_BYTES = 15
    receive_file(owner=alice, file=films.file(b"x" * 10), kind="file")
    with pytest.raises(QuotaExceeded):
        receive_file(owner=alice, file=films.file(b"x" * 10), kind="file")


@pytest.fixture
def digits(alice) -> Upload:
    return receive_file(owner=alice, file=films.file(b"0123456789", "digits.txt"), kind="file")


@pytest.mark.parametrize(
    ("asked", "status", "content", "range_"),
    [
        ("bytes=0-3", 206, b"0123", "bytes 0-3/10"),
        ("bytes=4-", 206, b"456789", "bytes 4-9/10"),
        ("bytes=-3", 206, b"789", "bytes 7-9/10"),
        ("bytes=-30", 206, b"0123456789", "bytes 0-9/10"),
        ("bytes=8-100", 206, b"89", "bytes 8-9/10"),
        ("bytes=10-", 416, b"", "bytes */10"),
        ("bytes=-0", 416, b"", "bytes */10"),
        ("bytes=5-2", 200, b"0123456789", None),
        ("bytes=0-1,3-4", 200, b"0123456789", None),
        ("bytes=-", 200, b"0123456789", None),
        ("lines=1-2", 200, b"0123456789", None),
        ("bytes=" + "9" * 40 + "-", 200, b"0123456789", None),
    ],
)
def test_players_ask_for_parts(alice, digits, web, asked, status, content, range_) -> None:
    answer = web(alice).get(f"/files/{digits.pk}/file.bin", headers={"Range": asked})
    assert answer.status_code == status
    assert answer.getvalue() == content
    assert answer.get("Content-Range") == range_
    assert answer["Accept-Ranges"] == "bytes"


@pytest.mark.covers("D1")
def test_a_part_is_for_those_who_may_have_the_whole(alice, bob, charlie, digits, web) -> None:
    url = digits.form_url_for(bob)
    part = {"Range": "bytes=0-3"}
    assert web(bob).get(url, headers=part).status_code == 206
    assert web(charlie).get(url, headers=part).status_code == 404
    assert web().get(url, headers=part).status_code == 404
    signature = url.partition("?")[2]
    assert web(bob).get(f"/files/{digits.pk}/source.bin?{signature}", headers=part).status_code == 404
    assert web(bob).get(f"/files/{digits.pk}/video.mp4?{signature}", headers=part).status_code == 404


def test_a_part_of_another_version_is_the_whole(alice, digits, web) -> None:
    url = f"/files/{digits.pk}/file.bin"
    etag = web(alice).get(url)["ETag"]
    for given, status in [(etag, 206), ('"other"', 200)]:
        answer = web(alice).get(url, headers={"Range": "bytes=0-3", "If-Range": given})
        assert answer.status_code == status


def test_a_front_server_answers_parts_by_itself(alice, digits, web, settings) -> None:
    settings.ACCEL_REDIRECT_PREFIX = "/internal/"
    answer = web(alice).get(f"/files/{digits.pk}/file.bin", headers={"Range": "bytes=0-3"})
    assert answer["X-Accel-Redirect"] == f"/internal/{digits.stored_name('file.bin')}"
    assert answer.status_code == 200
    assert "Accept-Ranges" not in answer
