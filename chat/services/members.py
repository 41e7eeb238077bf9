from __future__ import annotations

from collections.abc import Sequence
from typing import Unpack

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.names import clean_line
from chat.models import Conversation, Member
from chat.models.conversation import FACES_MAX, new_epoch
from chat.models.member import NICKNAME_LENGTH_MAX
from notifications.services import notify_many
from superapp.kernel.errors import Conflict, Forbidden, Invalid

from .admissions import ask_admins, invite_people, who_is_asked_first
from .conversations import (
    EmptyGroup,
    NotAllowedInGroup,
    NotAMember,
    change_group,
    checked_title,
    lock_group,
    membership,
    refuse_unless_friends,
    seat_founders,
)
from .lines import Line, announce_message, write_line
from .numbering import members_at, take_number
from .own import OwnPlace, change_own_place
from .rules import change_rules
from .seating import GroupFull, announce_members, refresh_facts, seat
from .taking_back import take_back_messages


class OwnerNeeded(Conflict):
    code = "owner_needed"
    sentence = _("A group always has an owner. Hand the group over to somebody else first.")


class OnlyAdminsInvite(Forbidden):
    code = "only_admins_invite"
    sentence = _("Only the owner and the admins may bring people into this group.")


class TooManyAdmins(Conflict):
    code = "too_many_admins"
    sentence = _("This group has as many admins as there can be.")


class NicknameTooLong(Invalid):
    code = "too_long"
    sentence = _("This name is too long.")


_LINE_OF_ROLE = {
    Member.Role.OWNER: Line.OWNER_CHANGED,
    Member.Role.ADMIN: Line.ADMIN_MADE,
    Member.Role.MEMBER: Line.ADMIN_UNMADE,
}


@transaction.atomic
def create_group(*, owner: User, members: Sequence[User], title: str = "") -> Conversation:
    """A group of the owner and friends. Those who want to be asked first are invited to it."""
    title = checked_title(title)
    people = list(dict.fromkeys(person for person in members if person != owner))
    if not people:
        raise EmptyGroup(errors={"members": EmptyGroup.sentence})
    if len(people) + 1 > settings.GROUP_MEMBERS_MAX:
        raise GroupFull
    refuse_unless_friends(owner, people)
    asked = who_is_asked_first(people, size=len(people) + 1)
    seated = [owner, *(person for person in people if person.pk not in asked)]
    # Number 1 is the conversation itself, then come its members, then the line that tells of it.
    head = len(seated) + 2
    conversation = Conversation.objects.create(
        kind=Conversation.Kind.GROUP,
        title=title,
        head=head,
        changed_seq=1,
        created_by=owner,
        member_count=len(seated),
        face_ids=[person.pk for person in seated][:FACES_MAX],
    )
    seat_founders(conversation, seated, owner=owner)
    line = write_line(conversation, Line.GROUP_CREATED, seq=head, at=timezone.now(), actor=owner, people=seated[1:])
    announce_message(line, [person.pk for person in seated])
    invite_people(conversation, [person for person in people if person.pk in asked], actor=owner)
    return conversation


@transaction.atomic
def add_members(*, actor: User, conversation: Conversation, members: Sequence[User]) -> list[Member]:
    """Bring friends into the group; those who are in it already stay as they are. The new members.

    Who wants to be asked first is sent an invitation, and where the admins decide who comes in they are asked.
    """
    conversation = lock_group(conversation)
    own = membership(conversation, actor)
    if not own.may_bring(conversation):
        raise OnlyAdminsInvite
    present = set(conversation.members.active().values_list("user_id", flat=True))
    people = [person for person in dict.fromkeys(members) if person.pk not in present]
    if not people:
        return []
    refuse_unless_friends(actor, people)
    if len(present) + len(people) > settings.GROUP_MEMBERS_MAX:
        raise GroupFull
    asked = who_is_asked_first(people, size=len(present) + len(people))
    invite_people(conversation, [person for person in people if person.pk in asked], actor=actor)
    ready = [person for person in people if person.pk not in asked]
    if conversation.joining_needs_approval and not own.may_manage:
        ask_admins(conversation, ready, invited_by=actor)
        return []
    return seat(conversation, ready, line=Line.MEMBER_JOINED, actor=actor, invited_by=actor) if ready else []


@transaction.atomic
def remove_member(*, actor: User, conversation: Conversation, member: Member, with_messages: bool = False) -> None:
    """Put somebody out of the group. Nothing that is written later reaches them. `with_messages` also takes back all
    that they have said here, for everybody."""
    conversation = lock_group(conversation)
    member = _fresh(conversation, member)
    if not membership(conversation, actor).may_remove(member):
        raise NotAllowedInGroup
    if with_messages:
        take_back_messages(conversation, member.user, actor=actor)
    _depart(conversation, member, actor=actor)


@transaction.atomic
def leave_group(*, person: User, conversation: Conversation) -> None:
    """Go, without a word to the others: the owner and the admins alone are told. The owner hands the group over to the
    oldest admin, or else the oldest member. A dissolved group goes from the person's list in the same way."""
    conversation = lock_group(conversation, even_dissolved=True)
    _depart(conversation, membership(conversation, person), actor=person)


