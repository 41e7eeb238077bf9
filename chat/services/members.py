from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.names import clean_line
from chat import events
from chat.models import Conversation, Member
from chat.models.conversation import FACES_MAX, new_epoch
from chat.models.member import NICKNAME_LENGTH_MAX
from superapp.kernel import live
from superapp.kernel.errors import Conflict, Invalid

from .conversations import (
    GroupFull,
    NotAllowedInGroup,
    NotAMember,
    change_group,
    lock_group,
    membership,
    refuse_unless_friends,
)
from .lines import Line, announce_message, write_line
from .numbering import members_at, take_number


class OwnerNeeded(Conflict):
    code = "owner_needed"
    sentence = _("A group always has an owner. Hand the group over to somebody else first.")


class NicknameTooLong(Invalid):
    code = "too_long"
    sentence = _("This name is too long.")


@transaction.atomic
def add_members(*, actor: User, conversation: Conversation, members: Sequence[User]) -> list[Member]:
    """Bring friends into the group; those who are in it already stay as they are. The new members."""
    conversation = lock_group(conversation)
    membership(conversation, actor)
    present = set(conversation.members.active().values_list("user_id", flat=True))
    people = [person for person in dict.fromkeys(members) if person.pk not in present]
    if not people:
        return []
    refuse_unless_friends(actor, people)
    if len(present) + len(people) > settings.GROUP_MEMBERS_MAX:
        raise GroupFull
    numbers = take_number(conversation, count=len(people) + 1, member_epoch=new_epoch())
    joined = []
    for seq, person in enumerate(people, start=numbers.first):
        values = {
            "role": Member.Role.MEMBER,
            "joined_seq": numbers.first,
            "changed_seq": seq,
            "read_seq": 0,
            "joined_at": numbers.taken_at,
            "left_at": None,
        }
        member, _created = Member.objects.update_or_create(conversation=conversation, user=person, defaults=values)
        joined.append(member)
    _refresh_facts(conversation)
    recipients = list(members_at(conversation.pk, numbers.member_epoch))
    _announce(joined, recipients)
    line = write_line(
        conversation, Line.MEMBER_JOINED, seq=numbers.last, at=numbers.taken_at, actor=actor, people=people
    )
    announce_message(line, recipients)
    return joined


@transaction.atomic
def remove_member(*, actor: User, conversation: Conversation, member: Member) -> None:
    """Put somebody out of the group. Nothing that is written later reaches them."""
    conversation = lock_group(conversation)
    member = _fresh(conversation, member)
    if not membership(conversation, actor).may_remove(member):
        raise NotAllowedInGroup
    _depart(conversation, member, actor=actor)


@transaction.atomic
def leave_group(*, person: User, conversation: Conversation) -> None:
    """Go. The owner hands the group over to the oldest admin, or else the oldest member."""
    conversation = lock_group(conversation)
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
    if member.pk == own.pk:
        raise OwnerNeeded
    if role == Member.Role.OWNER:
        numbers = take_number(conversation, count=3)
        changed = [_give_role(own, Member.Role.ADMIN, numbers.first), _give_role(member, role, numbers.first + 1)]
    else:
        numbers = take_number(conversation, speaks=False)
        changed = [_give_role(member, role, numbers.first)]
    recipients = list(members_at(conversation.pk, numbers.member_epoch))
    _announce(changed, recipients)
    if role == Member.Role.OWNER:
        line = write_line(
            conversation,
            Line.OWNER_CHANGED,
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
        _announce([member], list(members_at(conversation.pk, number.member_epoch)))
    settings_of_own = {name: value for name, value in {"muted": muted, "pinned": pinned}.items() if value is not None}
    if settings_of_own:
        Member.objects.active().filter(pk=member.pk).update(**settings_of_own)
        member.refresh_from_db(fields=list(settings_of_own))
    return member


@transaction.atomic
def change_conversation(
    *,
    member: Member,
    title: str | None = None,
    announcement: str | None = None,
    muted: bool | None = None,
    pinned: bool | None = None,
    nickname: str | None = None,
) -> None:
    """What a member changes of a conversation, for all and for himself: everything, or nothing."""
    if title is not None or announcement is not None:
        change_group(actor=member.user, conversation=member.conversation, title=title, announcement=announcement)
    change_own_membership(member=member, muted=muted, pinned=pinned, nickname=nickname)


def _depart(conversation: Conversation, member: Member, *, actor: User) -> None:
    heir = conversation.members.heirs().exclude(pk=member.pk).first() if member.is_owner else None
    before = list(members_at(conversation.pk, conversation.member_epoch))
    numbers = take_number(conversation, count=4 if heir else 2, member_epoch=new_epoch())
    member.left_at = numbers.taken_at
    member.role = Member.Role.MEMBER
    member.changed_seq = numbers.first
    member.save(update_fields=["left_at", "role", "changed_seq"])
    changed = [_give_role(heir, Member.Role.OWNER, numbers.first + 1)] if heir else []
    _refresh_facts(conversation)
    # The one who goes is told of that, and of nothing after it.
    _announce([member], before)
    recipients = list(members_at(conversation.pk, numbers.member_epoch))
    _announce(changed, recipients)
    by_himself = actor.pk == member.user_id
    line = write_line(
        conversation,
        Line.MEMBER_LEFT if by_himself else Line.MEMBER_REMOVED,
        seq=numbers.first + 1 + len(changed),
        at=numbers.taken_at,
        actor=actor,
        people=[] if by_himself else [member.user],
    )
    announce_message(line, recipients)
    if heir:
        handover = write_line(
            conversation, Line.OWNER_CHANGED, seq=numbers.last, at=numbers.taken_at, actor=actor, people=[heir.user]
        )
        announce_message(handover, recipients)


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


def _announce(changed: Iterable[Member], recipients: list[int]) -> None:
    for member in changed:
        live.publish(recipients, events.member_changed(member))


def _refresh_facts(conversation: Conversation) -> None:
    active = conversation.members.active()
    conversation.member_count = active.count()
    conversation.face_ids = list(active.by_seniority().values_list("user_id", flat=True)[:FACES_MAX])
    conversation.__dict__.pop("faces", None)
    conversation.save(update_fields=["member_count", "face_ids"])
