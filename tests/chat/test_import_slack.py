"""What a Slack export brings, twice, half, and when it means harm."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from random import Random
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from chat.models import Conversation, Message, Reaction
from chat.search.finding import find_messages, read_search
from chat.slack.text import plain_text
from tests import make
from tests.conftest import Api

USERS = [
    {
        "id": "U001",
        "team_id": "T01",
        "name": "alice",
        "profile": {"email": "Alice@example.org", "real_name": "Alice A."},
    },
    {"id": "U002", "team_id": "T01", "name": "zoe", "profile": {"email": "zoe@elsewhere.org", "real_name": "Zoë"}},
    {"id": "U003", "team_id": "T01", "name": "bobby", "profile": {"real_name": "Bobby"}},
]
CHANNELS = [{"id": "C001", "name": "general", "members": ["U001", "U002", "U003"], "purpose": {"value": "For <@U002>"}}]


def said(ts: str, text: str, user: str = "U001", **more: Any) -> dict[str, Any]:
    return {"type": "message", "ts": ts, "user": user, "text": text, **more}


DAYS = {
    "general/2019-05-01.json": [
        {"type": "message", "subtype": "channel_join", "ts": "1556700000.000100", "user": "U001", "text": "joined"},
        said("1556700001.000200", "Hello <@U002> &amp; <https://example.org|all> :tada:", reply_count=1,
             reactions=[{"name": "+1", "users": ["U002", "U003"], "count": 2}, {"name": "our-own", "users": ["U001"]}]),
        said("1556700002.000300", "Hi!", "U002", thread_ts="1556700001.000200"),
    ],
    "general/2019-05-02.json": [
        said("1556790001.000100", "a late answer", "U003", thread_ts="1556700001.000200"),
        said("1556790002.000100", "", "U003", files=[{"name": "plan.pdf", "permalink": "https://files.example.org/1"}]),
        {"type": "message", "subtype": "bot_message", "ts": "1556790003.000100", "bot_id": "B01", "username": "Build",
         "text": "green"},
        {"type": "message", "ts": "not a time", "text": "lost"}, "nonsense", None,
    ],
}  # fmt: skip


@pytest.fixture
def export(tmp_path: Path) -> Callable[..., Path]:
    def write(days: dict[str, Any] | None = None, name: str = "export.zip", **files: Any) -> Path:
        path = tmp_path / name
        with ZipFile(path, "w", ZIP_DEFLATED) as archive:
            content = {"users.json": USERS, "channels.json": CHANNELS, **(DAYS if days is None else days), **files}
            for place, rows in content.items():
                archive.writestr(place, rows if isinstance(rows, str) else json.dumps(rows))
        return path

    return write


def bring(path: Path, **options: Any) -> str:
    out = StringIO()
    call_command("import_slack", path, owner="alice", stdout=out, **options)
    return out.getvalue()


def state() -> list[Any]:
    models = (User, Conversation, Message, Reaction)
    return [sorted(map(str, model._default_manager.values_list())) for model in models]


def test_a_channel_becomes_a_group_with_its_times_and_order(alice: User, export: Any, api: type[Api]) -> None:
    out = bring(export())
    group = Conversation.objects.get()
    messages = list(Message.objects.filter(conversation=group).order_by("seq").select_related("sender"))

    assert "5 messages have come, in 1 groups, with 2 reactions." in out
    assert (group.title, group.announcement) == ("general", "For @Zoë")
    assert [message.text for message in messages] == [
        "Hello @Zoë & all (https://example.org) 🎉", "Hi!", "a late answer", "📎 plan.pdf https://files.example.org/1",
        "green",
    ]  # fmt: skip
    assert [message.sender.display_name for message in messages if message.sender] == [
        "Alice",
        "Zoë",
        "Bobby",
        "Bobby",
        "Build",
    ]
    assert messages[0].created_at == datetime.fromtimestamp(1556700001.0002, UTC)
    assert [message.reply_to_id for message in messages[1:3]] == [messages[0].pk] * 2
    assert messages[0].reaction_count == 2
    assert [message.seq for message in messages] == list(range(group.head - 4, group.head + 1))
    assert group.active_at == messages[-1].created_at
    listed = api(alice).get(f"/api/v1/conversations/{group.pk}/").json()
    assert (listed["unread"], listed["role"]) == (0, "owner")
    assert [hit.message.text for hit in find_messages(searcher=alice, search=read_search("late")).hits] == [
        "a late answer"
    ]


def test_people_are_known_by_their_address_or_by_the_map(alice: User, bob: User, export: Any, tmp_path: Path) -> None:
    listed = tmp_path / "users.csv"
    listed.write_text("U003,@bob\n")
    bring(export(), map=listed)
    group = Conversation.objects.get(title="general")

    assert {member.user.handle for member in group.members.active()} == {"alice", "bob"}
    zoe = User.objects.get(display_name="Zoë")
    assert (zoe.handle, zoe.is_active, zoe.has_usable_password()) == ("slack_u002", False, False)
    assert Message.objects.get(text="a late answer").sender == bob


def test_a_name_alone_lets_nobody_in(alice: User, export: Any) -> None:
    make.person("zoe")
    bring(export())

    assert {member.user.handle for member in Conversation.objects.get().members.active()} == {"alice"}


def test_twice_is_once_and_a_later_export_goes_on(alice: User, export: Any) -> None:
    bring(export())
    first = state()
    assert "0 messages have come" in bring(export())
    assert state() == first

    later = {**DAYS, "general/2019-05-03.json": [said("1556870001.000100", "new", thread_ts="1556700001.000200")]}
    assert "1 messages have come" in bring(export(later))
    new = Message.objects.latest("pk")
    assert new.reply_to is not None
    assert new.reply_to.text.startswith("Hello")


def test_broken_off_it_goes_on_where_it_stopped(alice: User, export: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr("chat.slack.importing.BATCH", 2)
    broken = {**DAYS, "general/2019-05-02.json": "{not json"}
    with pytest.raises(CommandError, match="not JSON"):
        bring(export(broken))
    assert Message.objects.count() == 2
    bring(export())

    assert Message.objects.count() == 5
    assert Conversation.objects.count() == 1


def test_a_dry_run_writes_nothing(alice: User, export: Any) -> None:
    before = state()
    out = bring(export(), dry_run=True)

    assert "5 messages would come" in out
    assert "1 people were known, 2 are new names" in out
    assert state() == before


@pytest.mark.parametrize(("name", "sentence"), [
    ("../../etc/passwd", "outside itself"), ("/etc/passwd", "outside itself"), ("a\\b.json", "outside itself"),
    ("C:/x.json", "outside itself"),
])  # fmt: skip
def test_a_zip_that_reaches_outside_itself_is_refused(alice: User, export: Any, name: str, sentence: str) -> None:
    path = export()
    with ZipFile(path, "a") as archive:
        archive.writestr(name, "x")
    with pytest.raises(CommandError, match=sentence):
        bring(path)
    assert not Conversation.objects.exists()


def test_a_zip_bomb_is_refused(alice: User, export: Any, monkeypatch: Any) -> None:
    with pytest.raises(CommandError, match="unpacks to more"):
        bring(export({"general/2019-05-01.json": "[" + " " * 20_000_000 + "]"}))
    monkeypatch.setattr("chat.slack.archive.FILE_BYTES_MAX", 1000)
    with pytest.raises(CommandError, match="larger than"):
        bring(export({"general/2019-05-01.json": "[" + "1," * 2000 + "1]"}))
    assert not Message.objects.exists()


def test_links_in_a_zip_are_refused(alice: User, export: Any) -> None:
    path = export()
    link = ZipInfo("general/2019-05-09.json")
    link.external_attr = 0o120777 << 16
    with ZipFile(path, "a", ZIP_STORED) as archive:
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(CommandError, match="has a link"):
        bring(path)


def test_a_line_of_megabytes_is_cut(alice: User, export: Any, settings: Any) -> None:
    text = "".join(Random(1).choices("abcdefgh ", k=3_000_000))
    bring(export({"general/2019-05-01.json": [said("1556700001.000200", text)]}))

    assert len(Message.objects.get().text) == settings.MESSAGE_LENGTH_MAX


@pytest.mark.parametrize("content", ["[[[[", "[" * 100_000, "null", '{"a": 1}', '[{"ts": {}, "user": []}]', "\xff"])
def test_broken_json_breaks_nothing(alice: User, export: Any, content: str) -> None:
    try:
        bring(export({"general/2019-05-01.json": content}))
    except CommandError as error:
        assert "JSON" in str(error)
    assert not Message.objects.exists()


def test_what_is_no_export_is_refused_in_a_sentence(alice: User, tmp_path: Path) -> None:
    nothing = tmp_path / "nothing.zip"
    nothing.write_bytes(b"PK nothing")
    with pytest.raises(CommandError, match="cannot be read"):
        bring(nothing)
    with ZipFile(nothing, "w") as archive:
        archive.writestr("other.json", "[]")
    with pytest.raises(CommandError, match="no Slack export"):
        bring(nothing)
    with pytest.raises(CommandError, match="nobody called"):
        call_command("import_slack", nothing, owner="nobody_here")


@pytest.mark.parametrize(("marked", "plain"), [
    ("<@U002> and <@U9>", "@Zoë and @U9"), ("<#C1|general>", "#general"), ("<!here> <!channel|all>", "@here all"),
    ("<mailto:a@b.org|a@b.org>", "a@b.org"), ("&lt;b&gt; &amp;amp;", "<b> &amp;"),
    (":tada: :ours: 10:30:15", "🎉 :ours: 10:30:15"),
    ("<https://x.org>", "https://x.org"), ("<!date^1^{date}|May 1>", "May 1"), ("a\x00b", "ab"),
])  # fmt: skip
def test_marks_become_plain_text(marked: str, plain: str) -> None:
    assert plain_text(marked, {"U002": "Zoë"}) == plain
