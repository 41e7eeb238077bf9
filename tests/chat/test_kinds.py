"""Messages that carry voices, videos and files, places, cards and stickers: through REST, the socket and pages."""

from __future__ import annotations

from uuid import uuid4

import pytest

from chat import services
from chat.frames import answer
from chat.models import Message, VoiceHeard
from chat.sync import changes_since
from tests import films, make
from uploads.models import Upload
from uploads.services import receive_file
from uploads.tasks import convert

pytestmark = pytest.mark.django_db


@pytest.fixture
def chat(alice, bob):
    return make.direct(alice, bob)


@pytest.fixture
def url(chat) -> str:
    return f"/api/v1/conversations/{chat.pk}/messages/"


def received(owner, content: bytes, kind: str, name: str = "clip") -> Upload:
    return receive_file(owner=owner, file=films.file(content, name), kind=kind)


def ready(owner, content: bytes, kind: str) -> Upload:
    upload = received(owner, content, kind)
    convert(upload=str(upload.pk))
    upload.refresh_from_db()
    return upload


def said(kind: str, **more) -> dict:
    return {"client_id": str(uuid4()), "kind": kind, **more}


def place(**other) -> dict:
    return {"name": "The bakery", "address": "3 Mill Lane", "latitude": 51.507412, "longitude": -0.1277583} | other


def test_a_voice_message_arrives_with_its_length_and_its_wave(alice, bob, api, url) -> None:
    upload = ready(alice, films.voice(), "voice")
    answered = api(alice).post(url, said("voice", uploads=[str(upload.pk)], text="is left out"))
    assert answered.status_code == 201
    [message] = api(bob).get(url).json()["results"][:1]
    assert (message["kind"], message["text"], message["heard"]) == ("voice", "", False)
    [file] = message["uploads"]
    assert file["duration"] == pytest.approx(2, abs=0.1)
    assert len(file["peaks"]) > 20
    assert file["url"].startswith(f"/files/{upload.pk}/voice.m4a?s=")


def test_a_dot_goes_out_on_all_devices_of_the_listener_and_of_nobody_else(alice, bob, charlie, api, url) -> None:
    group = make.group(alice, bob, title="Readers")
    upload = ready(alice, films.voice(), "voice")
    message = make.message(alice, group, text="", kind="voice", uploads=[str(upload.pk)])
    heard = f"/api/v1/messages/{message.pk}/heard/"
    assert api(charlie).post(heard).status_code == 404
    assert api(alice).post(heard).status_code == 204  # her own has no dot
    assert not VoiceHeard.objects.exists()
    for _again in range(2):
        assert api(bob).post(heard).status_code == 204
    assert VoiceHeard.objects.get().listener == bob
    listed = f"/api/v1/conversations/{group.pk}/messages/"
    assert api(bob).get(listed).json()["results"][0]["heard"] is True
    assert api(alice).get(listed).json()["results"][0]["heard"] is None


def test_the_page_shows_a_dot_until_it_is_played(alice, bob, web, chat) -> None:
    upload = ready(alice, films.voice(), "voice")
    message = make.message(alice, chat, text="", kind="voice", uploads=[str(upload.pk)])
    page = f"/chats/{chat.pk}/"
    assert "voice-dot" in web(bob).get(page).content.decode()
    assert "voice-dot" not in web(alice).get(page).content.decode()
    assert web(bob).post(f"/messages/{message.pk}/heard/").status_code == 204
    assert "voice-dot" not in web(bob).get(page).content.decode()


def test_a_video_is_sent_while_it_is_converted_and_tells_when_it_is_ready(alice, bob, api, url, chat, web) -> None:
    upload = received(alice, films.video(), "video")
    answered = api(alice).post(url, said("video", uploads=[str(upload.pk)], text="Look"))
    assert answered.json()["uploads"][0]["state"] == "processing"
    assert "being prepared" in web(bob).get(f"/chats/{chat.pk}/").content.decode()
    before = chat.__class__.objects.get(pk=chat.pk).head

    convert(upload=str(upload.pk))
    chat.refresh_from_db()
    assert chat.head == before + 1
    [changed] = changes_since(chat.member(bob), before).messages
    assert changed.text == "Look"
    body = api(bob).get(url).json()["results"][0]
    assert (body["uploads"][0]["state"], body["seq"], body["changed_seq"]) == ("ready", before, before + 1)
    page = web(bob).get(f"/chats/{chat.pk}/").content.decode()
    assert f"/files/{upload.pk}/video.mp4" in page
    assert f"/files/{upload.pk}/medium.webp" in page


