from __future__ import annotations

from django.db import transaction

from accounts.models import User
from chat import events
from chat.models import Message, VoiceHeard
from superapp.kernel import live
from superapp.kernel.errors import NotFound


@transaction.atomic
def mark_heard(*, listener: User, message: Message) -> None:
    """The listener has begun to play it. The dot goes out on all of the listener's devices; nobody else is told."""
    visible = Message.objects.visible_to(listener).filter(pk=message.pk, kind=Message.Kind.VOICE, recalled_at=None)
    if not visible.exists():
        raise NotFound
    if message.sender_id == listener.pk:
        return
    _heard, is_new = VoiceHeard.objects.get_or_create(message=message, listener=listener)
    if is_new:
        live.publish([listener.pk], events.voice_heard(message))
