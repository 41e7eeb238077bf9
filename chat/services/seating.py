"""Places in a group: who takes one, and what the group shows of its people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from chat import above, events
from chat.models import Admission, Conversation, Member, Message
from chat.models.conversation import FACES_MAX, new_epoch
from superapp.kernel import live
from superapp.kernel.batches import ROWS_AT_ONCE
from superapp.kernel.errors import Conflict

from .lines import Line, announce_message, write_line
from .numbering import members_at, take_number

TOLD_ONE_BY_ONE = 20  # of more who come at once, only the line is sent; clients find its number ahead, and sync


class GroupFull(Conflict):
    code = "group_full"
    sentence = _("The group has no room for so many.")


def seat(
    conversation: Conversation, people: Sequence[User], *, line: Line, actor: User, invited_by: User | None = None
) -> list[Member]:
    """Give these people their places in a group that the caller holds, with one line for all of them. Who was here
    before gets the same row again. The number of statements hardly grows with the number of people."""
    if conversation.member_count + len(people) > settings.GROUP_MEMBERS_MAX:
        raise GroupFull
    numbers = take_number(conversation, count=len(people) + 1, member_epoch=new_epoch())
    joined_seq = conversation.history_seq if conversation.history_for_new_members else numbers.first
    members = Member.objects.bulk_create(
        [
            Member(
                conversation=conversation,
                user=person,
                joined_seq=joined_seq,
                changed_seq=seq,
                read_seq=numbers.first - 1,  # what was said before is there to be read, and is not news
                joined_at=numbers.taken_at,
                invited_by=invited_by,
            )
            for seq, person in enumerate(people, start=numbers.first)
        ],
        update_conflicts=True,
        unique_fields=["conversation", "user"],
        update_fields=["role", "joined_seq", "changed_seq", "read_seq", "joined_at", "left_at", "invited_by"],
        batch_size=ROWS_AT_ONCE,
    )
    waiting = Admission.objects.filter(conversation=conversation, user__in=people)
    waiting.filter(state__in=[Admission.State.INVITED, Admission.State.ASKING]).update(
        state=Admission.State.JOINED, answered_at=numbers.taken_at, answered_by=actor
    )
    refresh_facts(conversation)
    recipients = list(members_at(conversation.pk, numbers.member_epoch))
    if len(members) <= TOLD_ONE_BY_ONE:
        announce_members(members, recipients)
    said = write_line(conversation, line, seq=numbers.last, at=numbers.taken_at, actor=actor, people=people)
    announce_message(said, recipients)
    return members


def announce_members(changed: Iterable[Member], recipients: Sequence[int]) -> None:
    for member in changed:
        live.publish(recipients, events.member_changed(member))
        for hear in above.on_member_changed:
            hear(member, recipients)


def refresh_facts(conversation: Conversation) -> None:
    active = conversation.members.active()
    conversation.member_count = active.count()
    conversation.face_ids = list(active.by_seniority().values_list("user_id", flat=True)[:FACES_MAX])
    conversation.__dict__.pop("faces", None)
    conversation.save(update_fields=["member_count", "face_ids"])


def say_line(conversation: Conversation, line: Line, *, actor: User, people: Iterable[User] = ()) -> Message:
    """A line under a number of its own."""
    number = take_number(conversation)
    said = write_line(conversation, line, seq=number.last, at=number.taken_at, actor=actor, people=people)
    announce_message(said, members_at(conversation.pk, number.member_epoch))
    return said
