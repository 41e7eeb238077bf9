"""Ways into a group that take somebody's word: of the one who is invited, of the admins, or of both."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.names import clean_line
from chat.models import Admission, ChatPrivacy, Conversation, Member
from chat.models.admission import GREETING_LENGTH_MAX, AdmissionQuerySet
from notifications.services import notify, notify_many, take_back
from superapp.kernel.batches import ROWS_AT_ONCE
from superapp.kernel.errors import Invalid, NotFound

from .conversations import lock_group
from .lines import Line
from .seating import seat

_OPEN = [Admission.State.INVITED, Admission.State.ASKING]


class GreetingTooLong(Invalid):
    code = "too_long"
    sentence = _("This greeting is too long.")


def who_is_asked_first(people: Sequence[User], *, size: int) -> set[int]:
    """Of friends about to be put into a group that would then have `size` members: whose word is needed. In large
    groups everybody's, else theirs who have said so."""
    if size > settings.GROUP_CONSENT_ABOVE:
        return {person.pk for person in people}
    wish = ChatPrivacy.objects.filter(user__in=people, groups=ChatPrivacy.Groups.ASK)
    return set(wish.values_list("user_id", flat=True))


def invite_people(conversation: Conversation, people: Sequence[User], *, actor: User) -> None:
    """Ask each of them. Who has been asked already, or waits for the admins, is not asked again."""
    for admission in _open_up(conversation, people, state=Admission.State.INVITED, invited_by=actor):
        notify(
            recipient=admission.user,
            kind="group_invitation",
            actor=actor,
            target=admission,
            data={"title": conversation.title},
        )


def ask_admins(
    conversation: Conversation, people: Sequence[User], *, invited_by: User | None, greeting: str = ""
) -> list[Admission]:
    greeting = clean_line(greeting)
    if len(greeting) > GREETING_LENGTH_MAX:
        raise GreetingTooLong(errors={"greeting": GreetingTooLong.sentence})
    asking = _open_up(conversation, people, state=Admission.State.ASKING, invited_by=invited_by, greeting=greeting)
    for admission in asking:
        _tell_managers(admission)
    return asking


@transaction.atomic
def accept_invitation(*, person: User, admission: Admission) -> Admission:
    """Come in; or, where a plain member invited and the admins decide, ask them."""
    conversation = lock_group(admission.conversation)
    found = _fresh(Admission.objects.invited(person), admission)
    inviter = conversation.member(found.invited_by) if found.invited_by else None
    if inviter is None or not inviter.may_bring(conversation):
        raise NotFound  # who invited has gone, and the invitation with them
    take_back(kind="group_invitation", target=found)
    if conversation.joining_needs_approval and not inviter.may_manage:
        found.state = Admission.State.ASKING
        found.save(update_fields=["state"])
        _tell_managers(found)
        return found
    seat(conversation, [person], line=Line.JOINED_BY_INVITE, actor=inviter.user, invited_by=inviter.user)
    found.refresh_from_db()
    return found


@transaction.atomic
def decline_invitation(*, person: User, admission: Admission) -> None:
    """The one who invited is not told."""
    lock_group(admission.conversation)
    found = _fresh(Admission.objects.invited(person), admission)
    _close(found, Admission.State.DECLINED, by=person)
    take_back(kind="group_invitation", target=found)


@transaction.atomic
def accept_join_request(*, actor: User, admission: Admission) -> Admission:
    """Let somebody in, as owner or admin."""
    conversation = lock_group(admission.conversation)
    found = _fresh(Admission.objects.for_managers(actor), admission)
    take_back(kind="group_join_request", target=found)
    if conversation.member(found.user) is None:
        seat(conversation, [found.user], line=Line.LET_IN, actor=actor, invited_by=found.invited_by)
        data = {"title": conversation.title}
        notify(recipient=found.user, kind="group_joined", actor=actor, target=conversation, data=data)
    _close(found, Admission.State.JOINED, by=actor)
    return found


@transaction.atomic
def decline_join_request(*, actor: User, admission: Admission) -> None:
    """The one who asked is not told, and may ask again."""
    lock_group(admission.conversation)
    found = _fresh(Admission.objects.for_managers(actor), admission)
    take_back(kind="group_join_request", target=found)
    _close(found, Admission.State.DECLINED, by=actor)


def _open_up(
    conversation: Conversation,
    people: Sequence[User],
    *,
    state: Admission.State,
    invited_by: User | None,
    greeting: str = "",
) -> list[Admission]:
    """One for each who has none open. The caller holds the conversation, so nobody else opens any meanwhile."""
    already = set(
        Admission.objects.filter(conversation=conversation, user__in=people, state__in=_OPEN).values_list(
            "user_id", flat=True
        )
    )
    admissions = (
        Admission(conversation=conversation, user=person, state=state, invited_by=invited_by, greeting=greeting)
        for person in people
        if person.pk not in already
    )
    return Admission.objects.bulk_create(admissions, batch_size=ROWS_AT_ONCE)


def _fresh(answerable: AdmissionQuerySet, admission: Admission) -> Admission:
    """The row as it is under the lock of its group, if it is still to be answered by this person."""
    found: Admission | None = (
        answerable.filter(pk=admission.pk).select_related("user", "invited_by", "conversation").first()
    )
    if found is None:
        raise NotFound
    return found


def _close(admission: Admission, state: Admission.State, *, by: User) -> None:
    admission.state, admission.answered_at, admission.answered_by = state, now(), by
    admission.save(update_fields=["state", "answered_at", "answered_by"])


def _tell_managers(admission: Admission) -> None:
    conversation = admission.conversation
    managers = conversation.members.active().filter(role__in=Member.MANAGERS)
    notify_many(
        recipients=managers.values_list("user_id", flat=True),
        kind="group_join_request",
        actor=admission.user,
        target=admission,
        data={"title": conversation.title, "conversation": conversation.pk},
    )