def test_a_video_that_cannot_be_converted_says_so_and_only_its_sender_may_try_again(alice, bob, chat, web) -> None:
    upload = received(alice, b"nothing to see", "video")
    make.message(alice, chat, text="", kind="video", uploads=[str(upload.pk)])
    convert(upload=str(upload.pk))
    assert "It cannot be read." in web(bob).get(f"/chats/{chat.pk}/").content.decode()
    assert f"/files/{upload.pk}/retry/" in web(alice).get(f"/chats/{chat.pk}/").content.decode()
    assert f"/files/{upload.pk}/retry/" not in web(bob).get(f"/chats/{chat.pk}/").content.decode()


def test_a_forwarded_video_changes_wherever_it_is(alice, bob, charlie, chat) -> None:
    make.friends(alice, charlie)
    other = make.direct(alice, charlie)
    upload = received(alice, films.video(), "video")
    message = make.message(alice, chat, text="", kind="video", uploads=[str(upload.pk)])
    [again] = services.forward_messages(sender=alice, messages=[message], to=[other], client_id=uuid4())
    convert(upload=str(upload.pk))
    for one in (message, again):
        changed = Message.objects.get(pk=one.pk)
        assert changed.changed_seq > changed.seq


def test_a_file_keeps_its_name_in_lists_and_as_a_download(alice, bob, api, url, chat, web) -> None:
    upload = received(alice, b"%PDF-1.7", "file", "Menu <b>.pdf")
    assert api(alice).post(url, said("file", uploads=[str(upload.pk)])).status_code == 201
    page = web(bob).get(f"/chats/{chat.pk}/").content.decode()
    assert "Menu &lt;b&gt;.pdf" in page
    assert "[File] Menu &lt;b&gt;.pdf" in web(bob).get("/chats/").content.decode()
    assert f"/files/{upload.pk}/file.bin" in page


@pytest.mark.parametrize(
    ("kind", "uploads"),
    [
        ("voice", 0), ("video", 0), ("file", 0), ("file", 2), ("image", 1), ("video", 1), ("voice", 1), ("text", 1),
        ("poll", 0), ("system", 0), ("red_envelope", 0),
    ],
)  # fmt: skip
def test_a_kind_carries_what_belongs_to_it_and_nothing_else(alice, api, url, kind, uploads) -> None:
    ids = [str(received(alice, b"words", "file").pk) for _ in range(uploads)]
    assert api(alice).post(url, said(kind, uploads=ids, text="Hi" if kind == "text" else "")).status_code == 400
    assert not Message.objects.filter(conversation__direct_key__isnull=False).exclude(kind="system").exists()
    assert not Upload.objects.exclude(attached_at=None).exists()


def test_a_retry_with_the_same_file_answers_the_first(alice, api, url) -> None:
    body = said("file", uploads=[str(received(alice, b"words", "file").pk)])
    first, again = api(alice).post(url, body), api(alice).post(url, body)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["id"] == again.json()["id"]
    other = api(alice).post(url, body | {"uploads": [str(received(alice, b"words", "file").pk)]})
    assert other.status_code == 422


def test_a_place_is_kept_to_a_metre_and_drawn_without_asking_anybody(alice, bob, api, url, chat, web) -> None:
    answered = api(alice).post(url, said("place", place=place()))
    assert answered.status_code == 201
    body = api(bob).get(url).json()["results"][0]
    assert body["place"] == place(latitude=51.50741, longitude=-0.12776)
    assert body["text"] == "The bakery"
    page = web(bob).get(f"/chats/{chat.pk}/").content.decode()
    assert "https://www.openstreetmap.org/?mlat=51.50741&amp;mlon=-0.12776" in page
    assert "<img" not in page.partition('class="bubble-place"')[2].partition("</a>")[0]


@pytest.mark.parametrize(
    "wrong",
    [
        {"latitude": 91}, {"latitude": -90.1}, {"longitude": 181}, {"latitude": "north"}, {"latitude": None},
        {"name": "x" * 101}, {"address": "x" * 201}, {"longitude": "NaN"}, {"longitude": "1e400"},
    ],
)  # fmt: skip
def test_what_is_no_place_is_refused(alice, api, url, wrong) -> None:
    assert api(alice).post(url, said("place", place=place(**wrong))).status_code == 400
    assert not Message.objects.filter(kind="place").exists()


