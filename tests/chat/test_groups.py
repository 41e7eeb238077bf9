"""Groups: who may come, who may go, and what each may see and do."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from accounts import services as accounts
from accounts.models import User
from chat import services
from chat.models import Conversation, Member, Message
from chat.services.conversations import EmptyGroup, NotAGroup, NotAllowedInGroup, NotAMember, NotFriends
from chat.services.members import OwnerNeeded
from chat.services.seating import GroupFull
from tests import make
from tests.conftest import Api


def state_of(conversation: Conversation) -> tuple[Any, ...]:
    conversation.refresh_from_db()
    rows = conversation.members.order_by("pk").values_list("user__handle", "role", "left_at", "changed_seq")
    return conversation.head, conversation.member_epoch, list(rows), conversation.messages.count()


def in_it(conversation: Conversation) -> set[str]:
    return set(conversation.members.active().values_list("user__handle", flat=True))


def test_only_friends_come_along_when_a_group_is_made(alice: User, bob: User, charlie: User) -> None:
    before = Conversation.objects.count()
    for members, refusal in [([charlie], NotFriends), ([bob, charlie], NotFriends), ([alice], EmptyGroup)]:
        with pytest.raises(refusal):
            services.create_group(owner=alice, members=members)
    assert Conversation.objects.count() == before
    assert services.create_group(owner=alice, members=[bob]).member_count == 2


def test_a_group_is_made_and_named_over_rest(alice: User, bob: User, carol: User) -> None:
    answer = Api(alice).post("/api/v1/conversations/", {"kind": "group", "members": ["bob", "carol"]})
    assert answer.status_code == 201
    made = answer.json()
    assert (made["name"], made["title"], made["role"], made["member_count"]) == ("Bob, Carol", "", "owner", 3)
    url = f"/api/v1/conversations/{made['id']}/"
    assert Api(bob).patch(url, {"title": "Mine"}).json()["code"] == "not_allowed"
    assert Api(alice).patch(url, {"title": "Hiking", "announcement": "Saturday"}).json()["name"] == "Hiking"
    assert Api(bob).get(url).json()["announcement"] == "Saturday"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"kind": "group"},
        {"kind": "group", "members": []},
        {"kind": "group", "members": "bob"},
        {"kind": "group", "members": [1]},
        {"kind": "group", "members": ["nobody-here"]},
        {"kind": "group", "members": ["charlie"]},
        {"kind": "group", "members": ["bob"], "title": "x" * 61},
        {"kind": "direct"},
        {"kind": "direct", "with": None},
        {"kind": "public"},
        {"kind": ["group"]},
    ],
)
def test_what_cannot_be_opened_is_refused(body: dict[str, Any], alice: User, bob: User, charlie: User) -> None:
    before = Conversation.objects.count()
    assert 400 <= Api(alice).post("/api/v1/conversations/", body).status_code < 500
    assert Conversation.objects.count() == before


def test_a_direct_conversation_is_made_once(alice: User, bob: User, direct: Conversation) -> None:
    answers = [
        Api(alice).post("/api/v1/conversations/", {"kind": "direct", "with": "bob"}),
        Api(bob).post("/api/v1/conversations/", {"kind": "direct", "with": "alice"}),
    ]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert {answer.json()["id"] for answer in answers} == {str(direct.pk)}
    assert answers[0].json()["person"]["handle"] == "bob"


def test_a_direct_conversation_stays_open_to_former_friends(alice: User, bob: User, direct: Conversation) -> None:
    accounts.remove_friend(owner=alice, friend=bob)
    assert services.open_direct(person=alice, other=bob) == direct


def test_nobody_joins_or_leaves_a_direct_conversation(
    alice: User, bob: User, carol: User, direct: Conversation
) -> None:
    before = state_of(direct)
    for act in [
        lambda: services.add_members(actor=alice, conversation=direct, members=[carol]),
        lambda: services.leave_group(person=alice, conversation=direct),
        lambda: services.remove_member(actor=alice, conversation=direct, member=direct.member(bob)),
        lambda: services.change_group(actor=alice, conversation=direct, title="Us"),
    ]:
        with pytest.raises(NotAGroup):
            act()
    assert state_of(direct) == before


def test_any_member_brings_friends_of_his_own(alice: User, bob: User, charlie: User, group: Conversation) -> None:
    url, before = f"/api/v1/conversations/{group.pk}/members/", state_of(group)
    answer = Api(bob).post(url, {"members": ["charlie"]})
    assert (answer.status_code, answer.json()["code"]) == (403, "not_friends")
    assert state_of(group) == before
    make.friends(bob, charlie)
    assert Api(bob).post(url, {"members": ["charlie"]}).status_code == 201
    assert in_it(group) == {"alice", "bob", "carol", "charlie"}
    assert Message.objects.filter(conversation=group).latest("seq").payload["event"] == "member_joined"
    again = state_of(group)
    assert Api(bob).post(url, {"members": ["charlie"]}).json() == []
    assert state_of(group) == again


@pytest.mark.covers("A8")
def test_who_joins_sees_what_is_said_from_then_on(
    alice: User, bob: User, dora: User, group: Conversation, say: Any
) -> None:
    early = say(bob, group, "Before")
    make.friends(alice, dora)
    services.add_members(actor=alice, conversation=group, members=[dora])
    say(bob, group, "After", reply_to=early)
    body = Api(dora).get(f"/api/v1/conversations/{group.pk}/messages/").json()["results"]
    assert [message["text"] for message in body] == ["After", "Alice added Dora."]
    assert (body[0]["reply_to"]["id"], body[0]["reply_to"]["text"]) == (str(early.pk), None)
    assert Api(alice).get(f"/api/v1/conversations/{group.pk}/messages/").json()["results"][0]["reply_to"]["text"]
    synced = Api(dora).get(f"/api/v1/conversations/{group.pk}/sync/").json()
    assert [message["text"] for message in synced["messages"]] == ["Alice added Dora.", "After"]
    assert {member["person"]["handle"] for member in synced["members"]} == {"alice", "bob", "carol", "dora"}


def test_who_left_sees_nothing_and_who_comes_back_nothing_of_the_time_between(
    alice: User, bob: User, group: Conversation, say: Any
) -> None:
    say(bob, group, "First stay")
    services.leave_group(person=bob, conversation=group)
    assert Api(bob).get(f"/api/v1/conversations/{group.pk}/messages/").status_code == 404
    assert not group.is_visible_to(bob)
    say(alice, group, "Meanwhile")
    services.add_members(actor=alice, conversation=group, members=[bob])
    texts = [m["text"] for m in Api(bob).get(f"/api/v1/conversations/{group.pk}/messages/").json()["results"]]
    assert texts == ["Alice added Bob."]


def test_the_owner_hands_over_when_leaving(alice: User, bob: User, carol: User, group: Conversation) -> None:
    services.change_role(actor=alice, conversation=group, member=group.member(carol), role="admin")
    services.leave_group(person=alice, conversation=group)
    assert dict(group.members.active().values_list("user__handle", "role")) == {"bob": "member", "carol": "owner"}
    services.leave_group(person=carol, conversation=group)
    assert group.member(bob).is_owner
    services.leave_group(person=bob, conversation=group)
    group.refresh_from_db()
    assert (group.member_count, in_it(group)) == (0, set())


def test_roles_and_what_they_allow(alice: User, bob: User, carol: User, dora: User, group: Conversation) -> None:
    make.friends(alice, dora)
    services.add_members(actor=alice, conversation=group, members=[dora])

    def remove(actor: User, who: User) -> None:
        services.remove_member(actor=actor, conversation=group, member=group.member(who))

    def make_role(actor: User, who: User, role: str) -> None:
        services.change_role(actor=actor, conversation=group, member=group.member(who), role=role)

    before = state_of(group)
    for act, refusal in [
        (lambda: remove(bob, carol), NotAllowedInGroup),
        (lambda: remove(bob, alice), NotAllowedInGroup),
        (lambda: make_role(bob, bob, "admin"), NotAllowedInGroup),
        (lambda: make_role(alice, alice, "member"), OwnerNeeded),
        (lambda: services.change_group(actor=bob, conversation=group, title="Mine"), NotAllowedInGroup),
    ]:
        with pytest.raises(refusal):
            act()
    assert state_of(group) == before
    make_role(alice, bob, "admin")
    make_role(alice, carol, "admin")
    with pytest.raises(NotAllowedInGroup):
        remove(bob, carol)
    remove(bob, dora)
    assert in_it(group) == {"alice", "bob", "carol"}
    make_role(alice, bob, "owner")
    assert dict(group.members.active().values_list("user__handle", "role")) == {
        "alice": "admin",
        "bob": "owner",
        "carol": "admin",
    }


def test_members_are_changed_over_rest(alice: User, bob: User, carol: User, group: Conversation) -> None:
    url = f"/api/v1/conversations/{group.pk}/members/"
    listed = Api(bob).get(url).json()["results"]
    assert [member["person"]["handle"] for member in listed] == ["alice", "bob", "carol"]
    assert Api(alice).patch(f"{url}bob/", {"role": "admin"}).json()["role"] == "admin"
    assert Api(alice).patch(f"{url}bob/", {"role": "king"}).status_code == 400
    assert Api(alice).patch(f"{url}nobody/", {"role": "admin"}).status_code == 404
    assert Api(bob).delete(f"{url}carol/").status_code == 204
    assert Api(bob).delete(f"{url}carol/").status_code == 404
    assert Api(bob).delete(f"{url}alice/").json()["code"] == "not_allowed"
    assert Api(bob).delete(f"{url}bob/").status_code == 204
    assert Api(bob).get(url).status_code == 404
    assert in_it(group) == {"alice"}


def test_a_full_group_takes_nobody(alice: User, bob: User, carol: User, settings: Any) -> None:
    settings.GROUP_MEMBERS_MAX = 2
    with pytest.raises(GroupFull):
        services.create_group(owner=alice, members=[bob, carol])
    small = services.create_group(owner=alice, members=[bob])
    before = state_of(small)
    with pytest.raises(GroupFull):
        services.add_members(actor=alice, conversation=small, members=[carol])
    assert state_of(small) == before


def test_a_former_member_can_do_nothing_even_with_rows_held_from_before(
    alice: User, bob: User, carol: User, group: Conversation
) -> None:
    held, member = Conversation.objects.get(pk=group.pk), group.member(bob)
    services.remove_member(actor=alice, conversation=group, member=member)
    before = state_of(group)
    for act in [
        lambda: services.send_message(sender=bob, conversation=held, client_id=uuid4(), text="Still here"),
        lambda: services.add_members(actor=bob, conversation=held, members=[alice]),
        lambda: services.change_group(actor=bob, conversation=held, title="x"),
        lambda: services.leave_group(person=bob, conversation=held),
        lambda: services.change_own_membership(member=member, nickname="Ghost"),
        lambda: services.remove_member(actor=alice, conversation=held, member=member),
        lambda: services.send_red_envelope(sender=bob, conversation=held, kind="normal", amount=100, shares=1, key="k"),
    ]:
        with pytest.raises(NotAMember):
            act()
    assert state_of(group) == before


def test_own_settings_are_one_s_own(alice: User, bob: User, group: Conversation) -> None:
    url, head = f"/api/v1/conversations/{group.pk}/", group.head
    changed = Api(alice).patch(url, {"muted": True, "pinned": True}).json()
    assert (changed["muted"], changed["pinned"], changed["head"]) == (True, True, head)
    seen = Api(bob).get(url).json()
    assert (seen["muted"], seen["pinned"]) == (False, False)
    assert Api(alice).get("/api/v1/conversations/?pinned=true").json()["results"][0]["id"] == str(group.pk)
    assert Api(alice).patch(url, {"nickname": "Al"}).json()["nickname"] == "Al"
    members = Api(bob).get(f"{url}members/").json()["results"]
    assert {member["nickname"] for member in members} == {"Al", ""}
    for wrong in [{"muted": "maybe"}, {"nickname": "x" * 51}, {"title": 5.5, "muted": []}]:
        assert Api(alice).patch(url, wrong).status_code == 400


def test_a_change_of_title_that_is_refused_changes_no_own_setting(bob: User, group: Conversation) -> None:
    answer = Api(bob).patch(f"/api/v1/conversations/{group.pk}/", {"title": "Mine", "muted": True})
    assert answer.json()["code"] == "not_allowed"
    assert not Member.objects.get(conversation=group, user=bob).muted


def test_the_list_shows_the_latest_first_in_few_queries(
    alice: User, bob: User, carol: User, group: Conversation, say: Any, django_assert_max_num_queries: Any
) -> None:
    direct = Conversation.objects.direct_between(alice, carol).get()
    accounts.change_friend(owner=alice, friend=carol, remark="Sister")
    say(carol, direct, "Hi")
    with django_assert_max_num_queries(6):
        listed = Api(alice).get("/api/v1/conversations/").json()["results"]
    assert [one["name"] for one in listed] == ["Sister", "Hiking", "Bob"]
    assert listed[0]["last_message"]["text"] == "Hi"
    assert [one["unread"] for one in listed] == [1, 0, 0]


def test_the_badge_counts_what_is_not_muted(alice: User, bob: User, group: Conversation, say: Any) -> None:
    from notifications.services import badges

    say(bob, group)
    say(bob, group)
    say(alice, group)
    assert badges(alice)["chats"] == 2
    services.change_own_membership(member=group.member(alice), muted=True)
    assert badges(alice)["chats"] == 0


def test_a_card_leads_to_a_path_of_this_site_alone(alice: User, bob: User, direct: Conversation) -> None:
    from chat.services.cards import BadCard

    card = {"kind": "moment", "title": "First snow", "text": "", "image": "", "url": "/moments/7/"}
    message = services.send_card(sender=alice, conversation=direct, card=card)
    shown = Api(bob).get(f"/api/v1/conversations/{direct.pk}/messages/").json()["results"][0]
    assert (shown["kind"], shown["text"], shown["card"]) == ("card", "First snow", card)
    for url in ["", "https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"]:
        with pytest.raises(BadCard):
            services.send_card(sender=alice, conversation=direct, card={**card, "url": url})
    assert Message.objects.latest("pk") == message
