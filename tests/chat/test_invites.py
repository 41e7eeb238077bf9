"""Ways into a group: by a link, by a friend who asks first, by the word of an admin."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from django.urls import reverse
from django.utils.timezone import now

from accounts.models import User
from accounts.services import block_person
from chat import services
from chat.models import Admission, Conversation, Invite
from chat.services.invites import BadSpan, BadUses, InviteNotFound, TooManyInvites
from notifications.models import Notification
from superapp.kernel.errors import NotFound, RateLimited
from tests import make
from tests.chat.test_group_rules import lines_of, rule, texts_seen_by
from tests.chat.test_groups import in_it, state_of
from tests.chat.test_numbering import at_once
from tests.conftest import Api, Web


def invite(actor: User, group: Conversation, **options: Any) -> Invite:
    return services.create_invite(actor=actor, conversation=group, **options)


def join(person: User, token: str) -> int:
    return Api(person).post(f"/api/v1/invites/{token}/join/").status_code


# --- links ---


def test_a_link_brings_strangers_in(alice: User, bob: User, charlie: User, group: Conversation, say: Any) -> None:
    say(bob, group, "Before")
    made = Api(bob).post(f"/api/v1/conversations/{group.pk}/invites/", {"hours": 24, "max_uses": 5})
    assert made.status_code == 201
    link = made.json()
    assert len(link["token"]) * 6 >= 128
    assert link["url"].endswith(f"/join/{link['token']}/")
    seen = Api(charlie).get(f"/api/v1/invites/{link['token']}/").json()
    assert (seen["title"], seen["member_count"], seen["invited_by"]["handle"]) == ("Hiking", 3, "bob")
    page = Web(charlie).get(f"/join/{link['token']}/").content.decode()
    assert "Hiking" in page
    assert "Before" not in page
    assert "@carol" not in page
    assert "charlie" not in in_it(group)
    answer = Web(charlie).post(f"/join/{link['token']}/")
    assert (answer.status_code, answer["Location"]) == (302, f"/chats/{group.pk}/")
    assert "charlie" in in_it(group)
    assert lines_of(group)[-1] == "joined_by_invite"
    assert group.member(charlie).invited_by == bob
    say(bob, group, "After")
    assert texts_seen_by(charlie, group) == ["After"]
    assert Web(charlie).get(f"/join/{link['token']}/")["Location"] == f"/chats/{group.pk}/"
    assert Api(charlie).post(f"/api/v1/invites/{link['token']}/join/").json()["conversation"] == str(group.pk)
    assert Invite.objects.get().uses == 1


def test_who_is_signed_out_comes_back_to_the_link(alice: User, group: Conversation) -> None:
    address = reverse("chat:join", args=[invite(alice, group).token])
    guest = Web()
    sent_away = guest.get(address)
    assert sent_away["Location"] == f"/account/login/?next={quote(address)}"
    entrance = guest.get(sent_away["Location"]).content.decode()
    assert f"/account/signup/?next={quote(address, safe='')}" in entrance
    signed_up = guest.post(
        "/account/signup/",
        {
            "username": "newcomer",
            "display_name": "Newcomer",
            "email": "new@example.org",
            "password1": "correct horse battery",
            "next": address,
        },
    )
    assert signed_up["Location"] == address
    assert guest.post(address)["Location"] == f"/chats/{group.pk}/"
    assert "newcomer" in in_it(group)


def test_links_that_are_over_revoked_used_up_or_made_up_look_the_same(
    alice: User, bob: User, carol: User, charlie: User, dora: User, mallory: User, group: Conversation
) -> None:
    over, revoked, used, of_carol, good = (
        invite(who, group, **options)
        for who, options in [(alice, {"hours": 1}), (alice, {}), (alice, {"max_uses": 1}), (carol, {}), (alice, {})]
    )
    Invite.objects.filter(pk=over.pk).update(expires_at=now() - timedelta(minutes=1))
    services.revoke_invite(actor=alice, invite=revoked)
    assert join(dora, used.token) == 200
    services.leave_group(person=carol, conversation=group)
    before = state_of(group)
    dead = [over.token, revoked.token, used.token, of_carol.token, "made-up"]
    answers = [Api(charlie).post(f"/api/v1/invites/{token}/join/") for token in dead]
    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(404, "invite_not_found")}
    assert {Api(charlie).get(f"/api/v1/invites/{token}/").status_code for token in dead} == {404}
    assert {Web(charlie).get(f"/join/{token}/").status_code for token in dead} == {404}
    assert {Web(charlie).post(f"/join/{token}/").status_code for token in dead} == {404}
    assert join(mallory, good.token) == 404  # whom the maker has blocked
    assert state_of(group) == before
    assert join(charlie, good.token) == 200


def test_a_link_of_a_plain_member_ends_with_his_right_to_invite(
    alice: User, bob: User, charlie: User, group: Conversation
) -> None:
    link = invite(bob, group)
    rule(alice, group, only_admins_invite=True)
    assert join(charlie, link.token) == 404
    rule(alice, group, only_admins_invite=False)
    assert join(charlie, link.token) == 200


def test_members_see_their_own_links_and_admins_all(
    alice: User, bob: User, carol: User, charlie: User, group: Conversation
) -> None:
    own, other = invite(bob, group), invite(carol, group)
    url = f"/api/v1/conversations/{group.pk}/invites/"
    assert [one["id"] for one in Api(bob).get(url).json()["results"]] == [str(own.pk)]
    assert len(Api(alice).get(url).json()["results"]) == 2
    assert Api(charlie).get(url).status_code == 404
    assert Api(bob).delete(f"{url}{other.pk}/").status_code == 404
    assert Web(bob).get(reverse("chat:invite", args=[other.pk])).status_code == 404
    assert Web(bob).post(reverse("chat:revoke_invite", args=[other.pk])).status_code == 404
    page = Web(bob).get(reverse("chat:invite", args=[own.pk])).content.decode()
    assert own.token in page
    assert '<svg class="qr"' in page
    assert Api(alice).delete(f"{url}{own.pk}/").status_code == 204
    assert own.token not in Web(bob).get(reverse("chat:invite", args=[own.pk])).content.decode()
    assert Api(alice).get(url).json()["results"][0]["id"] == str(other.pk)


@pytest.mark.covers("A6")
def test_a_link_belongs_to_its_group(alice: User, bob: User, group: Conversation) -> None:
    other = make.group(alice, bob, title="Other")
    link = invite(alice, group)
    assert Api(alice).delete(f"/api/v1/conversations/{other.pk}/invites/{link.pk}/").status_code == 404
    link.refresh_from_db()
    assert link.revoked_at is None


def test_what_no_link_can_be_is_refused(alice: User, group: Conversation, direct: Conversation, settings: Any) -> None:
    for options, refusal in [
        ({"hours": 0}, BadSpan),
        ({"hours": 24 * 30 + 1}, BadSpan),
        ({"max_uses": 0}, BadUses),
        ({"max_uses": 10**9}, BadUses),
    ]:
        with pytest.raises(refusal):
            invite(alice, group, **options)
    assert Api(alice).post(f"/api/v1/conversations/{direct.pk}/invites/").json()["code"] == "not_a_group"
    settings.INVITES_MAX = 1
    invite(alice, group)
    with pytest.raises(TooManyInvites):
        invite(alice, group)
    assert Invite.objects.count() == 1


def test_links_are_made_on_a_page(alice: User, group: Conversation) -> None:
    url = reverse("chat:invites", args=[group.pk])
    answer = Web(alice).post(url, {"hours": "24", "max_uses": "2"})
    made = Invite.objects.get()
    assert answer["Location"] == reverse("chat:invite", args=[made.pk])
    assert made.max_uses == 2
    assert timedelta(hours=23) < made.expires_at - now() < timedelta(hours=25)
    assert Web(alice).post(url, {"hours": "5", "max_uses": ""}).status_code == 422
    Web(alice).post(url, {"hours": "0", "max_uses": ""})
    assert Invite.objects.filter(expires_at=None, max_uses=None).count() == 1


@pytest.mark.covers("F2")
def test_nobody_tries_links_without_end(
    alice: User, charlie: User, group: Conversation, settings: Any, rate_limits: None
) -> None:
    link = invite(alice, group)
    for _ in range(60):
        with pytest.raises(InviteNotFound):
            services.revoke_invite(actor=alice, invite=link)
            services.join_by_invite(person=charlie, invite=link)
    with pytest.raises(RateLimited):
        services.join_by_invite(person=charlie, invite=link)


# --- approval ---


def test_where_approval_is_needed_a_link_only_asks(alice: User, bob: User, charlie: User, group: Conversation) -> None:
    services.change_role(actor=alice, conversation=group, member=group.member(bob), role="admin")
    link = invite(alice, group, max_uses=1)
    rule(alice, group, joining_needs_approval=True)
    before = state_of(group)
    answer = Api(charlie).post(f"/api/v1/invites/{link.token}/join/", {"greeting": "We met on Saturday"})
    assert (answer.status_code, answer.json()) == (202, {"state": "asking", "conversation": None})
    assert state_of(group) == before
    assert not group.is_visible_to(charlie)
    told = Notification.objects.filter(kind="group_join_request").values_list("recipient__handle", flat=True)
    assert sorted(told) == ["alice", "bob"]
    assert "You have asked to join" in Web(charlie).get(f"/join/{link.token}/").content.decode()
    assert join(charlie, link.token) == 202
    assert Admission.objects.count() == 1
    page = Web(bob).get(reverse("chat:joining", args=[group.pk])).content.decode()
    assert "We met on Saturday" in page
    assert "1 person asks to join" in Web(alice).get(f"/chats/{group.pk}/").content.decode()
    [asked] = Api(bob).get(f"/api/v1/conversations/{group.pk}/join-requests/").json()["results"]
    assert Api(bob).post(f"/api/v1/join-requests/{asked['id']}/accept/").json()["state"] == "joined"
    assert "charlie" in in_it(group)
    assert lines_of(group)[-1] == "let_in"
    assert not Notification.objects.filter(kind="group_join_request").exists()
    assert Notification.objects.get(kind="group_joined").recipient == charlie
    assert Api(bob).post(f"/api/v1/join-requests/{asked['id']}/accept/").status_code == 404


def test_who_is_declined_is_not_told_and_may_ask_again(
    alice: User, bob: User, charlie: User, group: Conversation
) -> None:
    rule(alice, group, joining_needs_approval=True)
    link = invite(alice, group)
    assert join(charlie, link.token) == 202
    asked = Admission.objects.get()
    for other in (bob, charlie):  # those who do not manage the group
        assert Api(other).post(f"/api/v1/join-requests/{asked.pk}/accept/").status_code == 404
        assert Web(other).post(reverse("chat:accept_join_request", args=[asked.pk])).status_code == 404
        assert Api(other).post(f"/api/v1/join-requests/{asked.pk}/decline/").status_code == 404
    assert Web(bob).get(reverse("chat:joining", args=[group.pk])).status_code == 404
    assert Api(bob).get(f"/api/v1/conversations/{group.pk}/join-requests/").json()["results"] == []
    Notification.objects.all().delete()
    Web(alice).post(reverse("chat:decline_join_request", args=[asked.pk]))
    assert not Notification.objects.exists()
    assert "charlie" not in in_it(group)
    assert join(charlie, link.token) == 202
    assert Admission.objects.filter(state=Admission.State.ASKING).count() == 1


def test_friends_of_a_plain_member_wait_for_an_admin_and_friends_of_an_admin_do_not(
    alice: User, bob: User, charlie: User, dora: User, group: Conversation
) -> None:
    make.friends(bob, charlie)
    make.friends(alice, dora)
    rule(alice, group, joining_needs_approval=True)
    before = state_of(group)
    assert services.add_members(actor=bob, conversation=group, members=[charlie]) == []
    assert services.add_members(actor=bob, conversation=group, members=[charlie]) == []
    assert state_of(group) == before
    asked = Admission.objects.get()
    assert (asked.state, asked.invited_by) == ("asking", bob)
    services.add_members(actor=alice, conversation=group, members=[dora])
    assert in_it(group) == {"alice", "bob", "carol", "dora"}
    Web(alice).post(reverse("chat:accept_join_request", args=[asked.pk]))
    assert "charlie" in in_it(group)


# --- the word of the one who is invited ---


def test_in_a_large_group_everybody_is_asked_first(
    alice: User, bob: User, charlie: User, dora: User, group: Conversation, settings: Any
) -> None:
    settings.GROUP_CONSENT_ABOVE = 4
    for friend in (charlie, dora):
        make.friends(alice, friend)
    services.add_members(actor=alice, conversation=group, members=[charlie])
    assert "charlie" in in_it(group)  # four are no large group
    before = state_of(group)
    page = Web(alice).post(reverse("chat:add_members", args=[group.pk]), {"members": ["dora"]}, follow=True)
    assert "1 person is asked first." in page.content.decode()
    assert state_of(group) == before
    [invited] = Api(dora).get("/api/v1/group-invitations/").json()["results"]
    assert (invited["title"], invited["invited_by"]["handle"], invited["member_count"]) == ("Hiking", "alice", 4)
    assert "Hiking" in Web(dora).get(reverse("chat:requests")).content.decode()
    assert reverse("chat:requests") in Web(dora).get(reverse("chat:list")).content.decode()
    assert Notification.objects.get(kind="group_invitation").recipient == dora
    assert Api(bob).post(f"/api/v1/group-invitations/{invited['id']}/accept/").status_code == 404
    assert Api(dora).post(f"/api/v1/group-invitations/{invited['id']}/accept/").json()["state"] == "joined"
    assert "dora" in in_it(group)
    assert not Notification.objects.filter(kind="group_invitation").exists()


def test_who_wants_to_be_asked_is_asked(alice: User, bob: User, carol: User) -> None:
    services.change_chat_privacy(person=bob, groups="ask")
    group = services.create_group(owner=alice, title="Cooks", members=[bob, carol])
    assert in_it(group) == {"alice", "carol"}
    assert group.member_count == 2
    invited = Admission.objects.get()
    assert Web(bob).post(reverse("chat:accept_invitation", args=[invited.pk]))["Location"] == f"/chats/{group.pk}/"
    assert in_it(group) == {"alice", "bob", "carol"}
    synced = Api(carol).get(f"/api/v1/conversations/{group.pk}/sync/?since=0").json()
    group.refresh_from_db()
    assert synced["head"] == group.head


def test_an_invitation_can_be_declined_and_ends_with_the_one_who_made_it(
    alice: User, bob: User, carol: User, group: Conversation, charlie: User, dora: User
) -> None:
    for one, friend in ((carol, charlie), (carol, dora)):
        services.change_chat_privacy(person=friend, groups="ask")
        make.friends(one, friend)
    services.add_members(actor=carol, conversation=group, members=[charlie, dora])
    of_charlie, of_dora = Admission.objects.order_by("pk")
    Notification.objects.all().delete()
    Web(charlie).post(reverse("chat:decline_invitation", args=[of_charlie.pk]))
    assert not Notification.objects.exists()
    assert Api(charlie).post(f"/api/v1/group-invitations/{of_charlie.pk}/accept/").status_code == 404
    services.leave_group(person=carol, conversation=group)
    with pytest.raises(NotFound):
        services.accept_invitation(person=dora, admission=of_dora)
    assert in_it(group) == {"alice", "bob"}


@pytest.mark.covers("F7")
def test_a_block_ends_an_invitation(alice: User, bob: User, group: Conversation) -> None:
    dora = make.person("dora")
    services.change_chat_privacy(person=dora, groups="ask")
    make.friends(bob, dora)
    services.add_members(actor=bob, conversation=group, members=[dora])
    asked = Admission.objects.get()
    block_person(blocker=dora, blocked=bob)
    assert Api(dora).get("/api/v1/group-invitations/").json()["results"] == []
    assert Api(dora).post(f"/api/v1/group-invitations/{asked.pk}/accept/").status_code == 404
    assert "dora" not in in_it(group)


def test_an_invitation_by_a_plain_member_still_needs_an_admin(
    alice: User, bob: User, charlie: User, group: Conversation
) -> None:
    services.change_chat_privacy(person=charlie, groups="ask")
    make.friends(bob, charlie)
    rule(alice, group, joining_needs_approval=True)
    services.add_members(actor=bob, conversation=group, members=[charlie])
    asked = Admission.objects.get()
    assert asked.state == "invited"
    assert Api(charlie).post(f"/api/v1/group-invitations/{asked.pk}/accept/").json()["state"] == "asking"
    assert "charlie" not in in_it(group)
    assert Api(alice).post(f"/api/v1/join-requests/{asked.pk}/accept/").status_code == 200
    assert "charlie" in in_it(group)


# --- a page to scan codes ---


def test_only_links_of_this_site_are_opened(alice: User, group: Conversation) -> None:
    web, page = Web(alice), reverse("chat:scan")
    assert web.get(page).status_code == 200
    address = f"http://testserver{reverse('chat:join', args=['abc'])}"
    assert web.get(page, {"link": address})["Location"] == address
    for foreign in ["https://evil.example/join/abc/", "//evil.example/", "javascript:alert(1)", "\\\\evil.example"]:
        answer = web.get(page, {"link": foreign})
        assert (answer.status_code, "Location" in answer) == (422, False)


# --- many at once ---


@pytest.mark.covers("G8")
@pytest.mark.django_db(transaction=True)
def test_an_invitation_for_so_many_lets_in_exactly_so_many(alice: User, bob: User) -> None:
    group = make.group(alice, bob, title="Race")
    people = [make.person(f"runner{number}") for number in range(64)]
    link = invite(alice, group, max_uses=5)

    def try_to_join(index: int) -> bool:
        try:
            services.join_by_invite(person=people[index], invite=link)
        except InviteNotFound:
            return False
        return True

    came = at_once(try_to_join, workers=64)
    link.refresh_from_db()
    assert (came.count(True), link.uses) == (5, 5)
    group.refresh_from_db()
    assert (group.member_count, len(in_it(group))) == (7, 7)


@pytest.mark.covers("G8")
@pytest.mark.django_db(transaction=True)
def test_the_last_places_are_given_once_however_people_come(alice: User, bob: User, settings: Any) -> None:
    settings.GROUP_MEMBERS_MAX = 6
    group = make.group(alice, bob, title="Small")
    people = [make.person(f"runner{number}") for number in range(16)]
    link = invite(alice, group)

    def come(index: int) -> bool:
        return join(people[index], link.token) == 200

    assert at_once(come).count(True) == 4
    assert len(in_it(group)) == 6
    connection.close()
