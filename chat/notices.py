"""What chat adds to the apps below it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Case, Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum, When
from django.db.models.functions import Coalesce, Greatest
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from notifications import kinds
from notifications.models import Notification
from superapp.kernel.prepared import Prepared

from .models import Member, Message, ScheduledMessage
from .models.conversation import UNREAD_MAX
from .services.conversations import greet_new_friends as greet


def greet_new_friends(asker: User, accepter: User) -> None:
    greet(asker=asker, accepter=accepter)


def _unread_of(user: User) -> QuerySet[Member, Any]:
    new = (
        Message.objects.countable_for(user)
        .filter(
            conversation=OuterRef("conversation"),
            seq__gt=Greatest(OuterRef("read_seq"), OuterRef("conversation__head") - UNREAD_MAX),
            seq__gte=OuterRef("joined_seq"),
        )
        .order_by()
        .values("conversation")
        .annotate(count=Count("pk"))
        .values("count")
    )
    marked = Case(When(marked_unread=True, then=1), default=0)
    counted = Coalesce(Subquery(new, output_field=IntegerField()), marked)
    named = Q(mentioned_seq__gt=F("read_seq"), mentioned_seq__gte=F("joined_seq"))
    loud = Member.objects.loud().filter(pk=OuterRef("pk"))
    waits = Case(When(Exists(loud), then=counted), When(named, then=1), default=0)
    may_wait = Q(marked_unread=True) | Q(conversation__head__gt=F("read_seq"))  # most conversations have been read
    mine = Member.objects.active().filter(may_wait, user=user).apart_from_requests().values("user")
    return mine.annotate(total=Sum(waits)).values_list("total")


_unread = Prepared(_unread_of)


def count_unread(user: User) -> int:
    """The number on the tab: unread messages of conversations that are loud, one for each that is marked as unread, and
    one for each quiet one in which somebody has named the person."""
    return sum(total for (total,) in _unread.tuples(user=user))


def register() -> None:
    kinds.register(
        "mention",
        sentence=_("%(actor)s mentioned you in %(conversation)s"),
        url=_message_url,
        visible=_visible_messages,
        label=_("When somebody mentions you in a chat"),
        icon="at-sign",
        details=_where,
    )
    kinds.register(
        "scheduled_failed",
        sentence=_("A message that you had scheduled could not be sent"),
        url=lambda _notification: reverse("chat:scheduled"),
        visible=_visible_scheduled,
        label=_("Scheduled messages that could not be sent"),
        icon="clock",
    )


def _message_url(notification: Notification) -> str:
    words = notification.details()
    conversation, seq = words.get("conversation", 0), words.get("seq", 0)
    return f"{reverse('chat:detail', args=[conversation])}?around={seq}#message-{seq}"


def _where(notification: Notification) -> dict[str, Any]:
    return {"conversation": notification.details().get("title") or gettext("a group")}


def _visible_messages(recipient: User, target_ids: set[Any]) -> Iterable[int]:
    seen = Message.objects.visible_to(recipient).filter(pk__in=target_ids, recalled_at=None)
    return seen.values_list("pk", flat=True)


def _visible_scheduled(recipient: User, target_ids: set[Any]) -> Iterable[int]:
    return ScheduledMessage.objects.visible_to(recipient).filter(pk__in=target_ids).values_list("pk", flat=True)
