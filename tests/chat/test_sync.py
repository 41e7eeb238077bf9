"""Sync is the truth: whatever was missed, asking for it gives the state that everybody else has."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from chat import services
from chat.models import Conversation, Message
from chat.sync import changes_since
from superapp.kernel.errors import Refused
from tests.conftest import Api

State = dict[str, Any]


def sync(user: User, conversation: Conversation, since: int = 0) -> Any:
    return Api(user).get(f"/api/v1/conversations/{conversation.pk}/sync/?since={since}").json()


def apply(state: State, changes: Any) -> None:
    """What a client does with an answer of sync."""
    for message in changes["messages"]:
        state["messages"][message["id"]] = message["text"], message["changed_seq"]
    for member in changes["members"]:
        if member["left"]:
            state["members"].pop(member["person"]["handle"], None)
        else:
            state["members"][member["person"]["handle"]] = member["role"], member["nickname"]
    if changes["conversation"]:
        state["title"] = changes["conversation"]["title"]
    state["seq"] = changes["until"]


def fresh() -> State:
    return {"messages": {}, "members": {}, "title": None, "seq": 0}


def caught_up(user: User, conversation: Conversation, state: State) -> State:
    while True:
        changes = sync(user, conversation, state["seq"])
        apply(state, changes)
        if not changes["has_more"]:
            return state


def test_sync_gives_what_is_new_and_nothing_when_nothing_is(alice: User, direct: Conversation, say: Any) -> None:
    message = say(alice, direct, "One")
    since = message.seq - 1
    changes = sync(alice, direct, since)
    assert [one["text"] for one in changes["messages"]] == ["One"]
    assert (changes["head"], changes["until"], changes["has_more"]) == (message.seq, message.seq, False)
    assert (changes["members"], changes["conversation"]) == ([], None)
    nothing = sync(alice, direct, message.seq)
    assert (nothing["messages"], nothing["members"], nothing["conversation"]) == ([], [], None)
    beyond = sync(alice, direct, message.seq + 1000)
    assert (beyond["messages"], beyond["head"], beyond["has_more"]) == ([], message.seq, False)


def test_the_title_comes_when_it_has_changed(alice: User, bob: User, group: Conversation) -> None:
    head = group.head
    services.change_group(actor=alice, conversation=group, title="Climbing")
    changes = sync(bob, group, head)
    assert changes["conversation"]["title"] == "Climbing"
    assert [message["event"]["event"] for message in changes["messages"]] == ["title_changed"]


def test_who_left_is_told_as_left(alice: User, bob: User, group: Conversation) -> None:
    head = group.head
    services.leave_group(person=bob, conversation=group)
    [member] = sync(alice, group, head)["members"]
    assert (member["person"]["handle"], member["left"]) == ("bob", True)


@pytest.mark.parametrize("limit", [1, 2, 3, 5, 500])
def test_pages_miss_nothing_and_repeat_nothing(
    limit: int, alice: User, bob: User, group: Conversation, say: Any
) -> None:
    for number in range(6):
        say(bob, group, f"m{number}")
    services.change_group(actor=alice, conversation=group, title="Climbing")
    member = group.member(alice)
    seen: list[int] = []
    since = 0
    while True:
        page = changes_since(member, since, limit)
        numbers = [row.changed_seq for row in (*page.messages, *page.members)]
        numbers += [page.conversation.changed_seq] if page.conversation else []
        assert len(numbers) <= limit
        assert all(since < number <= page.until for number in numbers)
        seen += numbers
        since = page.until
        if not page.has_more:
            break
    whole = changes_since(member, 0)
    assert sorted(seen) == sorted(
        [row.changed_seq for row in (*whole.messages, *whole.members)] + [whole.conversation.changed_seq]
    )
    assert since == whole.head


ACTS = st.lists(
    st.tuples(st.sampled_from(["say", "title", "leave", "add", "role", "nickname", "sync"]), st.integers(0, 2)),
    max_size=25,
)


@pytest.mark.covers("J5", "J8")
@pytest.mark.django_db
def test_what_was_collected_on_the_way_equals_what_is_fetched_afresh(
    alice: User, bob: User, carol: User, group: Conversation
) -> None:
    people = [alice, bob, carol]

    def act(kind: str, who: User, on: User) -> None:
        if kind == "say":
            services.send_message(sender=who, conversation=group, client_id=uuid4(), text="Hello")
        elif kind == "title":
            services.change_group(actor=alice, conversation=group, title=f"Title {Message.objects.count()}")
        elif kind == "leave":
            services.remove_member(actor=alice, conversation=group, member=group.members.get(user=on))
        elif kind == "add":
            services.add_members(actor=alice, conversation=group, members=[on])
        elif kind == "role":
            member = group.members.get(user=on)
            role = "member" if member.role == "admin" else "admin"
            services.change_role(actor=alice, conversation=group, member=member, role=role)
        elif kind == "nickname":
            member = group.members.get(user=who)
            services.change_own_membership(member=member, nickname=f"n{Message.objects.count()}")

    @settings(max_examples=25, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(ACTS)
    def property(acts: list[tuple[str, int]]) -> None:
        state = caught_up(alice, group, fresh())
        for kind, index in acts:
            if kind == "sync":
                caught_up(alice, group, state)
                continue
            try:
                act(kind, people[index], people[1 + index % 2])
            except Refused:
                continue
        caught_up(alice, group, state)
        whole = caught_up(alice, group, fresh())
        # An earlier run of this property has left members in any state; both sides start from the same.
        assert state == whole
        apply(state, sync(alice, group, 0))
        assert state == whole  # twice changes nothing
        group.refresh_from_db()
        assert state["seq"] == group.head

    property()


def test_five_hundred_at_most(alice: User, direct: Conversation, say: Any) -> None:
    from chat.sync import PAGE_MAX

    message = say(alice, direct)
    rows = [
        Message(
            conversation=direct,
            seq=seq,
            changed_seq=seq,
            sender=alice,
            client_id=uuid4(),
            text="x",
            created_at=message.created_at,
        )
        for seq in range(message.seq + 1, message.seq + PAGE_MAX + 11)
    ]
    Message.objects.bulk_create(rows)
    Conversation.objects.filter(pk=direct.pk).update(head=rows[-1].seq)
    page = sync(alice, direct, 0)
    rows_given = len(page["messages"]) + len(page["members"]) + bool(page["conversation"])
    assert (rows_given, page["has_more"]) == (PAGE_MAX, True)
    rest = sync(alice, direct, page["until"])
    assert rest["has_more"] is False
    assert rest["messages"][-1]["seq"] == rows[-1].seq
