from __future__ import annotations

from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.names import clean_line
from chat import events
from chat.models import ChatPrivacy, Conversation, Member
from chat.models.conversation import ANNOUNCEMENT_LENGTH_MAX, TITLE_LENGTH_MAX, direct_key_of
from notifications.services import notify_many
from superapp.kernel import limits, live
from superapp.kernel.batches import ROWS_AT_ONCE
from superapp.kernel.errors import Conflict, Forbidden, Invalid, NotFound

from .lines import Line, announce_message, write_line
from .numbering import GroupDissolved, members_at, take_number, who_may_see

NOTICE_LENGTH_MAX = 200


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
    """The conversation of two people, made when it is first needed. One with a former friend stays readable. What a
    stranger says waits in a box until it is accepted (`services/requests.py`)."""
    found = Conversation.objects.direct_between(person, other).first()
    if found is not None:
        return found
    are_friends = person == other or person.is_friend_of(other)  # with oneself: a place for notes and files
    if not are_friends:
        _refuse_unless_may_ask(person, other)
    try:
        with transaction.atomic():
            return _create_direct(person, other, requested_by=None if are_friends else person)
    except IntegrityError:  # the other opened it in the same moment
        return Conversation.objects.direct_between(person, other).get()


@transaction.atomic
def greet_new_friends(*, asker: User, accepter: User) -> None:
    """Open their conversation with a line that says so. Friends once more get the line below what they said before."""
    conversation = open_direct(person=accepter, other=asker)
    number = take_number(conversation)
    # What was a request between strangers is a conversation of friends now, and ends with the friendship.
    Conversation.objects.filter(pk=conversation.pk).update(requested_by=None, accepted_at=None, declined_at=None)
    line = write_line(
        conversation, Line.NOW_FRIENDS, seq=number.last, at=number.taken_at, actor=accepter, people=[asker]
    )
    announce_message(line, who_may_see(members_at(conversation.pk, number.member_epoch), line.seq))


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
    lines: list[Line] = []
    if title is not None and title != conversation.title:
        conversation.title = title
        lines.append(Line.TITLE_CHANGED if title else Line.TITLE_REMOVED)
    if announcement is not None and announcement != conversation.announcement:
        conversation.announcement = announcement
        lines.append(Line.ANNOUNCEMENT_CHANGED if announcement else Line.ANNOUNCEMENT_REMOVED)
    if not lines:
        return conversation
    numbers = take_number(conversation, count=1 + len(lines))
    conversation.changed_seq = numbers.first
    if lines[-1] == Line.ANNOUNCEMENT_CHANGED:
        conversation.announced_by, conversation.announced_at = actor, numbers.taken_at
        conversation.announced_seq = numbers.first
    conversation.save(
        update_fields=["title", "announcement", "announced_by", "announced_at", "announced_seq", "changed_seq"]
    )
    recipients = list(members_at(conversation.pk, numbers.member_epoch))
    live.publish(recipients, events.conversation_changed(conversation))
    for seq, line in enumerate(lines, start=numbers.first + 1):
        named = conversation.title if line == Line.TITLE_CHANGED else ""
        said = write_line(conversation, line, seq=seq, at=numbers.taken_at, actor=actor, title=named)
        announce_message(said, recipients)
    if lines[-1] == Line.ANNOUNCEMENT_CHANGED:
        _tell_everybody(conversation, recipients, author=actor)
    return conversation


def _tell_everybody(conversation: Conversation, members: Sequence[int], *, author: User) -> None:
    """An announcement is for everybody, also for those who have muted the group. The author has read it."""
    own = Member.objects.filter(conversation=conversation, user=author)
    own.update(announcement_seq=conversation.announced_seq)
    data = {"title": conversation.title, "text": conversation.announcement[:NOTICE_LENGTH_MAX]}
    notify_many(recipients=members, kind="group_announcement", actor=author, target=conversation, data=data)


def lock_group(conversation: Conversation, *, even_dissolved: bool = False) -> Conversation:
    """The group as it stands now, held until the transaction ends."""
    locked = Conversation.objects.select_for_update(no_key=True).filter(pk=conversation.pk).first()
    if locked is None:
        raise NotAMember
    if not locked.is_group:
        raise NotAGroup
    if locked.is_dissolved and not even_dissolved:
        raise GroupDissolved
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


def _refuse_unless_may_ask(person: User, other: User) -> None:
    """May this stranger knock? Blocked people find nobody there."""
    if person == other or other.is_bot:
        raise NotFriends
    if not User.objects.visible_to(person).filter(pk=other.pk).exists():
        raise NotFound
    if person.has_blocked(other):
        raise NotFriends(_("You have blocked this person. Unblock them to write."))
    if ChatPrivacy.objects.filter(user=other, strangers=ChatPrivacy.Strangers.NOBODY).exists():
        raise NotFriends(_("Only their friends can write to them. Send a friend request first."))
    limits.count("message-request", person.pk)


def _create_direct(person: User, other: User, *, requested_by: User | None = None) -> Conversation:
    people = list(dict.fromkeys([person, other]))
    conversation = Conversation.objects.create(
        kind=Conversation.Kind.DIRECT,
        direct_key=direct_key_of(person.pk, other.pk),
        head=1 + len(people),
        changed_seq=1,
        created_by=person,
        requested_by=requested_by,
        member_count=len(people),
        face_ids=[one.pk for one in people],
    )
    seat_founders(conversation, people)
    return conversation


def seat_founders(conversation: Conversation, people: Sequence[User], owner: User | None = None) -> None:
    members = (
        Member(
            conversation=conversation,
            user=person,
            role=Member.Role.OWNER if person == owner else Member.Role.MEMBER,
            joined_seq=1,
            changed_seq=seq,
        )
        for seq, person in enumerate(people, start=2)
    )
    Member.objects.bulk_create(members, batch_size=ROWS_AT_ONCE)
