"""Who is shown what others have read, and that they are here: as far as both wish, or as a group has decided."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from accounts import services as accounts
from accounts.models import User
from chat import services
from chat.models import Conversation
from tests.live_server import Device

Devices = Callable[..., Device]


def receipts(*people: User) -> None:
    for person in people:
        accounts.change_privacy(person=person, read_receipts=True)


def show_readers(group: Conversation) -> None:
    Conversation.objects.filter(pk=group.pk).update(shows_readers=True)
    group.refresh_from_db()


class TestBetweenTwo:
    def test_both_must_wish_it(
        self, alice: User, bob: User, direct: Conversation, web: Any, api: Any, say: Any
    ) -> None:
        message = say(alice, direct, "Seen?")
        services.mark_read(reader=bob, conversation=direct, seq=message.seq)

        def shown() -> tuple[bool, int, list[int]]:
            page = web(alice).get(f"/chats/{direct.pk}/").content.decode()
            log = page[page.index("data-messages") : page.index("data-announce")]
            readers = api(alice).get(f"/api/v1/messages/{message.pk}/readers/")
            marks = api(alice).get(f"/api/v1/conversations/{direct.pk}/read/").json()
            return "data-read-mark" in log, readers.status_code, [mark["seq"] for mark in marks]

        assert shown() == (False, 403, [])
        receipts(alice)
        assert shown() == (False, 403, []), "Bob does not show it"
        receipts(bob)
        assert shown() == (True, 200, [message.seq])
        accounts.change_privacy(person=alice, read_receipts=False)
        assert shown() == (False, 403, []), "who shows nothing is shown nothing"

    def test_only_up_to_where_the_other_has_read(
        self, alice: User, bob: User, direct: Conversation, web: Any, say: Any
    ) -> None:
        receipts(alice, bob)
        read, unread = say(alice, direct, "Read"), say(alice, direct, "Not yet")
        services.mark_read(reader=bob, conversation=direct, seq=read.seq)
        page = web(alice).get(f"/chats/{direct.pk}/").content.decode()
        mark = page.index("data-read-mark")
        assert page.index(f'id="message-{read.seq}"') < mark < page.index(f'id="message-{unread.seq}"')

    def test_former_friends_are_shown_nothing(
        self, alice: User, bob: User, direct: Conversation, api: Any, say: Any
    ) -> None:
        receipts(alice, bob)
        message = say(alice, direct)
        services.mark_read(reader=bob, conversation=direct, seq=message.seq)
        accounts.remove_friend(owner=bob, friend=alice)
        assert api(alice).get(f"/api/v1/messages/{message.pk}/readers/").status_code == 403


class TestGroups:
    def test_a_group_that_shows_readers(
        self, alice: User, bob: User, carol: User, group: Conversation, web: Any, api: Any, say: Any
    ) -> None:
        message = say(alice, group, "Who comes?")
        services.mark_read(reader=bob, conversation=group, seq=message.seq)
        door, page = f"/api/v1/messages/{message.pk}/readers/", f"/chats/{group.pk}/messages/{message.pk}/readers/"
        assert api(alice).get(door).json()["code"] == "readers_hidden"
        assert web(alice).get(page).status_code == 403
        show_readers(group)
        assert [one["handle"] for one in api(carol).get(door).json()] == ["bob"]
        assert "/people/bob/" in web(alice).get(page).content.decode()
        assert "/people/carol/" not in web(alice).get(page).content.decode()

    def test_strangers_and_those_who_came_later_find_nothing(
        self, alice: User, bob: User, charlie: User, dora: User, group: Conversation, api: Any, say: Any
    ) -> None:
        from tests import make

        show_readers(group)
        message = say(alice, group)
        make.friends(alice, dora)
        services.add_members(actor=alice, conversation=group, members=[dora])
        for stranger in (charlie, dora):
            assert api(stranger).get(f"/api/v1/messages/{message.pk}/readers/").status_code == 404


@pytest.mark.django_db(transaction=True)
class TestLive:
    @pytest.mark.covers("A7", "J10")
    def test_reading_is_told_to_the_other_only_where_both_wish(
        self, device: Devices, alice: User, bob: User, direct: Conversation, say: Any
    ) -> None:
        writer = device(alice)
        first = say(alice, direct).seq
        services.mark_read(reader=bob, conversation=direct, seq=first)
        receipts(alice, bob)
        second = say(alice, direct).seq
        services.mark_read(reader=bob, conversation=direct, seq=second)
        services.mark_read(reader=bob, conversation=direct, seq=first)
        told = {"type": "read", "conversation": str(direct.pk), "seq": second, "from": "bob"}
        assert writer.until("read") == told
        writer.texts()
        assert [frame for frame in writer.received if frame["type"] == "read"] == [told]

    @pytest.mark.covers("A7")
    def test_in_groups_it_is_told_by_their_rule_to_members_alone(
        self, device: Devices, alice: User, bob: User, carol: User, charlie: User, group: Conversation, say: Any
    ) -> None:
        inside, outside = [device(alice), device(carol)], device(charlie)
        own = device(bob)
        services.mark_read(reader=bob, conversation=group, seq=say(alice, group).seq)
        show_readers(group)
        seq = say(alice, group).seq
        services.mark_read(reader=bob, conversation=group, seq=seq)
        for one in inside:
            assert one.until("read", **{"from": "bob"})["seq"] == seq
            one.texts()
            assert sum(frame["type"] == "read" for frame in one.received) == 1
        outside.texts()
        own.texts()
        assert not any(frame["type"] == "read" for frame in outside.received)
        assert not any("from" in frame for frame in own.received if frame["type"] == "read")

    @pytest.mark.covers("A7")
    def test_presence_is_answered_to_friends_where_both_wish(
        self, device: Devices, alice: User, bob: User, charlie: User, direct: Conversation, group: Conversation
    ) -> None:
        accounts.change_privacy(person=alice, presence="friends")
        watcher, watched = device(bob), device(alice)
        assert ask(watcher, direct)["online"] is None, "Bob hides himself"
        accounts.change_privacy(person=bob, presence="friends")
        watcher = device(bob)
        seen = ask(watcher, direct)
        assert (seen["online"], seen["text"]) == (True, "Online")
        assert ask(watcher, group)["online"] is None
        assert watched.received == [watched.hello], "who is looked at is not told"
        stranger = device(charlie)
        stranger.send({"type": "presence", "conversation": str(direct.pk)})
        assert stranger.until("error")["code"] == "not_found"

    @pytest.mark.covers("A7", "F7")
    def test_who_is_blocked_sees_nobody(self, device: Devices, alice: User, bob: User, direct: Conversation) -> None:
        for person in (alice, bob):
            accounts.change_privacy(person=person, presence="friends")
        watcher, _watched = device(bob), device(alice)
        assert ask(watcher, direct)["online"] is True
        accounts.block_person(blocker=alice, blocked=bob)
        answer = ask(watcher, direct)
        assert (answer["online"], answer["last_seen_at"], answer["text"]) == (None, None, "")


def ask(device: Device, conversation: Conversation) -> dict[str, Any]:
    device.send({"type": "presence", "conversation": str(conversation.pk)})
    return device.until("presence", conversation=str(conversation.pk))
