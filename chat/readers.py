"""Who has read what, as far as people show it to one another: between two friends who both wish so, and in groups whose
rule it is."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from superapp.kernel.errors import Forbidden

from .models import Conversation, Member, Message

READERS_MAX = 500
TOLD_MAX = 50  # members of a group who are told live; of larger ones, whoever asks


class ReadersHidden(Forbidden):
    code = "readers_hidden"
    sentence = _("In this chat nobody is shown what others have read.")


def marks_shown_to(viewer: User, conversation: Conversation) -> QuerySet[Member]:
    """The places of the others whose marks the viewer may see."""
    others = Member.objects.active().filter(conversation=conversation).exclude(user=viewer)
    if conversation.is_direct:
        return others.filter(user__in=User.objects.sharing_receipts_with(viewer))
    return others if conversation.shows_readers else others.none()


def readers_of(message: Message, viewer: User) -> list[Member]:
    """Those who have read a message that the viewer sees, the longest members first."""
    shown = marks_shown_to(viewer, message.conversation)
    if not shown.exists():
        raise ReadersHidden
    read = shown.filter(read_seq__gte=message.seq, joined_seq__lte=message.seq).exclude(user=message.sender_id)
    return list(read.select_related("user").order_by("joined_at", "pk")[:READERS_MAX])


def read_by_other(viewer: User, conversation: Conversation) -> int:
    """Up to where the other one of a conversation of two has read; 0 where that is not shown."""
    if not conversation.is_direct or not viewer.read_receipts:
        return 0
    return marks_shown_to(viewer, conversation).values_list("read_seq", flat=True).first() or 0


def told_of_reading(reader: User, conversation: Conversation, members: list[int]) -> list[int]:
    """Who of the members hears at once that the reader has come further."""
    if conversation.is_direct:
        return list(User.objects.sharing_receipts_with(reader).filter(pk__in=members).values_list("pk", flat=True))
    if conversation.shows_readers and len(members) <= TOLD_MAX:
        return [user_id for user_id in members if user_id != reader.pk]
    return []