@transaction.atomic
def change_role(*, actor: User, conversation: Conversation, member: Member, role: str) -> Member:
    """The owner names admins; naming another owner hands the group over."""
    if role not in Member.Role.values:
        raise Invalid(errors={"role": _("There is no such role.")})
    conversation = lock_group(conversation)
    member, own = _fresh(conversation, member), membership(conversation, actor)
    if not own.is_owner:
        raise NotAllowedInGroup
    if member.role == role:
        return member
    if member.pk == own.pk or (role == Member.Role.OWNER and member.user.is_bot):
        raise OwnerNeeded
    if role == Member.Role.ADMIN and conversation.members.active().filter(role=role).count() >= settings.ADMINS_MAX:
        raise TooManyAdmins
    if role == Member.Role.OWNER:
        numbers = take_number(conversation, count=3)
        changed = [_give_role(own, Member.Role.ADMIN, numbers.first), _give_role(member, role, numbers.first + 1)]
    else:
        numbers = take_number(conversation, count=2)
        changed = [_give_role(member, role, numbers.first)]
    recipients = list(members_at(conversation.pk, numbers.member_epoch))
    announce_members(changed, recipients)
    line = write_line(
        conversation,
        _LINE_OF_ROLE[Member.Role(role)],
        seq=numbers.last,
        at=numbers.taken_at,
        actor=actor,
        people=[member.user],
    )
    announce_message(line, recipients)
    return member


@transaction.atomic
def change_own_membership(
    *, member: Member, muted: bool | None = None, pinned: bool | None = None, nickname: str | None = None
) -> Member:
    """A person's own settings of a conversation. The others see the nickname, and are told of it."""
    if nickname is not None:
        nickname = clean_line(nickname)
        if len(nickname) > NICKNAME_LENGTH_MAX:
            raise NicknameTooLong(errors={"nickname": NicknameTooLong.sentence})
    conversation = member.conversation
    if nickname is not None and nickname != member.nickname:
        number = take_number(conversation, speaks=False)
        member = _fresh(conversation, member)
        member.nickname = nickname
        member.changed_seq = number.last
        member.save(update_fields=["nickname", "changed_seq"])
        announce_members([member], list(members_at(conversation.pk, number.member_epoch)))
    if muted == member.is_muted:
        muted = None  # as it is: what is muted for a time stays so
    return change_own_place(member=member, muted=muted, pinned=None if pinned == member.pinned else pinned)


@transaction.atomic
def change_conversation(
    *,
    member: Member,
    title: str | None = None,
    announcement: str | None = None,
    nickname: str | None = None,
    rules: dict[str, bool] | None = None,
    **own_place: Unpack[OwnPlace],
) -> None:
    """What a member changes of a conversation, for all and for himself: everything, or nothing."""
    if title is not None or announcement is not None:
        change_group(actor=member.user, conversation=member.conversation, title=title, announcement=announcement)
    if rules:
        change_rules(actor=member.user, conversation=member.conversation, rules=rules)
    change_own_membership(member=member, nickname=nickname)
    change_own_place(member=member, **own_place)


def _depart(conversation: Conversation, member: Member, *, actor: User) -> None:
    by_himself = actor.pk == member.user_id
    heir = _heir_of(conversation, member)
    before = list(members_at(conversation.pk, conversation.member_epoch))
    # For the one who goes; for the line, where there is one; for the heir, and for the line about him.
    count = 1 + (not by_himself) + (2 if heir else 0)
    numbers = take_number(
        conversation, count=count, member_epoch=new_epoch(), speaks=count > 1, even_dissolved=by_himself
    )
    member.left_at = numbers.taken_at
    member.role = Member.Role.MEMBER
    member.changed_seq = numbers.first
    member.save(update_fields=["left_at", "role", "changed_seq"])
    refresh_facts(conversation)
    # The one who goes is told of that, and of nothing after it.
    announce_members([member], before)
    recipients = list(members_at(conversation.pk, numbers.member_epoch))
    if not by_himself:
        removal = write_line(
            conversation,
            Line.MEMBER_REMOVED,
            seq=numbers.first + 1,
            at=numbers.taken_at,
            actor=actor,
            people=[member.user],
        )
        announce_message(removal, recipients)
    if heir:
        announce_members([_give_role(heir, Member.Role.OWNER, numbers.last - 1)], recipients)
        handover = write_line(
            conversation, Line.OWNER_CHANGED, seq=numbers.last, at=numbers.taken_at, actor=actor, people=[heir.user]
        )
        announce_message(handover, recipients)
    if by_himself and not conversation.is_dissolved:
        _tell_managers(conversation, member)


def _heir_of(conversation: Conversation, member: Member) -> Member | None:
    """Who owns the group after this member. What is dissolved needs no owner any more."""
    if not member.is_owner or conversation.is_dissolved:
        return None
    return conversation.members.heirs().exclude(pk=member.pk).select_related("user").first()


def _tell_managers(conversation: Conversation, member: Member) -> None:
    managers = conversation.members.active().filter(role__in=Member.MANAGERS).values_list("user_id", flat=True)
    notify_many(
        recipients=managers,
        kind="group_left",
        actor=member.user,
        target=conversation,
        data={"title": conversation.title},
    )


def _fresh(conversation: Conversation, member: Member) -> Member:
    """The row as it is under the conversation's lock."""
    found = conversation.members.active().filter(pk=member.pk).select_related("user").first()
    if found is None:
        raise NotAMember
    return found


def _give_role(member: Member, role: str, seq: int) -> Member:
    member.role = Member.Role(role)
    member.changed_seq = seq
    member.save(update_fields=["role", "changed_seq"])
    return member
