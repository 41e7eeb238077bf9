"""A person's own place for a conversation: in what part of the list it stands, and how loud it is. Nobody else is told;
the person's other devices are."""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypedDict, Unpack

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chat import events
from chat.models import Member
from superapp.kernel import live
from superapp.kernel.errors import Invalid


class OwnPlace(TypedDict, total=False):
    """What is left out, or None, stays."""

    muted: bool | None
    muted_until: datetime | None
    pinned: bool | None
    folded: bool | None
    hidden: bool | None
    marked_unread: bool | None


class MutedInThePast(Invalid):
    code = "in_the_past"
    sentence = _("Choose a time that is still to come.")


@transaction.atomic
def change_own_place(*, member: Member, **wanted: Unpack[OwnPlace]) -> Member:
    """A conversation stands in one place: who pins it takes it out of the folded ones, who folds it unpins it, and
    either brings a hidden one back."""
    changes = _silence(wanted.get("muted"), wanted.get("muted_until")) | _position(wanted)
    if (marked_unread := wanted.get("marked_unread")) is not None:
        changes["marked_unread"] = marked_unread
    if not changes:
        return member
    Member.objects.active().filter(pk=member.pk).update(**changes)
    member.refresh_from_db(fields=list(changes))
    live.publish([member.user_id], events.own_changed(member))
    return member


def _silence(muted: bool | None, until: datetime | None) -> dict[str, Any]:
    if muted is None and until is None:
        return {}
    if until is not None and until <= timezone.now():
        raise MutedInThePast(errors={"muted_until": MutedInThePast.sentence})
    return {"muted": muted is not False, "muted_until": None if muted is False else until}


def _position(wanted: OwnPlace) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    if (folded := wanted.get("folded")) is not None:
        changes |= {"folded": True, "pinned": False, "hidden_at": None} if folded else {"folded": False}
    if (pinned := wanted.get("pinned")) is not None:
        changes |= {"pinned": True, "folded": False, "hidden_at": None} if pinned else {"pinned": False}
    if (hidden := wanted.get("hidden")) is not None:
        changes["hidden_at"] = Now() if hidden else None
    return changes
