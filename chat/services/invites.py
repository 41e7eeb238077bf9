"""Links into a group."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from chat.models import Admission, Conversation, Invite
from superapp.kernel import limits
from superapp.kernel.errors import Conflict, Invalid, NotFound

from .admissions import ask_admins
from .conversations import lock_group, membership
from .lines import Line
from .members import OnlyAdminsInvite
from .seating import seat

HOURS_MAX = 30 * 24
USES_MAX = 100_000


class InviteNotFound(NotFound):
    code = "invite_not_found"
    sentence = _("This invitation does not work any more. Ask for a new one.")


class BadSpan(Invalid):
    code = "bad_span"
    sentence = _("An invitation works from one hour to 30 days, or without an end.")


class BadUses(Invalid):
    code = "bad_uses"
    sentence = _("An invitation is for one person or more.")


class TooManyInvites(Conflict):
    code = "too_many_invites"
    sentence = _("There are as many invitations as there can be. Revoke one first.")


@transaction.atomic
def create_invite(
    *, actor: User, conversation: Conversation, hours: int | None = None, max_uses: int | None = None
) -> Invite:
    """A link that brings people in: for so many hours (None: without an end), for so many people (None: for all)."""
    if hours is not None and not 1 <= hours <= HOURS_MAX:
        raise BadSpan(errors={"hours": BadSpan.sentence})
    if max_uses is not None and not 1 <= max_uses <= USES_MAX:
        raise BadUses(errors={"max_uses": BadUses.sentence})
    conversation = lock_group(conversation)
    own = membership(conversation, actor)
    if not own.may_bring(conversation):
        raise OnlyAdminsInvite
    if Invite.objects.unspent().filter(conversation=conversation, created_by=actor).count() >= settings.INVITES_MAX:
        raise TooManyInvites
    until = now() + timedelta(hours=hours) if hours is not None else None
    return Invite.objects.create(conversation=conversation, created_by=actor, expires_at=until, max_uses=max_uses)


@transaction.atomic
def revoke_invite(*, actor: User, invite: Invite) -> None:
    """From now on nobody comes in by it. Revoking twice changes nothing."""
    lock_group(invite.conversation, even_dissolved=True)
    if not Invite.objects.visible_to(actor).filter(pk=invite.pk).exists():
        raise NotFound
    Invite.objects.filter(pk=invite.pk, revoked_at__isnull=True).update(revoked_at=Now())


@transaction.atomic
def join_by_invite(*, person: User, invite: Invite, greeting: str = "") -> Conversation | Admission:
    """Come in; or ask the admins, where they decide who does. Under the group's lock, so that an invitation for so
    many lets in exactly so many. One who is in it already uses nothing up."""
    limits.count("join", person.pk)
    conversation = lock_group(invite.conversation, even_dissolved=True)
    if conversation.member(person) is not None:
        return conversation
    found = Invite.objects.open_to(person).filter(pk=invite.pk).select_related("created_by").first()
    if found is None:
        raise InviteNotFound
    asked = Admission.objects.filter(conversation=conversation, user=person, state=Admission.State.ASKING).first()
    if asked is not None:
        return asked
    Invite.objects.filter(pk=found.pk).update(uses=F("uses") + 1)
    if conversation.joining_needs_approval:
        Admission.objects.filter(conversation=conversation, user=person, state=Admission.State.INVITED).delete()
        return ask_admins(conversation, [person], invited_by=found.created_by, greeting=greeting)[0]
    seat(conversation, [person], line=Line.JOINED_BY_INVITE, actor=found.created_by, invited_by=found.created_by)
    return conversation