def test_a_place_is_sent_from_a_page_too(alice, chat, web) -> None:
    page = f"/chats/{chat.pk}/place/"
    wrong = web(alice).post(page, place(latitude="97", client_id=str(uuid4())))
    assert wrong.status_code == 422
    assert web(alice).post(page, place(client_id=str(uuid4()))).status_code == 302
    assert Message.objects.get(kind="place").payload["name"] == "The bakery"


@pytest.mark.parametrize("body", [{}, {"place": None}, {"card": {"kind": "person", "id": "bob"}}, {"sticker": "1"}])
def test_a_kind_and_what_it_is_made_of_belong_together(alice, api, url, body) -> None:
    assert api(alice).post(url, said("place", **body)).status_code == 400
    assert api(alice).post(url, said("text", text="Hi", place=place())).status_code == 400
    assert not Message.objects.exclude(kind="system").exists()


def test_a_contact_card_shows_a_person_and_leads_to_the_profile(alice, bob, charlie, api, url, chat, web) -> None:
    answered = api(alice).post(url, said("card", card={"kind": "person", "id": "charlie"}))
    assert answered.status_code == 201
    card = api(bob).get(url).json()["results"][0]["card"]
    assert card == {"kind": "person", "title": "Charlie", "text": "@charlie", "image": "", "url": "/people/charlie/"}
    assert "Contact card" in web(bob).get(f"/chats/{chat.pk}/").content.decode()


def test_one_shares_only_what_one_sees(alice, bob, mallory, api, web) -> None:
    other = make.person("other")
    make.friends(mallory, other)
    there = make.direct(mallory, other)
    messages = f"/api/v1/conversations/{there.pk}/messages/"
    article = make.draft(make.public_account(alice))
    for card in [
        {"kind": "person", "id": "alice"},  # who has blocked her
        {"kind": "person", "id": "nobody"},
        {"kind": "article", "id": str(article.pk)},  # a draft
        {"kind": "article", "id": "x"},
        {"kind": "moment", "id": str(make.moment(mallory).pk)},  # for friends alone, never shared
        {"kind": "", "id": ""},
    ]:
        assert api(mallory).post(messages, said("card", card=card)).status_code in {400, 404}, card
    assert web(mallory).get("/share/person/alice/").status_code == 404
    assert web(alice).get(f"/share/article/{article.pk}/").status_code == 404
    assert not Message.objects.filter(kind="card").exists()


def test_an_article_and_its_account_are_shared_into_several_chats_at_once(alice, bob, charlie, web) -> None:
    make.friends(alice, charlie)
    targets = [make.direct(alice, bob), make.direct(alice, charlie)]
    account = make.public_account(alice)
    article = make.article(account)
    for page, title in [
        (f"/share/article/{article.pk}/", "First flush"),
        (f"/share/public_account/{account.handle}/", "Tea Notes"),
    ]:
        assert title in web(alice).get(page).content.decode()
        assert web(alice).post(page, {"client_id": str(uuid4())}).status_code == 422
        sent = {"to": [target.pk for target in targets], "client_id": str(uuid4())}
        for _again in range(2):
            assert web(alice).post(page, sent).status_code == 302
    assert Message.objects.filter(kind="card").count() == 4
    assert Message.objects.filter(kind="card", payload__url=article.get_absolute_url()).count() == 2


def test_a_chat_one_is_not_in_gets_nothing(alice, bob, charlie, web) -> None:
    make.friends(bob, charlie)
    theirs = make.direct(bob, charlie)
    answered = web(alice).post("/share/person/bob/", {"to": [theirs.pk], "client_id": str(uuid4())})
    assert answered.status_code == 422
    assert not Message.objects.filter(kind="card").exists()


def test_without_scripts_one_form_sends_all_kinds(alice, chat, web) -> None:
    form = {
        "text": "Everything",
        "client_id": str(uuid4()),
        "photos": [make.picture_file(), films.file(films.video(), "clip.mp4", "video/mp4")],
        "files": [films.file(b"words", "notes.txt"), films.file(b"%PDF", "menu.pdf")],
        "voice": films.file(films.voice(), "voice.webm"),
    }
    assert web(alice).post(f"/chats/{chat.pk}/messages/", form).status_code == 302
    spoken = Message.objects.filter(conversation=chat).exclude(kind="system").order_by("seq")
    assert [(one.kind, one.text) for one in spoken] == [
        ("image", "Everything"), ("video", ""), ("file", ""), ("file", ""), ("voice", ""),
    ]  # fmt: skip


