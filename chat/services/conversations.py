from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.names import clean_line
from chat import events
from chat.models import Conversation, Member
from chat.models.conversation import ANNOUNCEMENT_LENGTH_MAX, FACES_MAX, TITLE_LENGTH_MAX, direct_key_of
from superapp.kernel import live
from superapp.kernel.errors import Conflict, Forbidden, Invalid, NotFound

from .lines import Line, announce_message, write_line
from .numbering import members_at, take_number, who_may_see


class NotFriends(Forbidden):
    code = "not_friends"
    sentence = _("You can only do this with friends.")


class NotAMember(NotFound):
    """Who is not in a conversation cannot tell whether there is one."""

    code = "not_a_member"


class NotAGroup(Conflict):
    code = "not_a_group"
    sentence = _("This is possible in groups only.")


class NotAllowedInGroup(Forbidden):
    code = "not_allowed"
    sentence = _("Only the owner and the admins of the group may do this.")


class GroupFull(Conflict):
    code = "group_full"
    sentence = _("The group has no room for so many.")


class EmptyGroup(Invalid):
    code = "empty_group"
    sentence = _("Choose at least one friend.")


class TitleTooLong(Invalid):
    code = "too_long"
    sentence = _("This title is too long.")


class AnnouncementTooLong(Invalid):
    code = "too_long"
    sentence = _("This announcement is too long.")


@transaction.atomic
def open_direct(*, person: User, other: User) -> Conversation:
    """The conversation of two friends, made when it is first needed. One with a former friend stays readable."""
    found = Conversation.objects.direct_between(person, other).first()
    if found is not None:
        return found
    if not person.is_friend_of(other):
        raise NotFriends
    try:
        with transaction.atomic():
            return _create_direct(person, other)
    except IntegrityError:  # the other opened it in the same moment
        return Conversation.objects.direct_between(person, other).get()


@transaction.atomic
def greet_new_friends(*, asker: User, accepter: User) -> None:
    """Open their conversation with a line that says so. Friends once more get the line below what they said before."""
    conversation = open_direct(person=accepter, other=asker)
    number = take_number(conversation)
    line = write_line(
        conversation, Line.NOW_FRIENDS, seq=number.last, at=number.taken_at, actor=accepter, people=[asker]
    )
    announce_message(line, who_may_see(members_at(conversation.pk, number.member_epoch), line.seq))


@transaction.atomic
def create_group(*, owner: User, members: Sequence[User], title: str = "") -> Conversation:
    title = checked_title(title)
    people = list(dict.fromkeys(person for person in members if person != owner))
    if not people:
        raise EmptyGroup(errors={"members": EmptyGroup.sentence})
    if len(people) + 1 > settings.GROUP_MEMBERS_MAX:
        raise GroupFull
    refuse_unless_friends(owner, people)
    # Number 1 is the conversation itself, then come its members, then the line that tells of it.
    head = len(people) + 3
    conversation = Conversation.objects.create(
        kind=Conversation.Kind.GROUP,
        title=title,
        head=head,
        changed_seq=1,
        created_by=owner,
        member_count=len(people) + 1,
        face_ids=[person.pk for person in [owner, *people]][:FACES_MAX],
    )
    _seat(conversation, [owner, *people], owner=owner)
    line = write_line(conversation, Line.GROUP_CREATED, seq=head, at=timezone.now(), actor=owner, people=people)
    announce_message(line, [owner.pk, *(person.pk for person in people)])
    return conversation


@transaction.atomic
def change_group(
    *, actor: User, conversation: Conversation, title: str | None = None, announcement: str | None = None
) -> Conversation:
    """Give the group another title or announcement. What is None, or as it was, stays."""
    if title is not None:
        title = checked_title(title)
    if announcement is not None:
        announcement = checked_announcement(announcement)
    conversation = lock_group(conversation)
    if not membership(conversation, actor).may_manage:
        raise NotAllowedInGroup
    lines = []
    if title is not None and title != conversation.title:
        conversation.title = title
        lines.append(Line.TITLE_CHANGED if title else Line.TITLE_REMOVED)
    if announcement is not None and announcement != conversation.announcement:
        conversation.announcement = announcement
        lines.append(Line.ANNOUNCEMENT_CHANGED)
    if not lines:
        return conversation
    numbers = take_number(conversation, count=1 + len(lines))
    conversation.changed_seq = numbers.first
    conversation.save(update_fields=["title", "announcement", "changed_seq"])
    recipients = list(members_at(conversation.pk, numbers.member_epoch))
    live.publish(recipients, events.conversation_changed(conversation))
    for seq, line in enumerate(lines, start=numbers.first + 1):
        named = conversation.title if line == Line.TITLE_CHANGED else ""
        said = write_line(conversation, line, seq=seq, at=numbers.taken_at, actor=actor, title=named)
        announce_message(said, recipients)
    return conversation


def lock_group(conversation: Conversation) -> Conversation:
    """The group as it stands now, held until the transaction ends."""
    locked = Conversation.objects.select_for_update(no_key=True).filter(pk=conversation.pk).first()
    if locked is None:
        raise NotAMember
    if not locked.is_group:
        raise NotAGroup
    return locked


def membership(conversation: Conversation, person: User) -> Member:
    member = conversation.member(person)
    if member is None:
        raise NotAMember
    return member


def refuse_unless_friends(person: User, others: Sequence[User]) -> None:
    friends = set(
        User.objects.active()
        .friends_of(person)
        .filter(pk__in=[other.pk for other in others])
        .values_list("pk", flat=True)
    )
    strangers = [other.handle for other in others if other.pk not in friends]
    if strangers:
        sentence = _("You can only add friends: %(handles)s") % {"handles": ", ".join(strangers[:10])}
        raise NotFriends(errors={"members": sentence})


def checked_title(title: str) -> str:
    title = clean_line(title)
    if len(title) > TITLE_LENGTH_MAX:
        raise TitleTooLong(errors={"title": TitleTooLong.sentence})
    return title


def checked_announcement(announcement: str) -> str:
    announcement = announcement.strip().replace("\x00", "")
    if len(announcement) > ANNOUNCEMENT_LENGTH_MAX:
        raise AnnouncementTooLong(errors={"announcement": AnnouncementTooLong.sentence})
    return announcement


def _create_direct(person: User, other: User) -> Conversation:
    conversation = Conversation.objects.create(
        kind=Conversation.Kind.DIRECT,
        direct_key=direct_key_of(person.pk, other.pk),
        head=3,
        changed_seq=1,
        created_by=person,
        member_count=2,
        face_ids=[person.pk, other.pk],
    )
    _seat(conversation, [person, other])
    return conversation


def _seat(conversation: Conversation, people: Sequence[User], owner: User | None = None) -> None:
    Member.objects.bulk_create(
        Member(
            conversation=conversation,
            user=person,
            role=Member.Role.OWNER if person == owner else Member.Role.MEMBER,
            joined_seq=1,
            changed_seq=seq,
        )
        for seq, person in enumerate(people, start=2)
    )
