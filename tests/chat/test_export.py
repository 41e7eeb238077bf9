"""Taking a conversation away: everything one may read in it, nothing else, for oneself alone."""

from __future__ import annotations

import json
from datetime import timedelta
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from django.core.files.storage import default_storage
from django.utils.timezone import now

from accounts.models import User
from chat import services
from chat.models import Conversation, Export, Message
from superapp.kernel.errors import NotFound
from tests import make
from tests.conftest import Api, Web


@pytest.fixture
def group(alice: User, bob: User) -> Conversation:
    return make.group(alice, bob, title="Tea & “cake”")


@pytest.fixture
def exported(effects: Any) -> Any:
    """Ask for an export and let the task run; the archive."""

    def run(person: User, conversation: Conversation) -> ZipFile:
        with effects():
            export = services.request_export(person=person, conversation=conversation)
        return opened(export)

    return run


def opened(export: Export) -> ZipFile:
    with default_storage.open(export.file_name) as file:
        return ZipFile(BytesIO(file.read()))


def content(archive: ZipFile) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(archive.read("conversation.json"))
    return found


def test_it_has_what_was_said_for_programs_and_for_people(
    alice: User, bob: User, group: Conversation, exported: Any
) -> None:
    first = make.message(bob, group, "你好 <b>tea</b>")
    photo = make.upload(bob, alt="A pot", size=(64, 48))
    make.message(bob, group, "look", kind="image", uploads=[str(photo.pk)])
    make.message(alice, group, "nice", reply_to=first)
    archive = exported(alice, group)
    told = content(archive)
    page = archive.read("conversation.html").decode()

    assert archive.testzip() is None
    assert (told["format"], told["version"], told["exported_by"]) == ("superapp.conversation", 1, "alice")
    assert {one["handle"] for one in told["conversation"]["members"]} == {"alice", "bob"}
    said = [one for one in told["messages"] if one["sender"]]
    assert [(one["sender"]["handle"], one["text"]) for one in said] == [
        ("bob", "你好 <b>tea</b>"), ("bob", "look"), ("alice", "nice"),
    ]  # fmt: skip
    assert said[2]["reply_to"] == first.seq
    assert said[1]["files"][0]["alt"] == "A pot"
    assert archive.read(said[1]["files"][0]["path"])[8:12] == b"WEBP"
    assert "你好 &lt;b&gt;tea&lt;/b&gt;" in page
    assert f'src="{said[1]["files"][0]["path"]}"' in page
    assert "http" not in page.replace("http-equiv", "").replace("https://", "http://").split("<body>")[0]


@pytest.mark.covers("I4", "A3")
def test_it_has_nothing_that_its_owner_could_not_read(
    alice: User, bob: User, group: Conversation, exported: Any
) -> None:
    carol = make.person("carol")
    make.friends(alice, carol)
    early = make.message(bob, group, "canaryearly")
    services.add_members(actor=alice, conversation=group, members=[carol])
    make.message(alice, group, "an answer", reply_to=early)
    make.message(bob, make.direct(alice, bob), "canarydirect")
    recalled = make.message(bob, group, "canaryrecalled")
    Message.objects.filter(pk=recalled.pk).update(recalled_at=now(), recalled_by=bob)

    def everything(archive: ZipFile) -> str:
        return "".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())

    assert "canaryearly" in everything(exported(alice, group))
    hers = everything(exported(carol, group))
    assert "an answer" in hers
    assert "canary" not in hers
    assert "canarydirect" not in everything(exported(alice, group))


def test_what_is_not_kept_any_more_is_not_in_it(alice: User, bob: User, group: Conversation, exported: Any) -> None:
    old = make.message(bob, group, "canaryold")
    Message.objects.filter(conversation=group, seq__lte=old.seq).update(created_at=now() - timedelta(days=40))
    make.message(bob, group, "young")
    services.change_retention(owner=alice, conversation=group, days=30)
    told = content(exported(alice, group))

    assert [one["text"] for one in told["messages"] if one["sender"]] == ["young"]


def test_it_survives_leaving_and_grows_no_more(alice: User, bob: User, group: Conversation, effects: Any) -> None:
    make.message(alice, group, "before he left")
    with effects():
        export = services.request_export(person=bob, conversation=group)
        services.leave_group(person=bob, conversation=group)
        make.message(alice, group, "canaryafter")
    told = content(opened(export))

    assert [one["text"] for one in told["messages"] if one["sender"]] == ["before he left"]
    with pytest.raises(NotFound):
        services.request_export(person=bob, conversation=group)


