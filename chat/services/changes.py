"""What is done to a message that has been said: hold it, change it, number the change, tell who may see it."""

from __future__ import annotations

from collections.abc import Sequence

from accounts.models import User
from chat import above, events
from chat.models import Conversation, Member, Message
from superapp.kernel import live
from superapp.kernel.errors import NotFound

from .hearing import refuse_unless_heard
from .numbering import Numbers, members_at, take_number, who_may_see


def hold(message: Message, actor: User) -> tuple[Message, Member]:
    """The message as it stands, and the actor's place where it was said, held until the transaction ends. Every change
    of a message begins here, so that changes of one conversation come one after the other."""
    conversation = (
        Conversation.objects.select_for_update(no_key=True, of=("self",))
        .for_member(actor)
        .filter(pk=message.conversation_id)
        .first()
    )
    if conversation is None:
        raise NotFound
    member = conversation.member(actor)
    if member is None:
        raise NotFound
    visible = Message.objects.seen_by(member).filter(pk=message.pk).for_display()
    held = visible.select_for_update(no_key=True, of=("self",)).first()
    if held is None:
        raise NotFound
    held.conversation = member.conversation = conversation
    return held, member


def number_change(message: Message, *fields: str, with_quotes: bool = False) -> Message:
    """Write the change down under the next number of the conversation, and tell of it. What quotes the message has
    changed `with_quotes`: it shows other words now."""
    quoting = _quoting(message) if with_quotes else []
    numbers = take_number(message.conversation, count=1 + len(quoting), speaks=False)
    message.changed_seq = numbers.first
    message.save(update_fields=["changed_seq", *fields])
    for seq, reply in enumerate(quoting, start=numbers.first + 1):
        reply.changed_seq = seq
    Message.objects.bulk_update(quoting, ["changed_seq"], batch_size=200)
    _tell([message, *quoting], numbers)
    return message


def refuse_unless_heard_in(conversation: Conversation, person: User) -> None:
    """Between two people, what changes what the other reads is for those alone who could say it anew."""
    if conversation.is_direct and not conversation.is_own:
        one, _, other = (conversation.direct_key or "").partition(":")
        refuse_unless_heard(person, int(other if int(one) == person.pk else one))


def _quoting(message: Message) -> list[Message]:
    return list(Message.objects.filter(reply_to=message).for_display().order_by("seq"))


def _tell(changed: Sequence[Message], numbers: Numbers) -> None:
    conversation = changed[0].conversation
    members = members_at(conversation.pk, numbers.member_epoch)
    if conversation.is_request:  # nobody has agreed to hear it yet
        members = {one: seq for one, seq in members.items() if one == conversation.requested_by_id}
    for message in changed:
        recipients = who_may_see(members, message.seq)
        live.publish(recipients, events.message_changed(message))
        for hear in above.on_message_changed:
            hear(message, recipients)
