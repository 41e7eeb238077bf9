from __future__ import annotations

from django.db import transaction
from django.db.models import F

from accounts.models import User
from chat import events
from chat.models import Conversation, Member
from chat.readers import told_of_reading
from superapp.kernel import live

from .hearing import refuse_unless_heard
from .mentions import forget_mentions
from .numbering import members_at
from .own import change_own_place


@transaction.atomic
def mark_read(*, reader: User, conversation: Conversation, seq: int) -> int:
    """Everything up to `seq` has been seen. The mark never goes back, nor past what there is; where it stands now."""
    mine = Member.objects.active().filter(conversation=conversation, user=reader)
    found = mine.select_related("conversation").first()
    if found is None:
        return 0
    read_seq, mentioned_seq, conversation = found.read_seq, found.mentioned_seq, found.conversation
    seq = max(0, min(seq, conversation.head))
    if found.marked_unread:
        change_own_place(member=found, marked_unread=False)
    if mine.filter(read_seq__lt=seq).update(read_seq=seq):
        if mentioned_seq > read_seq:
            forget_mentions(reader=reader, conversation=conversation, after=read_seq, until=seq)
        live.publish([reader.pk], events.read(conversation.pk, seq))
        members = list(members_at(conversation.pk, conversation.member_epoch))
        live.publish(told_of_reading(reader, conversation, members), events.read_by(conversation.pk, seq, reader))
        return seq
    return mine.values_list(F("read_seq"), flat=True).first() or 0


@transaction.atomic
def tell_typing(*, person: User, conversation: Conversation) -> None:
    """Show the others that somebody writes: whoever would hear the message. Nothing is kept of it."""
    others = [one for one in members_at(conversation.pk, conversation.member_epoch) if one != person.pk]
    if conversation.is_request:
        return  # neither shows the other anything before they talk
    if conversation.is_direct:
        refuse_unless_heard(person, others[0])
    live.publish(others, events.typing(conversation.pk, person))
