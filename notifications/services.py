"""What a person is told, and what they say about being told."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import Model
from django.utils.timezone import now

from accounts.models import User
from superapp.kernel import outbox
from superapp.kernel.batches import ROWS_AT_ONCE
from superapp.kernel.errors import Invalid

from . import kinds
from .badges import badges, publish_badges, register_badge
from .models import EmailSwitch, Notification
from .tasks import deliver_notifications

__all__ = [
    "badges",
    "change_email_settings",
    "email_settings",
    "mark_read",
    "notify",
    "notify_many",
    "publish_badges",
    "register_badge",
    "take_back",
]

DELIVERED_AT_ONCE = 100  # notifications to one task, so that a task stays within its time limit


class UnknownKind(Invalid):
    code = "unknown_kind"


@transaction.atomic
def notify(
    *,
    recipient: User,
    kind: str,
    actor: User | None,
    target: Model | None = None,
    data: dict[str, Any] | None = None,
) -> Notification | None:
    """Tell a person something. Nothing happens (and None comes back) for oneself, for pairs with a block between
    them, for people who are suspended, and while the same thing is still unread."""
    told = notify_many(recipients=[recipient.pk], kind=kind, actor=actor, target=target, data=data)
    return Notification.objects.get(pk=told[0]) if told else None


@transaction.atomic
def notify_many(
    *,
    recipients: Iterable[int],
    kind: str,
    actor: User | None,
    target: Model | None = None,
    data: dict[str, Any] | None = None,
) -> list[int]:
    """`notify` for a batch of people (by id), in a fixed number of queries; the ids of the notifications made."""
    people = User.objects.active().filter(pk__in=list(recipients), is_bot=False)
    if actor is not None:
        people = people.exclude(pk=actor.pk).not_blocked_with(actor)
    about_type = target._meta.label_lower if target is not None else ""
    about_id = str(target.pk) if target is not None else ""
    sameness = _sameness(kind, actor, f"{about_type}:{about_id}", data or {})
    unread = Notification.objects.unread().filter(sameness=sameness, recipient__in=people)
    already = set(unread.values_list("recipient_id", flat=True))
    Notification.objects.bulk_create(
        [
            Notification(
                recipient_id=person_id,
                kind=kinds.get(kind).code,
                actor=actor,
                target_type=about_type,
                target_id=about_id,
                data=data or {},
                sameness=sameness,
            )
            for person_id in people.order_by("pk").values_list("pk", flat=True)
            if person_id not in already
        ],
        ignore_conflicts=True,  # another request may be telling the same at this moment
        batch_size=ROWS_AT_ONCE,
    )
    ids = list(unread.exclude(recipient__in=already).order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), DELIVERED_AT_ONCE):
        outbox.enqueue(deliver_notifications, notification_ids=ids[start : start + DELIVERED_AT_ONCE])
    return ids


def _sameness(kind: str, actor: User | None, about: str, data: dict[str, Any]) -> str:
    if about == ":":
        text = json.dumps(data, sort_keys=True, cls=DjangoJSONEncoder)
        about = hashlib.sha256(text.encode()).hexdigest()
    return f"{kind}:{actor.pk if actor else ''}:{about}"


@transaction.atomic
def mark_read(*, person: User, ids: Iterable[int] | None = None) -> int:
    """Mark the person's notifications read: these, or all. Ids of others, and ids long gone, are passed over."""
    unread = Notification.objects.filter(recipient=person).unread()
    if ids is not None:
        unread = unread.filter(pk__in=list(ids))
    marked = unread.update(read_at=now())
    if marked:
        publish_badges(person)
    return marked


@transaction.atomic
def take_back(*, kind: str, target: Model, actor: User | None = None) -> None:
    """Forget what was told of a thing that no longer holds (a request answered, a like undone)."""
    rows = Notification.objects.filter(kind=kind, target_type=target._meta.label_lower, target_id=str(target.pk))
    if actor is not None:
        rows = rows.filter(actor=actor)
    rows.delete()


def email_settings(person: User) -> dict[str, bool]:
    """For every kind: does it come by e-mail?"""
    own_words = dict(EmailSwitch.objects.filter(person=person).values_list("kind", "is_on"))
    return {kind.code: own_words.get(kind.code, kind.email_default) for kind in kinds.every()}


@transaction.atomic
def change_email_settings(*, person: User, email: Mapping[str, bool]) -> None:
    if not email.keys() <= set(kinds.codes()):
        raise UnknownKind(errors={"email": UnknownKind.sentence})
    EmailSwitch.objects.bulk_create(
        [EmailSwitch(person=person, kind=code, is_on=is_on) for code, is_on in sorted(email.items())],
        update_conflicts=True,
        unique_fields=["person", "kind"],
        update_fields=["is_on"],
    )
