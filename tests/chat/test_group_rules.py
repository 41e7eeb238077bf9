"""What holds in a group: who may write, who may bring others, who reads what was said before; and its end."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse

from accounts.models import User
from chat import services
from chat.models import Conversation, Message
from chat.services.conversations import NotAllowedInGroup
from chat.services.hearing import OnlyAdminsSpeak
from chat.services.members import OnlyAdminsInvite, TooManyAdmins
from chat.services.messages import send_message
from chat.services.numbering import GroupDissolved
from chat.services.rules import OwnerOnly, UnknownRule
from notifications.models import Notification
from tests import make
from tests.chat.test_groups import in_it, state_of
from tests.conftest import Api, Web


def lines_of(conversation: Conversation) -> list[str]:
    return [
        message.payload["event"]
        for message in Message.objects.filter(conversation=conversation, kind="system").order_by("seq")
    ]


def texts_seen_by(person: User, conversation: Conversation) -> list[str]:
    seen = Message.objects.visible_to(person).filter(conversation=conversation).exclude(kind="system")
    return list(seen.order_by("seq").values_list("text", flat=True))


def rule(actor: User, conversation: Conversation, **rules: bool) -> Conversation:
    return services.change_rules(actor=actor, conversation=conversation, rules=rules)


# --- who may write ---


def test_when_all_are_muted_the_owner_and_the_admins_alone_write(
    alice: User, bob: User, carol: User, group: Conversation, say: Any
) -> None:
    say(carol, group, "Before")
    rule(alice, group, only_admins_speak=True)
    before = state_of(group)
    with pytest.raises(OnlyAdminsSpeak):
        say(carol, group, "Now")
    answer = Api(bob).post(f"/api/v1/conversations/{group.pk}/messages/", {"client_id": str(uuid4()), "text": "Now"})
    assert (answer.status_code, answer.json()["code"]) == (403, "only_admins_speak")
    assert state_of(group) == before
    services.change_role(actor=alice, conversation=group, member=group.member(bob), role="admin")
    say(bob, group, "I may")
    rule(bob, group, only_admins_speak=False)
    say(carol, group, "So may I")
    assert texts_seen_by(alice, group) == ["Before", "I may", "So may I"]


def test_a_retry_of_what_was_said_before_the_mute_is_answered_as_before(
    alice: User, bob: User, group: Conversation
) -> None:
    words = {"sender": bob, "conversation": group, "client_id": uuid4(), "text": "In time"}
    first, _made = send_message(**words)
    rule(alice, group, only_admins_speak=True)
    assert send_message(**words) == (first, False)
    services.dissolve_group(owner=alice, conversation=group)
    assert send_message(**words) == (first, False)


def test_red_envelopes_and_cards_are_words_too(alice: User, bob: User, group: Conversation) -> None:
    rule(alice, group, only_admins_speak=True)
    make.funds(bob, 1000)
    card = {"kind": "moment", "title": "Snow", "text": "", "image": "", "url": "/moments/7/"}
    before = state_of(group)
    with pytest.raises(OnlyAdminsSpeak):
        services.send_card(sender=bob, conversation=group, card=card)
    with pytest.raises(OnlyAdminsSpeak):
        services.send_red_envelope(sender=bob, conversation=group, kind="normal", amount=100, shares=1, key="k")
    assert state_of(group) == before


def test_the_composer_says_so_and_comes_back(alice: User, bob: User, group: Conversation) -> None:
    page = reverse("chat:detail", args=[group.pk])
    closed = 'data-part="speech" data-closed'
    assert closed not in Web(bob).get(page).content.decode()
    Web(alice).post(reverse("chat:change_rules", args=[group.pk]), {"only_admins_speak": "on"})
    assert closed in Web(bob).get(page).content.decode()
    assert closed not in Web(alice).get(page).content.decode()
    changes = reverse("chat:changes", args=[group.pk]) + "?since=0"
    assert closed in Web(bob).get(changes).content.decode()


# --- who may bring others ---


def test_when_only_admins_invite_nobody_else_adds_anybody(
    alice: User, bob: User, charlie: User, group: Conversation
) -> None:
    make.friends(bob, charlie)
    rule(alice, group, only_admins_invite=True)
    before = state_of(group)
    with pytest.raises(OnlyAdminsInvite):
        services.add_members(actor=bob, conversation=group, members=[charlie])
    with pytest.raises(OnlyAdminsInvite):
        services.create_invite(actor=bob, conversation=group)
    assert state_of(group) == before
    services.change_role(actor=alice, conversation=group, member=group.member(bob), role="admin")
    services.add_members(actor=bob, conversation=group, members=[charlie])
    assert "charlie" in in_it(group)


# --- who reads what was said before ---


def test_new_members_read_from_the_moment_in_which_history_was_promised(
    alice: User, bob: User, charlie: User, dora: User, group: Conversation, say: Any
) -> None:
    """Whoever spoke before was promised that who comes later does not read it."""
    make.friends(alice, charlie)
    make.friends(alice, dora)
    say(bob, group, "In confidence")
    rule(alice, group, history_for_new_members=True)
    say(bob, group, "For those to come")
    services.add_members(actor=alice, conversation=group, members=[charlie])
    assert texts_seen_by(charlie, group) == ["For those to come"]
    assert Api(charlie).get(f"/api/v1/conversations/{group.pk}/").json()["unread"] == 0  # history is not news
    rule(alice, group, history_for_new_members=False)
    services.add_members(actor=alice, conversation=group, members=[dora])
    assert texts_seen_by(dora, group) == []
    say(bob, group, "After")
    assert texts_seen_by(dora, group) == ["After"]


# --- rules in general ---


def test_rules_are_the_admins_to_change(alice: User, bob: User, group: Conversation) -> None:
    before = state_of(group)
    with pytest.raises(NotAllowedInGroup):
        rule(bob, group, only_admins_speak=True)
    with pytest.raises(UnknownRule):
        rule(alice, group, kind=True)
    assert Api(bob).patch(f"/api/v1/conversations/{group.pk}/", {"only_admins_invite": True}).status_code == 403
    assert state_of(group) == before
    changed = Api(alice).patch(
        f"/api/v1/conversations/{group.pk}/", {"only_admins_invite": True, "joining_needs_approval": True}
    )
    assert changed.json()["rules"] == {
        "joining_needs_approval": True,
        "only_admins_invite": True,
        "only_admins_speak": False,
        "history_for_new_members": False,
    }
    assert lines_of(group)[-2:] == ["approval_needed", "only_admins_invite"]
    again = state_of(group)
    rule(alice, group, only_admins_invite=True)
    assert state_of(group) == again
    synced = Api(bob).get(f"/api/v1/conversations/{group.pk}/sync/?since={before[0]}").json()
    assert synced["conversation"]["rules"]["only_admins_invite"] is True


def test_there_are_so_many_admins_at_most(
    alice: User, bob: User, carol: User, group: Conversation, settings: Any
) -> None:
    settings.ADMINS_MAX = 1
    services.change_role(actor=alice, conversation=group, member=group.member(bob), role="admin")
    before = state_of(group)
    with pytest.raises(TooManyAdmins):
        services.change_role(actor=alice, conversation=group, member=group.member(carol), role="admin")
    assert state_of(group) == before
    assert lines_of(group)[-1] == "admin_made"


# --- the announcement ---


def test_an_announcement_stands_over_the_chat_until_it_has_been_read(
    alice: User, bob: User, carol: User, group: Conversation
) -> None:
    services.change_own_place(member=group.member(carol), muted=True)
    Web(alice).post(reverse("chat:announcement", args=[group.pk]), {"announcement": "Meet at nine"})
    card, page = "announcement-card", reverse("chat:detail", args=[group.pk])
    assert card in Web(bob).get(page).content.decode()
    assert card not in Web(alice).get(page).content.decode()  # who has written it has read it
    told = Notification.objects.filter(kind="group_announcement").values_list("recipient__handle", flat=True)
    assert sorted(told) == ["bob", "carol"]  # also those who have muted the group
    Web(bob).post(reverse("chat:put_away_announcement", args=[group.pk]))
    assert card not in Web(bob).get(page).content.decode()
    assert card in Web(carol).get(page).content.decode()
    whole = Web(bob).get(reverse("chat:announcement", args=[group.pk])).content.decode()
    assert "Meet at nine" in whole
    assert "Alice" in whole
    seen = Api(carol).get(f"/api/v1/conversations/{group.pk}/").json()
    assert (seen["announcement_read"], seen["announced_at"] is not None) == (False, True)
    Api(carol).post(f"/api/v1/conversations/{group.pk}/announcement/read/")
    assert Api(carol).get(f"/api/v1/conversations/{group.pk}/").json()["announcement_read"] is True
    services.change_group(actor=alice, conversation=group, announcement="Meet at ten")
    assert card in Web(bob).get(page).content.decode()


def test_taking_an_announcement_down_notifies_nobody(alice: User, bob: User, group: Conversation) -> None:
    services.change_group(actor=alice, conversation=group, announcement="Meet at nine")
    Notification.objects.all().delete()
    services.change_group(actor=alice, conversation=group, announcement="")
    assert not Notification.objects.exists()
    assert lines_of(group)[-1] == "announcement_removed"


# --- the picture ---


def test_a_group_has_a_picture_of_its_own(alice: User, bob: User, group: Conversation) -> None:
    url = f"/api/v1/conversations/{group.pk}/picture/"
    assert Api(bob).put(url, {"picture": make.picture_file()}, format="multipart").status_code == 403
    group.refresh_from_db()
    assert group.picture == ""
    shown = Api(alice).put(url, {"picture": make.picture_file()}, format="multipart").json()
    assert Web(bob).get(shown["picture"])["Content-Type"] == "image/webp"
    assert shown["picture"] in Web(bob).get(reverse("chat:list")).content.decode()
    assert Api(alice).put(url, {"picture": "text"}, format="multipart").status_code == 400
    assert Api(alice).delete(url).status_code == 204
    assert Api(bob).get(f"/api/v1/conversations/{group.pk}/").json()["picture"] is None


def test_a_picture_that_is_replaced_is_deleted(
    alice: User, group: Conversation, django_capture_on_commit_callbacks: Any
) -> None:
    first = services.change_group_picture(actor=alice, conversation=group, file=make.picture_file()).picture
    with django_capture_on_commit_callbacks(execute=True):
        Web(alice).post(
            reverse("chat:change_group", args=[group.pk]), {"title": "Hiking", "picture": make.picture_file()}
        )
    group.refresh_from_db()
    assert group.picture not in {"", first}
    assert not default_storage.exists(first)
    assert default_storage.exists(group.picture)


# --- the end ---


def test_a_dissolved_group_is_read_and_nothing_more(
    alice: User, bob: User, carol: User, charlie: User, group: Conversation, say: Any
) -> None:
    make.friends(alice, charlie)
    said = say(bob, group, "Once")
    invite = services.create_invite(actor=alice, conversation=group)
    with pytest.raises(OwnerOnly):
        services.dissolve_group(owner=bob, conversation=group)
    assert Api(bob).delete(f"/api/v1/conversations/{group.pk}/").status_code == 403
    assert Api(alice).delete(f"/api/v1/conversations/{group.pk}/").status_code == 204
    before = state_of(group)
    for act in [
        lambda: say(alice, group, "Again"),
        lambda: services.add_members(actor=alice, conversation=group, members=[charlie]),
        lambda: services.remove_member(actor=alice, conversation=group, member=group.member(bob)),
        lambda: services.change_role(actor=alice, conversation=group, member=group.member(bob), role="admin"),
        lambda: services.change_group(actor=alice, conversation=group, title="Reborn"),
        lambda: rule(alice, group, only_admins_speak=True),
        lambda: services.create_invite(actor=alice, conversation=group),
        lambda: services.dissolve_group(owner=alice, conversation=group),
        lambda: services.change_group_picture(actor=alice, conversation=group, file=make.picture_file()),
    ]:
        with pytest.raises(GroupDissolved):
            act()
    assert state_of(group) == before
    assert Api(charlie).post(f"/api/v1/invites/{invite.token}/join/").status_code == 404
    assert said.text in Web(bob).get(reverse("chat:detail", args=[group.pk])).content.decode()
    assert lines_of(group)[-1] == "dissolved"
    assert Api(carol).get(f"/api/v1/conversations/{group.pk}/").json()["dissolved_at"]


def test_money_in_a_dissolved_group_can_still_be_taken(alice: User, bob: User, group: Conversation) -> None:
    make.funds(alice, 1000)
    message = services.send_red_envelope(
        sender=alice, conversation=group, kind="normal", amount=100, shares=1, key="a-key"
    )
    services.dissolve_group(owner=alice, conversation=group)
    assert services.claim_red_envelope(claimer=bob, red_envelope=message.red_envelope).amount == 100


def test_who_leaves_a_dissolved_group_no_longer_has_it(alice: User, bob: User, group: Conversation) -> None:
    services.dissolve_group(owner=alice, conversation=group)
    for person in (bob, alice):
        Web(person).post(reverse("chat:leave", args=[group.pk]))
        assert not group.is_visible_to(person)
    assert in_it(group) == {"carol"}


# --- going, and being put out ---


def test_who_leaves_is_told_to_the_owner_and_the_admins_alone(
    alice: User, bob: User, carol: User, group: Conversation, say: Any
) -> None:
    make.friends(alice, (erin := make.person("erin")))
    services.add_members(actor=alice, conversation=group, members=[erin])
    services.change_role(actor=alice, conversation=group, member=group.member(bob), role="admin")
    lines = lines_of(group)
    services.leave_group(person=carol, conversation=group)
    assert lines_of(group) == lines
    told = Notification.objects.filter(kind="group_left").values_list("recipient__handle", flat=True)
    assert sorted(told) == ["alice", "bob"]
    assert "Carol left Hiking" in Api(alice).get("/api/v1/notifications/").content.decode()


def test_what_somebody_said_goes_with_them(alice: User, bob: User, carol: User, group: Conversation, say: Any) -> None:
    kept = say(carol, group, "Mine stays")
    spam = [say(bob, group, f"Buy {number}") for number in range(5)]
    photo = say(bob, group, "Look", kind="image", uploads=[str(make.upload(bob).pk)])
    answer = say(carol, group, "No thanks", reply_to=spam[0])
    head = group.members.get(user=alice).conversation.head
    with pytest.raises(NotAllowedInGroup):
        services.remove_member(actor=carol, conversation=group, member=group.member(bob), with_messages=True)
    assert Message.objects.filter(conversation=group, recalled_at__isnull=False).count() == 0
    url = f"/api/v1/conversations/{group.pk}/members/bob/?messages=true"
    assert Api(alice).delete(url).status_code == 204
    gone = Message.objects.filter(pk__in=[*(one.pk for one in spam), photo.pk])
    assert {(one.text, one.recalled_by, one.attachments.count()) for one in gone} == {("", alice, 0)}
    kept.refresh_from_db()
    assert kept.text == "Mine stays"
    numbers = list(Message.objects.filter(conversation=group).values_list("changed_seq", flat=True))
    assert len(numbers) == len(set(numbers))
    synced = Api(carol).get(f"/api/v1/conversations/{group.pk}/sync/?since={head}").json()
    assert {message["id"] for message in synced["messages"]} >= {str(one.pk) for one in [*spam, photo, answer]}
    assert "Buy" not in str(synced)
    assert "Buy" not in Web(carol).get(reverse("chat:detail", args=[group.pk])).content.decode()


def test_the_page_asks_whether_the_messages_go_too(alice: User, bob: User, group: Conversation, say: Any) -> None:
    say(bob, group, "Rude")
    url = reverse("chat:remove_member", args=[group.pk, "bob"])
    assert "with_messages" in Web(alice).get(url).content.decode()
    Web(alice).post(url, {"with_messages": "on"})
    assert "bob" not in in_it(group)
    assert texts_seen_by(alice, group) == [""]


# --- the pages of its people ---


def test_members_are_found_by_name_and_a_page_at_a_time(alice: User, bob: User, group: Conversation) -> None:
    services.change_own_membership(member=group.member(bob), nickname="Scout")
    page = reverse("chat:people", args=[group.pk])
    assert "@bob" in Web(alice).get(page).content.decode()
    found = Web(alice).get(f"{page}?q=sco").content.decode()
    assert "@bob" in found
    assert "@carol" not in found
    listed = Api(alice).get(f"/api/v1/conversations/{group.pk}/members/?q=sco").json()["results"]
    assert [member["person"]["handle"] for member in listed] == ["bob"]
    admins = Api(alice).get(f"/api/v1/conversations/{group.pk}/members/?role=owner").json()["results"]
    assert [member["person"]["handle"] for member in admins] == ["alice"]


def test_roles_are_given_on_pages(alice: User, bob: User, carol: User, group: Conversation) -> None:
    member = reverse("chat:member", args=[group.pk, "bob"])
    assert "Make an admin" in Web(alice).get(member).content.decode()
    assert "Make an admin" not in Web(carol).get(member).content.decode()
    Web(alice).post(reverse("chat:change_role", args=[group.pk, "bob"]), {"role": "admin"})
    assert group.member(bob).role == "admin"
    assert Web(carol).post(reverse("chat:change_role", args=[group.pk, "bob"]), {"role": "member"}).status_code == 403
    assert Web(bob).get(reverse("chat:hand_over", args=[group.pk, "carol"])).status_code == 404
    Web(alice).post(reverse("chat:hand_over", args=[group.pk, "bob"]))
    assert (group.member(bob).role, group.member(alice).role) == ("owner", "admin")


def test_a_group_is_dissolved_after_asking(alice: User, bob: User, group: Conversation) -> None:
    url = reverse("chat:dissolve", args=[group.pk])
    assert Web(bob).get(url).status_code == 404
    assert Web(alice).get(url).status_code == 200
    group.refresh_from_db()
    assert not group.is_dissolved
    Web(alice).post(url)
    group.refresh_from_db()
    assert group.is_dissolved
