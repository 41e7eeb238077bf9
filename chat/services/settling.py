from __future__ import annotations

from chat.models import Conversation, Message
from uploads.models import Upload

from .changes import number_change


def show_settled(upload: Upload) -> None:
    """What was sent while it was being converted is there now, or will not be: every message that carries it changes.
    Conversations are held in one order, as forwards and recalls hold them."""
    messages = list(
        Message.objects.filter(attachments__upload=upload, recalled_at=None)
        .order_by("conversation", "seq")
        .for_display()
    )
    held = Conversation.objects.filter(pk__in=[message.conversation_id for message in messages])
    conversations = {one.pk: one for one in held.select_for_update(no_key=True).order_by("pk")}
    for message in messages:
        message.conversation = conversations[message.conversation_id]
        number_change(message)
