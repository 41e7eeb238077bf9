from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import connections
from PIL import Image

from accounts.models import User
from chat import services
from chat.models import AwaitedPreview, Conversation, LinkPreview, Message
from chat.page_words import words_of
from chat.previews import preview_link
from superapp.kernel.models import OutboxRow
from tests import make
from tests.conftest import Api, Web
from tests.site import Site

PAGE = b"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>Plain title</title>
<meta property="og:title" content="Tea &amp; mountains"><meta property="og:description" content="A walk in spring.">
<meta property="og:site_name" content="Leaf Weekly"><meta property="og:image" content="/cover.jpg"></head><body>"""


@pytest.fixture
def site(settings: Any) -> Iterator[Site]:
    server = Site()
    server.begin()
    settings.LINK_PREVIEWS = True
    settings.SITE_URL, settings.ALLOWED_HOSTS = "https://superapp.example", ["testserver"]
    settings.FETCH_PRIVATE_HOSTS = [f"127.0.0.1:{server.port}"]
    server.says("/tea", PAGE, Content_Type="text/html; charset=utf-8")
    server.says("/cover.jpg", picture((800, 400)), Content_Type="image/jpeg")
    yield server
    server.end()


@pytest.fixture
def talk(alice: User, bob: User) -> Conversation:
    return make.direct(alice, bob)


def picture(size: tuple[int, int]) -> bytes:
    buffer = BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    Image.new("RGB", size, "teal").save(buffer, "JPEG", exif=exif)
    return buffer.getvalue()


def say(effects: Any, sender: User, conversation: Conversation, text: str) -> Message:
    with effects():
        message = make.message(sender, conversation, text)
    return Message.objects.for_display().get(pk=message.pk)


# --- what comes with a link ---


def test_a_message_with_a_link_shows_what_it_leads_to(
    site: Site, effects: Any, talk: Conversation, alice: User, bob: User
) -> None:
    message = say(effects, alice, talk, f"Look: {site.url('/tea')}.")

    shown = Api(bob).get(f"/api/v1/conversations/{talk.pk}/messages/").json()["results"][0]["preview"]
    assert shown == {
        "url": site.url("/tea"),
        "title": "Tea & mountains",
        "description": "A walk in spring.",
        "site_name": "Leaf Weekly",
        "image": f"/link-previews/{message.preview_id}.webp",
        "width": 640,
        "height": 320,
    }
    page = Web(bob).get(f"/chats/{talk.pk}/").content.decode()
    assert "Tea &amp; mountains" in page
    assert shown["image"] in page
    assert "/cover.jpg" not in page


def test_it_is_a_change_of_the_message_that_takes_a_number(
    site: Site, effects: Any, talk: Conversation, alice: User, bob: User
) -> None:
    message = say(effects, alice, talk, site.url("/tea"))
    talk.refresh_from_db()

    assert message.changed_seq == message.seq + 1 == talk.head
    changed = Api(bob).get(f"/api/v1/conversations/{talk.pk}/sync/?since={message.seq}").json()["messages"]
    assert [row["preview"]["title"] for row in changed] == ["Tea & mountains"]


@pytest.mark.covers("E3")
def test_the_readers_are_asked_for_nothing_elsewhere(
    site: Site, effects: Any, talk: Conversation, alice: User, bob: User
) -> None:
    """The page and its picture are fetched by us, once, and the picture is a new file without what the old one told."""
    message = say(effects, alice, talk, site.url("/tea"))
    asked = list(site.paths)

    for _reader in range(3):
        response = Web(bob).get(message.preview.image_url)
        assert response.status_code == 200
        assert response["Content-Type"] == "image/webp"
        assert b"taken at home" not in response.content
    assert Image.open(BytesIO(response.content)).size == (640, 320)
    assert site.paths == asked == ["/tea", "/cover.jpg"]
    assert all("Cookie" not in headers for _method, _path, headers, _body in site.asked)


def test_only_those_who_may_read_the_message_open_its_picture(
    site: Site, effects: Any, talk: Conversation, alice: User, bob: User, charlie: User
) -> None:
    message = say(effects, alice, talk, site.url("/tea"))
    address = message.preview.image_url

    assert Web(bob).get(address).status_code == 200
    assert Web(charlie).get(address).status_code == 404
    assert Web(charlie).get("/link-previews/999999.webp").status_code == 404
    assert Web().get(address).status_code == 302


def test_who_came_later_does_not_open_the_picture_of_what_was_said_before(
    site: Site, effects: Any, alice: User, bob: User
) -> None:
    carol = make.person("carol")
    make.friends(alice, carol)
    group = make.group(alice, bob)
    message = say(effects, alice, group, site.url("/tea"))
    services.add_members(actor=alice, conversation=group, members=[carol])

    assert Web(carol).get(message.preview.image_url).status_code == 404


# --- when nothing is fetched ---


@pytest.mark.parametrize(
    "text",
    [
        "no link at all",
        "https://superapp.example/articles/1/",
        "https://SUPERAPP.example./articles/1/",
        "http://testserver/articles/1/",
        "example.org without a scheme",
        "https://" + "a" * 2100 + ".org/",
    ],
)
def test_what_leads_nowhere_else_is_not_fetched(effects: Any, site: Site, talk: Any, alice: User, text: str) -> None:
    message = say(effects, alice, talk, text)

    assert (message.preview, site.asked, LinkPreview.objects.count()) == (None, [], 0)


def test_only_the_first_link_counts(effects: Any, site: Site, talk: Conversation, alice: User) -> None:
    site.says("/second", PAGE, Content_Type="text/html")
    say(effects, alice, talk, f"{site.url('/tea')} and {site.url('/second')}")

    assert site.paths == ["/tea", "/cover.jpg"]


def test_nothing_is_fetched_where_the_place_or_the_sender_has_switched_it_off(
    effects: Any, site: Site, talk: Conversation, alice: User, settings: Any
) -> None:
    assert Api(alice).patch("/api/v1/me/", {"link_previews": False}).json()["link_previews"] is False
    say(effects, User.objects.get(pk=alice.pk), talk, site.url("/tea"))
    Web(alice).post("/me/settings/", {"theme": "light", "language": "en", "timezone": "UTC", "link_previews": "on"})
    alice.refresh_from_db()
    settings.LINK_PREVIEWS = False
    say(effects, alice, talk, site.url("/tea"))
    assert site.asked == []

    settings.LINK_PREVIEWS = True
    say(effects, alice, talk, site.url("/tea"))
    assert site.paths == ["/tea", "/cover.jpg"]


def test_nothing_is_fetched_for_a_stranger_before_he_is_accepted(
    effects: Any, site: Site, talk: Conversation, alice: User
) -> None:
    Conversation.objects.filter(pk=talk.pk).update(requested_by=alice)
    talk.refresh_from_db()
    say(effects, alice, talk, site.url("/tea"))

    assert site.asked == []


def test_who_sends_very_many_links_still_sends_messages(
    effects: Any, site: Site, talk: Conversation, alice: User, rate_limits: None, settings: Any
) -> None:
    from superapp.kernel import limits

    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "link-preview": ("1/hour", "open")}
    limits._rate.cache_clear()
    try:
        first = say(effects, alice, talk, site.url("/tea"))
        second = say(effects, alice, talk, site.url("/tea"))
    finally:
        limits._rate.cache_clear()

    assert first.preview is not None
    assert second.preview is None


@pytest.mark.parametrize(
    ("status", "content_type", "body"),
    [(404, "text/html", PAGE), (200, "application/pdf", b"%PDF"), (200, "text/html", b""), (200, "image/png", b"no")],
)
def test_a_page_that_says_nothing_changes_nothing(
    effects: Any, site: Site, talk: Conversation, alice: User, status: int, content_type: str, body: bytes
) -> None:
    site.says("/odd", body, status=status, Content_Type=content_type)
    message = say(effects, alice, talk, site.url("/odd"))
    talk.refresh_from_db()

    assert (message.preview, talk.head, AwaitedPreview.objects.count()) == (None, message.seq, 0)


@pytest.mark.covers("E1")
@pytest.mark.parametrize(
    "link", ["http://127.0.0.1:1/x", "http://10.0.0.1/", "http://0x7f.1/", "http://169.254.169.254/"]
)
def test_private_places_say_nothing(effects: Any, site: Site, talk: Conversation, alice: User, link: str) -> None:
    message = say(effects, alice, talk, link)

    assert message.preview is None
    assert LinkPreview.objects.get().says_something is False


@pytest.mark.covers("E1")
def test_a_picture_at_a_private_place_is_left_out(effects: Any, site: Site, talk: Conversation, alice: User) -> None:
    site.says("/trap", PAGE.replace(b"/cover.jpg", b"http://169.254.169.254/a.jpg"), Content_Type="text/html")
    message = say(effects, alice, talk, site.url("/trap"))

    assert message.preview.title == "Tea & mountains"
    assert message.preview.image == ""


@pytest.mark.parametrize(
    "content", [picture((20, 20)), b"GIF89a broken", b"x" * 6_000_000], ids=["dot", "broken", "big"]
)
def test_an_odd_picture_is_left_out(effects: Any, site: Site, talk: Conversation, alice: User, content: bytes) -> None:
    site.says("/cover.jpg", content)
    message = say(effects, alice, talk, site.url("/tea"))

    assert (message.preview.title, message.preview.image) == ("Tea & mountains", "")


def test_a_link_to_a_picture_shows_the_picture(effects: Any, site: Site, talk: Conversation, alice: User) -> None:
    message = say(effects, alice, talk, site.url("/cover.jpg"))

    assert (message.preview.title, message.preview.image_width) == ("", 640)


# --- one fetch for an address ---


def test_an_address_is_fetched_once_for_all(
    effects: Any, site: Site, talk: Conversation, alice: User, bob: User
) -> None:
    first = say(effects, alice, talk, site.url("/tea"))
    second = say(effects, bob, talk, f"yes, {site.url('/tea')}")

    assert first.preview_id == second.preview_id
    assert site.paths.count("/tea") == 1


def test_an_address_that_grew_old_is_fetched_again(effects: Any, site: Site, talk: Conversation, alice: User) -> None:
    first = say(effects, alice, talk, site.url("/tea"))
    old_image = first.preview.image
    LinkPreview.objects.update(fetched_at=first.preview.fetched_at - timedelta(days=8))
    site.says("/tea", PAGE.replace(b"spring", b"autumn"), Content_Type="text/html")
    second = say(effects, alice, talk, site.url("/tea"))

    assert second.preview.description == "A walk in autumn."
    assert not default_storage.exists(old_image)
    LinkPreview.objects.update(fetched_at=first.preview.fetched_at - timedelta(days=8))
    site.says("/tea", b"", status=500)
    assert say(effects, alice, talk, site.url("/tea")).preview.description == "A walk in autumn."


@pytest.mark.django_db(transaction=True)
def test_many_at_once_cause_one_fetch_and_all_are_shown(site: Site, alice: User, bob: User) -> None:
    talk = make.direct(alice, bob)
    waits, may_go = threading.Event(), threading.Event()
    tell = site.answers["/tea"]

    def slow(handler: Any) -> None:
        waits.set()
        may_go.wait(5)
        tell(handler)

    site.answers["/tea"] = slow
    site_url = site.url("/tea")

    def send() -> None:
        make.message(alice, talk, site_url)  # Celery is eager in tests: this fetches
        connections.close_all()

    first = threading.Thread(target=send)
    first.start()
    assert waits.wait(5)
    for _ in range(3):  # while the first is being fetched these end at once
        send()
    assert Message.objects.filter(preview__isnull=False).count() == 0
    may_go.set()
    first.join()

    assert site.paths.count("/tea") == 1
    assert Message.objects.filter(preview__isnull=False).count() == 4
    assert OutboxRow.objects.count() == AwaitedPreview.objects.count() == 0


def test_a_fetch_whose_worker_died_is_taken_over(effects: Any, site: Site, talk: Conversation, alice: User) -> None:
    message = make.message(alice, talk, site.url("/tea"))
    preview = services.await_preview(message_id=message.pk)
    assert preview is not None
    assert services.claim_preview(preview=preview)
    preview_link(message.pk)
    assert site.asked == []

    LinkPreview.objects.update(claimed_until=message.created_at)
    preview_link(message.pk)
    preview_link(message.pk)
    assert Message.objects.get(pk=message.pk).preview_id == preview.pk
    talk.refresh_from_db()
    assert talk.head == message.seq + 1


# --- taking it off ---


def test_the_sender_takes_the_card_off_and_it_stays_off(
    effects: Any, site: Site, talk: Conversation, alice: User, bob: User
) -> None:
    message = say(effects, alice, talk, site.url("/tea"))

    assert Api(bob).delete(f"/api/v1/messages/{message.pk}/preview/").json()["code"] == "not_your_message"
    assert Message.objects.get(pk=message.pk).preview_id is not None
    assert Api(alice).delete(f"/api/v1/messages/{message.pk}/preview/").status_code == 204
    assert Web(alice).post(f"/messages/{message.pk}/preview/remove/").status_code == 302
    message.refresh_from_db()
    assert (message.preview, message.changed_seq) == (None, message.seq + 2)
    assert Web(bob).get(f"/link-previews/{LinkPreview.objects.get().pk}.webp").status_code == 404


def test_a_stranger_cannot_tell_that_there_is_a_message(
    effects: Any, site: Site, talk: Conversation, alice: User, charlie: User
) -> None:
    message = say(effects, alice, talk, site.url("/tea"))

    assert Api(charlie).delete(f"/api/v1/messages/{message.pk}/preview/").status_code == 404
    assert Web(charlie).post(f"/messages/{message.pk}/preview/remove/").status_code == 404


def test_what_no_message_shows_is_forgotten_with_its_picture(
    effects: Any, site: Site, talk: Conversation, alice: User
) -> None:
    message = say(effects, alice, talk, site.url("/tea"))
    image = message.preview.image
    LinkPreview.objects.update(fetched_at=message.created_at - timedelta(days=3))
    assert services.forget_unused_previews() == 0

    services.remove_preview(sender=alice, message=message)
    assert services.forget_unused_previews() == 1
    assert not LinkPreview.objects.exists()
    assert not default_storage.exists(image)


# --- reading pages ---


@pytest.mark.parametrize(
    ("page", "content_type", "title"),
    [
        ("<title>茶</title>".encode("gb18030"), "text/html; charset=gbk", "茶"),
        (b'<meta charset="big5"><title>' + "茶".encode("big5"), "text/html", "茶"),
        (
            b"<meta http-equiv=content-type content='text/html; charset=Shift_JIS'><title>" + "茶".encode("cp932"),
            "",
            "茶",
        ),
        ("<title>caf\u00e9</title>".encode("latin-1"), "text/html; charset=ISO-8859-1", "café"),
        ("<title>茶</title>".encode("utf-16"), "text/html", "茶"),
        ("\ufeff<title>茶</title>".encode(), "text/html; charset=latin-1", "茶"),
        ("<title>茶</title>".encode(), "text/html; charset=bz2_codec", "茶"),
        ("<title>茶</title>".encode(), "text/html; charset=unicode_escape", "茶"),
        ("<title>茶</title>".encode(), "text/html; charset=\x00nonsense", "茶"),
        (b"<title>a", "text/html; charset=idna", "a"),
        (b"<TITLE>\n  Many \t spaces\x00 </TITLE>", "", "Many spaces"),
        (b"<title>unended", "", "unended"),
        (b"<title>first</title><title>second</title>", "", "first"),
        (b"<title>&lt;script&gt;alert(1)&lt;/script&gt;</title>", "", "<script>alert(1)</script>"),
        ("<title>safe\u202egpj.exe</title>".encode(), "", "safegpj.exe"),
        (b"<svg><title>an icon</title></svg><title>page</title>", "", "page"),
        (b"<meta property=og:title content=''><meta name=twitter:title content=X><title>Y</title>", "", "X"),
        (b"<<<>><meta property='og:title' content='ok' <title>", "", "ok"),
        (b"<" * 100_000 + b"<title>deep</title>", "", "deep"),
        (b"<title>" + b"x" * 1000 + b"</title>", "", "x" * 300),
        (b"", "", ""),
        (b"\x00" * 1000, "text/html", ""),
    ],
)
def test_pages_are_read_as_they_are(page: bytes, content_type: str, title: str) -> None:
    assert words_of(page, content_type, "https://www.example.org/a").title == title


@pytest.mark.parametrize(
    ("said", "address"),
    [
        ("/a.jpg", "https://www.example.org/a.jpg"),
        ("//cdn.example.org/a.jpg", "https://cdn.example.org/a.jpg"),
        ("a.jpg", "https://www.example.org/b/a.jpg"),
        ("javascript:alert(1)", ""),
        ("data:image/png;base64,AAAA", ""),
        ("file:///etc/passwd", ""),
        ("http://[bad/", ""),
        ("https://example.org/" + "x" * 2001, ""),
    ],
)
def test_the_picture_of_a_page_has_an_address_of_the_web(said: str, address: str) -> None:
    page = f'<meta property="og:image" content="{said}">'.encode()

    assert words_of(page, "", "https://www.example.org/b/c").image == address


def test_a_page_without_a_name_is_called_by_its_host() -> None:
    assert words_of(b"<title>x</title>", "", "https://www.example.org/a").site_name == "example.org"
