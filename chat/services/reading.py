from __future__ import annotations

from django.db import transaction
from django.db.models import F

from accounts.models import User
from chat import events
from chat.models import Conversation, Member
from superapp.kernel import live

from .messages import refuse_unless_heard
from .numbering import members_at


@transaction.atomic
def mark_read(*, reader: User, conversation: Conversation, seq: int) -> int:
    """Everything up to `seq` has been seen. The mark never goes back, nor past what there is; where it stands now."""
    head = Conversation.objects.filter(pk=conversation.pk).values_list("head", flat=True).get()
    seq = max(0, min(seq, head))
    mine = Member.objects.active().filter(conversation=conversation, user=reader)
    if mine.filter(read_seq__lt=seq).update(read_seq=seq):
        live.publish([reader.pk], events.read(conversation.pk, seq))
        return seq
    return mine.values_list(F("read_seq"), flat=True).first() or 0


@transaction.atomic
def tell_typing(*, person: User, conversation: Conversation) -> None:
    """Show the others that somebody writes: whoever would hear the message. Nothing is kept of it."""
    others = [one for one in members_at(conversation.pk, conversation.member_epoch) if one != person.pk]
    if conversation.is_direct:
        refuse_unless_heard(person, others[0])
    live.publish(others, events.typing(conversation.pk, person))