def test_long_conversations_come_in_batches_and_pages(
    alice: User, bob: User, group: Conversation, exported: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr("chat.export.archive.BATCH", 3)
    monkeypatch.setattr("chat.export.archive.ON_A_PAGE", 4)
    said = [make.message(bob, group, f"word {number}").text for number in range(10)]
    archive = exported(alice, group)

    assert [one["text"] for one in content(archive)["messages"] if one["sender"]] == said
    pages = [name for name in archive.namelist() if name.endswith(".html")]
    assert pages == ["conversation.html", "conversation-2.html", "conversation-3.html"]
    assert 'href="conversation-2.html"' in archive.read("conversation.html").decode()


def test_files_beyond_the_room_are_named_and_not_enclosed(
    alice: User, bob: User, group: Conversation, exported: Any, settings: Any
) -> None:
    settings.EXPORT_BYTES_MAX = 10
    make.message(bob, group, "", kind="image", uploads=[str(make.upload(bob, size=(64, 48)).pk)])
    archive = exported(alice, group)

    assert [file["path"] for one in content(archive)["messages"] for file in one["files"]] == [None]
    assert not any(name.startswith("files/") for name in archive.namelist())


def test_one_is_on_its_way_at_a_time_and_a_second_delivery_changes_nothing(
    alice: User, bob: User, group: Conversation, effects: Any
) -> None:
    with effects():
        first = services.request_export(person=alice, conversation=group)
        assert services.request_export(person=alice, conversation=group) == first
    first.refresh_from_db()
    assert first.is_ready
    ready_at = first.ready_at
    services.build_export(str(first.pk))
    services.build_export("8f14e45f-ceea-467f-8a52-1d9b0f3c2a11")
    first.refresh_from_db()
    assert first.ready_at == ready_at


def test_a_week_later_it_is_gone(alice: User, bob: User, group: Conversation, exported: Any, api: type[Api]) -> None:
    exported(alice, group)
    export = Export.objects.get(owner=alice)
    Export.objects.filter(pk=export.pk).update(expires_at=now() - timedelta(minutes=1))

    assert api(alice).get(f"/api/v1/exports/{export.pk}/").status_code == 404
    assert services.purge_expired_exports() == 1
    assert not default_storage.exists(export.file_name)
    assert not Export.objects.exists()


# --- its doors -------------------------------------------------------------------------------------------------------


def read(response: Any) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


@pytest.mark.covers("I4")
def test_the_pages_ask_for_the_password_again(
    alice: User, bob: User, group: Conversation, web: type[Web], effects: Any
) -> None:
    client = web(alice)
    assert client.get(f"/chats/{group.pk}/export/").status_code == 200
    asked = client.post(f"/chats/{group.pk}/export/")
    assert asked["Location"].startswith("/account/reauthenticate/")
    assert not Export.objects.exists()

    with effects():
        began = client.post(asked["Location"], {"password": make.PASSWORD})
    export = Export.objects.get(owner=alice)
    assert began["Location"] == f"/exports/{export.pk}/"
    page = client.get(began["Location"]).content.decode()
    assert f"/exports/{export.pk}/file/" in page
    fetched = client.get(f"/exports/{export.pk}/file/")
    assert (fetched["Content-Type"], fetched["Cache-Control"]) == ("application/zip", "private, no-store")
    assert content(ZipFile(BytesIO(read(fetched))))["exported_by"] == "alice"
    assert web(alice).get(f"/exports/{export.pk}/file/")["Location"].startswith("/account/reauthenticate/")


@pytest.mark.covers("I4")
def test_it_is_its_owners_alone(
    alice: User, bob: User, charlie: User, group: Conversation, exported: Any, web: type[Web], api: type[Api]
) -> None:
    exported(alice, group)
    export = Export.objects.get(owner=alice)
    link = api(alice).get(f"/api/v1/exports/{export.pk}/").json()["file"]
    assert api(alice).get(link).status_code == 200

    for other in (bob, charlie):
        assert api(other).get(f"/api/v1/exports/{export.pk}/").status_code == 404
        assert api(other).get(link).status_code == 404
        assert web(other).get(f"/exports/{export.pk}/").status_code == 404
        assert web(other).get(f"/exports/{export.pk}/file/").status_code in {302, 404}
    assert (
        api(charlie).post(f"/api/v1/conversations/{group.pk}/export/", {"password": make.PASSWORD}).status_code == 404
    )
    assert api(alice).get(link.replace("s=", "s=x")).status_code == 404


def test_rest_begins_with_the_password_and_ends_with_a_link(
    alice: User, bob: User, group: Conversation, api: type[Api], effects: Any
) -> None:
    address = f"/api/v1/conversations/{group.pk}/export/"
    assert api(alice).post(address, {}).status_code == 400
    assert api(alice).post(address, {"password": "wrong"}).json()["code"] == "wrong_password"
    assert not Export.objects.exists()
    with effects():
        begun = api(alice).post(address, {"password": make.PASSWORD})
    assert (begun.status_code, begun.json()["state"], begun.json()["file"]) == (202, "waiting", None)
    done = api(alice).get(f"/api/v1/exports/{begun.json()['id']}/").json()
    assert done["state"] == "ready"
    assert ZipFile(BytesIO(read(api(alice).get(done["file"])))).testzip() is None


def test_ten_a_day(
    alice: User, bob: User, group: Conversation, rate_limits: None, api: type[Api], effects: Any
) -> None:
    codes = []
    for _ in range(11):
        with effects():
            answer = api(alice).post(f"/api/v1/conversations/{group.pk}/export/", {"password": make.PASSWORD})
        codes.append(answer.status_code)

    assert codes[0] == 202
    assert codes[-1] == 429
