"""Telling members how something stands that many change at once: a poll, a sign-up list, a to-do.

Each change is kept at once and owes one announcement, which is made by a task, no more than once a second. It counts
everything again under the lock, so nothing is told twice and the last change is never missed. Whoever changes the
thing holds it alone; whoever announces it holds the conversation first, and the thing after it.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils.timezone import now

from chat import events, tasks
from chat.models import Conversation, Message, Poll, SignUpList, Todo
from superapp.kernel import live, outbox

from .numbering import GroupDissolved, members_at, take_number, who_may_see

EVERY = timedelta(seconds=1)

Thing = Poll | SignUpList | Todo
_MODELS: dict[str, type[Thing]] = {"poll": Poll, "list": SignUpList, "todo": Todo}


def announce(thing: Thing) -> None:
    """Owe the members a word, as soon as a second has passed since the last one. The caller holds the thing."""
    if thing.is_announcement_owed:
        return
    thing.is_announcement_owed = True
    thing.save(update_fields=["is_announcement_owed"])
    what = next(name for name, model in _MODELS.items() if isinstance(thing, model))
    wait = EVERY if thing.announced_at > now() - EVERY else timedelta(0)
    outbox.enqueue(tasks.announce, what=what, thing_id=thing.pk, delay=wait)


def hold_conversation(thing: Thing) -> Conversation:
    """Held until the transaction ends. Before the thing itself is."""
    return Conversation.objects.select_for_update(no_key=True).get(pk=thing.conversation_id)


def announce_now(thing: Thing) -> None:
    """Number the change and tell everybody who may see it. The caller holds the conversation, and the thing."""
    number = take_number(thing.conversation, speaks=False)
    thing.announced_at, thing.is_announcement_owed = now(), False
    thing.save(update_fields=["announced_at", "is_announcement_owed"])
    members = members_at(thing.conversation_id, number.member_epoch)
    if isinstance(thing, Todo):
        conversation = thing.conversation
        conversation.refresh_from_db()
        conversation.changed_seq = number.last
        conversation.save(update_fields=["changed_seq"])
        live.publish(members, events.conversation_changed(conversation))
        return
    message = Message.objects.for_display().get(pk=thing.message_id)
    message.payload, message.changed_seq = thing.snapshot(), number.last
    message.save(update_fields=["payload", "changed_seq"])
    live.publish(who_may_see(members, message.seq), events.message_changed(message))


@transaction.atomic
def announce_owed(*, what: str, thing_id: int) -> None:
    """What has been owed since the last announcement. Running it again does nothing."""
    things = _MODELS[what]._default_manager.select_related("conversation")
    thing = things.filter(pk=thing_id).first()
    if thing is None:
        return
    hold_conversation(thing)
    thing = things.filter(pk=thing_id).select_for_update(no_key=True, of=("self",)).first()
    if thing is None or not thing.is_announcement_owed:
        return
    try:
        with transaction.atomic():
            announce_now(thing)
    except GroupDissolved:  # nobody is told of anything there any more
        thing.is_announcement_owed = False
        thing.save(update_fields=["is_announcement_owed"])
