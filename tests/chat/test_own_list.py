"""A person's own list: what is pinned, muted, folded, hidden, marked as unread. Nobody else is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from chat import services
from chat.models import Conversation, Member
from chat.notices import count_unread
from chat.services.own import MutedInThePast
from tests import make
from tests.live_server import Device

HTMX = {"HX-Request": "true"}
LIST = "/chats/"


def place(person: User, conversation: Conversation) -> Member:
    found = conversation.member(person)
    assert found is not None
    return found


def listed(browser: Any, only: str = "") -> str:
    html: str = browser.get(LIST, {"only": only}, headers=HTMX).content.decode()
    return html


def row_of(html: str, conversation: Conversation) -> str:
    start = html.index(f'id="chat-{conversation.pk}"')
    return html[start : html.index("</a>", start)]


class TestHiding:
    def test_a_hidden_chat_comes_back_when_something_is_said(
        self, alice: User, bob: User, direct: Conversation, web: Any, api: Any, say: Any
    ) -> None:
        say(bob, direct, "Before")
        web(alice).post(f"/chats/{direct.pk}/own/", {"act": "hide"})
        assert f'id="chat-{direct.pk}"' not in listed(web(alice))
        assert api(alice).get("/api/v1/conversations/?hidden=true").json()["results"][0]["hidden"] is True
        assert f'id="chat-{direct.pk}"' in listed(web(bob)), "it is hers alone"
        assert "Before" in web(alice).get(f"/chats/{direct.pk}/").content.decode(), "the history stays"
        Member.objects.filter(user=alice).update(hidden_at=timezone.now() - timedelta(seconds=5))
        say(bob, direct, "After")
        assert "After" in listed(web(alice))

    def test_what_is_hidden_is_not_counted_on_the_tab(
        self, alice: User, bob: User, direct: Conversation, say: Any
    ) -> None:
        say(bob, direct)
        assert count_unread(alice) == 1
        services.change_own_place(member=place(alice, direct), hidden=True)
        assert count_unread(alice) == 0


class TestFolding:
    def test_folded_chats_stand_behind_one_row(
        self, alice: User, bob: User, direct: Conversation, group: Conversation, web: Any, api: Any, say: Any
    ) -> None:
        say(bob, group, "Up the hill")
        web(alice).post(f"/chats/{group.pk}/own/", {"act": "fold"})
        html = listed(web(alice))
        assert f'id="chat-{group.pk}"' not in html
        assert "Folded chats" in html
        assert "Hiking" in html
        assert f'id="chat-{group.pk}"' in listed(web(alice), "folded")
        assert f'id="chat-{direct.pk}"' not in listed(web(alice), "folded")
        folded = api(alice).get("/api/v1/conversations/?folded=true").json()["results"]
        assert [one["id"] for one in folded] == [str(group.pk)]
        assert count_unread(alice) == 0, "a dot, not a number"

    def test_a_chat_stands_in_one_place(self, alice: User, group: Conversation) -> None:
        member = services.change_own_place(member=place(alice, group), pinned=True, hidden=True)
        member = services.change_own_place(member=member, folded=True)
        assert (member.pinned, member.folded, member.hidden_at) == (False, True, None)
        member = services.change_own_place(member=member, pinned=True)
        assert (member.pinned, member.folded) == (True, False)


class TestMuting:
    def test_for_a_time(self, alice: User, bob: User, group: Conversation, web: Any, api: Any, say: Any) -> None:
        web(alice).post(f"/chats/{group.pk}/own/", {"act": "mute-1h"})
        say(bob, group)
        shown = api(alice).get(f"/api/v1/conversations/{group.pk}/").json()
        assert shown["muted"] is True
        assert shown["muted_until"]
        assert count_unread(alice) == 0
        Member.objects.filter(user=alice).update(muted_until=timezone.now() - timedelta(seconds=1))
        shown = api(alice).get(f"/api/v1/conversations/{group.pk}/").json()
        assert (shown["muted"], shown["muted_until"]) == (False, None)
        assert count_unread(alice) == 1
        assert not place(alice, group).is_muted

    def test_until_the_morning_is_a_morning_where_one_lives(self, alice: User, group: Conversation, web: Any) -> None:
        User.objects.filter(pk=alice.pk).update(timezone="Asia/Tokyo")
        web(alice).post(f"/chats/{group.pk}/own/", {"act": "mute-morning"})
        until = place(alice, group).muted_until
        assert until is not None
        assert until.hour == 23, "eight in Tokyo"
        assert timedelta(0) < until - timezone.now() <= timedelta(days=1)

    def test_saving_other_settings_leaves_the_time_alone(self, alice: User, group: Conversation, web: Any) -> None:
        web(alice).post(f"/chats/{group.pk}/own/", {"act": "mute-8h"})
        until = place(alice, group).muted_until
        web(alice).post(f"/chats/{group.pk}/info/settings/", {"muted": "on", "nickname": "Al"})
        assert place(alice, group).muted_until == until

    def test_a_time_that_is_over_is_refused(self, alice: User, group: Conversation, api: Any) -> None:
        past = timezone.now() - timedelta(hours=1)
        with pytest.raises(MutedInThePast):
            services.change_own_place(member=place(alice, group), muted_until=past)
        answer = api(alice).patch(
            f"/api/v1/conversations/{group.pk}/", {"pinned": True, "muted_until": past.isoformat()}, format="json"
        )
        assert (answer.status_code, answer.json()["code"]) == (400, "in_the_past")
        assert not place(alice, group).pinned, "all of it, or nothing"


class TestMarkingUnread:
    def test_it_is_marked_until_it_is_opened(
        self, alice: User, bob: User, direct: Conversation, web: Any, say: Any
    ) -> None:
        seq = say(bob, direct).seq
        services.mark_read(reader=alice, conversation=direct, seq=seq)
        web(alice).post(f"/chats/{direct.pk}/own/", {"act": "unread"})
        assert "data-unread-count" in row_of(listed(web(alice)), direct)
        assert count_unread(alice) == 1
        services.mark_read(reader=alice, conversation=direct, seq=seq)
        assert "data-unread-count" not in row_of(listed(web(alice)), direct)
        assert place(alice, direct).read_seq == seq, "the mark did not go back"

    def test_read_from_the_menu(self, alice: User, bob: User, direct: Conversation, web: Any, say: Any) -> None:
        say(bob, direct)
        web(alice).post(f"/chats/{direct.pk}/own/", {"act": "read"})
        assert count_unread(alice) == 0


class TestParts:
    def test_show_what_they_say(
        self, alice: User, bob: User, direct: Conversation, group: Conversation, web: Any, say: Any
    ) -> None:
        say(bob, direct)
        browser = web(alice)

        def shown(only: str) -> set[int]:
            html = listed(browser, only)
            return {one.pk for one in (direct, group) if f'id="chat-{one.pk}"' in html}

        assert shown("") == {direct.pk, group.pk}
        assert shown("unread") == {direct.pk}
        assert shown("groups") == {group.pk}
        assert shown("friends") == {direct.pk}
        assert shown("nonsense") == {direct.pk, group.pk}

    def test_a_chat_is_found_by_its_name_and_by_what_one_calls_the_friend(
        self, alice: User, bob: User, direct: Conversation, group: Conversation, web: Any
    ) -> None:
        from accounts import services as people

        people.change_friend(owner=alice, friend=bob, remark="Uncle Robert")

        def found(words: str) -> set[int]:
            html = web(alice).get(LIST, {"named": words}, headers=HTMX).content.decode()
            return {one.pk for one in (direct, group) if f'id="chat-{one.pk}"' in html}

        assert found("hik") == {group.pk}
        assert found("robert") == {direct.pk}
        assert found("bo") == {direct.pk}
        assert found("nobody") == set()

    def test_costs_no_more_queries_with_more_of_everything(
        self, alice: User, bob: User, direct: Conversation, web: Any, django_assert_max_num_queries: Any
    ) -> None:
        for number in range(6):
            group = make.group(alice, bob, title=f"Group {number}")
            make.message(bob, group)
            services.change_own_place(member=place(alice, group), folded=number % 2 == 0, marked_unread=True)
            services.keep_draft(writer=alice, conversation=group, text="Begun")
        browser = web(alice)
        browser.get(LIST, headers=HTMX)
        with django_assert_max_num_queries(8):  # session and person, and six for the list
            browser.get(LIST, headers=HTMX)


@pytest.mark.django_db(transaction=True)
@pytest.mark.covers("A7")
def test_own_changes_reach_one_s_own_devices_alone(
    device: Callable[..., Device], alice: User, bob: User, group: Conversation
) -> None:
    phone, laptop, other = device(alice), device(alice), device(bob)
    services.change_own_place(member=place(alice, group), folded=True, muted=True)
    services.keep_draft(writer=alice, conversation=group, text="Between me and me")
    for one in (phone, laptop):
        told = one.until("own.changed", conversation=str(group.pk))
        assert (told["folded"], told["muted"], told["pinned"], told["hidden"]) == (True, True, False, False)
        assert one.until("draft.changed")["draft"]["text"] == "Between me and me"
    other.texts()
    assert [frame["type"] for frame in other.received] == ["hello"]


def test_former_members_change_nothing(alice: User, bob: User, group: Conversation, web: Any, api: Any) -> None:
    services.leave_group(person=bob, conversation=group)
    assert web(bob).post(f"/chats/{group.pk}/own/", {"act": "pin"}).status_code == 404
    assert api(bob).patch(f"/api/v1/conversations/{group.pk}/", {"folded": True}, format="json").status_code == 404


def test_a_page_around_an_old_message_grows_towards_the_present(
    alice: User, bob: User, direct: Conversation, web: Any, say: Any
) -> None:
    said = [say(bob, direct, f"line {number}") for number in range(90)]
    browser = web(alice)
    page = browser.get(f"/chats/{direct.pk}/?around={said[10].seq}").content.decode()
    assert f'id="message-{said[10].seq}"' in page
    newest = max(one.seq for one in said if f'id="message-{one.seq}"' in page)
    assert f"/chats/{direct.pk}/newer/?after={newest}" in page
    shown: list[int] = []
    for _ in range(5):
        answer = browser.get(f"/chats/{direct.pk}/newer/", {"after": newest})
        html = answer.content.decode()
        shown += [one.seq for one in said if f'id="message-{one.seq}"' in html]
        newest = shown[-1]
        if "data-newer" not in html:
            break
    direct.refresh_from_db()
    assert answer["X-Seq"] == str(direct.head)
    assert shown == [one.seq for one in said if one.seq >= shown[0]]
    assert shown[-1] == said[-1].seq
    assert "message-day" not in html, "the same day goes on"
    assert browser.get(f"/chats/{direct.pk}/newer/").status_code == 400


def test_what_is_unread_above_the_page_is_one_step_away(
    alice: User, bob: User, direct: Conversation, web: Any, say: Any
) -> None:
    first = say(bob, direct, "The first")
    for number in range(150):
        say(bob, direct, f"line {number}")
    browser = web(alice)
    page = browser.get(f"/chats/{direct.pk}/").content.decode()
    assert 'id="unread"' not in page, "it does not stand where it does not belong"
    read = direct.member(alice)
    assert read is not None
    assert f'href="?around={read.read_seq + 1}#unread"' in page
    there = browser.get(f"/chats/{direct.pk}/", {"around": read.read_seq + 1}).content.decode()
    assert there.index('id="unread"') < there.index(f'id="message-{first.seq}"')