def test_the_socket_sends_stickers(alice, chat) -> None:
    pack = services.make_pack(owner=alice, name="Bread")
    sticker = services.add_sticker(owner=alice, pack=pack, file=make.picture_file(kind="PNG"), words="a loaf")
    frame = {
        "type": "message.send", "ref": "1", "conversation": str(chat.pk), "client_id": str(uuid4()),
        "kind": "sticker", "sticker": str(sticker.pk),
    }  # fmt: skip
    answered = answer(alice, frame)
    assert answered is not None
    assert answered["type"] == "ack"
    assert Message.objects.get(kind="sticker").text == "a loaf"
    for wrong in (None, "x", "0", str(10**9), 7, []):
        refused = answer(alice, frame | {"client_id": str(uuid4()), "sticker": wrong})
        assert refused is not None
        assert refused["type"] == "error"
    assert Message.objects.filter(kind="sticker").count() == 1


def test_every_kind_can_be_told_in_one_line(alice, bob, chat, web) -> None:
    for kind, content in [("voice", films.voice()), ("video", films.video()), ("file", b"words")]:
        make.message(alice, chat, text="", kind=kind, uploads=[str(received(alice, content, kind, "notes.txt").pk)])
        line = web(bob).get("/chats/").content.decode()
        assert {"voice": "[Voice message]", "video": "[Video]", "file": "[File] notes.txt"}[kind] in line
    services.send_place(sender=alice, conversation=chat, client_id=uuid4(), place=place())
    assert "[Place] The bakery" in web(bob).get("/chats/").content.decode()


# --- What has been sent -----------------------------------------------------------------------------------------------


@pytest.fixture
def full(alice, bob, chat):
    """A conversation with one of each."""
    for kind, upload in [
        ("image", make.upload(alice)),
        ("video", ready(alice, films.video(), "video")),
        ("voice", ready(alice, films.voice(), "voice")),
        ("file", received(alice, b"words", "file", "notes.txt")),
    ]:
        make.message(alice, chat, text="", kind=kind, uploads=[str(upload.pk)])
    make.message(bob, chat, text="See https://example.org/tea")
    make.message(bob, chat, text="No link")
    return chat


def test_files_are_found_by_what_they_are(alice, bob, full, api, web) -> None:
    listed = f"/api/v1/conversations/{full.pk}/files/"
    for kind, kinds in [("media", ["video", "image"]), ("file", ["file"]), ("voice", ["voice"]), ("link", ["text"])]:
        found = api(bob).get(listed, {"kind": kind}).json()["results"]
        assert [message["kind"] for message in found] == kinds
    assert [one["kind"] for one in api(bob).get(listed).json()["results"]] == ["video", "image"]
    assert api(bob).get(listed, {"kind": "x"}).status_code == 400
    page = f"/chats/{full.pk}/files/"
    assert "thumb.webp" in web(bob).get(page).content.decode()
    assert "notes.txt" in web(bob).get(page, {"kind": "file"}).content.decode()
    assert "https://example.org/tea" in web(bob).get(page, {"kind": "link"}).content.decode()
    assert "0:02" in web(bob).get(page, {"kind": "voice"}).content.decode()
    assert web(bob).get(page, {"kind": "x"}).status_code == 404


def test_who_is_not_in_it_finds_no_files(charlie, full, api, web) -> None:
    assert api(charlie).get(f"/api/v1/conversations/{full.pk}/files/").status_code == 404
    assert web(charlie).get(f"/chats/{full.pk}/files/").status_code == 404


def test_files_come_in_pages(alice, bob, chat, web, monkeypatch) -> None:
    monkeypatch.setattr("chat.files.PAGE_SIZE", 2)
    for number in range(3):
        upload = received(alice, b"words", "file", f"notes-{number}.txt")
        make.message(alice, chat, text="", kind="file", uploads=[str(upload.pk)])
    page = web(bob).get(f"/chats/{chat.pk}/files/?kind=file").content.decode()
    assert "notes-2.txt" in page
    assert "notes-0.txt" not in page
    before = page.partition("&amp;before=")[2].partition('"')[0]
    assert "notes-0.txt" in web(bob).get(f"/chats/{chat.pk}/files/?kind=file&before={before}").content.decode()
