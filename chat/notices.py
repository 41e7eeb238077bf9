"""What chat adds to the apps below it."""

from __future__ import annotations

from django.db.models import Count, IntegerField, OuterRef, Subquery, Sum
from django.db.models.functions import Greatest

from accounts.models import User

from .models import Member, Message
from .models.conversation import UNREAD_MAX
from .services.conversations import greet_new_friends as greet


def greet_new_friends(asker: User, accepter: User) -> None:
    greet(asker=asker, accepter=accepter)


def count_unread(user: User) -> int:
    """The number on the tab: unread messages of conversations that are not muted."""
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
    loud = Member.objects.active().filter(user=user, muted=False)
    return loud.aggregate(total=Sum(Subquery(new, output_field=IntegerField())))["total"] or 0
