"""Brings the index up to what has been said: behind the senders' backs, in batches, by the numbers of conversations."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import transaction

from chat.links import first_link
from chat.models import Conversation, Message, SearchProgress
from chat.models.search_progress import behind
from superapp.kernel.words import tokens

from . import store

BATCH = 1000
CARRIED = {
    Message.Kind.IMAGE: "photo",
    Message.Kind.VIDEO: "photo",
    Message.Kind.VOICE: "voice",
    Message.Kind.FILE: "file",
}


def index_everything(limit: int = 200) -> int:
    """Index what the index does not have, conversation by conversation; how many batches that took."""
    batches = 0
    for pk in behind(Conversation.objects.all()).order_by("-active_at").values_list("pk", flat=True)[:limit]:
        has_more = True
        while has_more:
            has_more = index_conversation(pk)
            batches += 1
    return batches


@transaction.atomic
def index_conversation(conversation_id: int) -> bool:
    """Index the next batch of a conversation; whether there is more."""
    SearchProgress.objects.bulk_create([SearchProgress(conversation_id=conversation_id)], ignore_conflicts=True)
    progress = SearchProgress.objects.filter(pk=conversation_id).locked().first()
    if progress is None:  # somebody else is at it
        return False
    # Read before the rows: whatever has a number up to the head is visible by now.
    head = Conversation.objects.values_list("head", flat=True).get(pk=conversation_id)
    changed = Message.objects.filter(conversation=conversation_id, changed_seq__gt=progress.indexed_seq)
    messages = list(changed.order_by("changed_seq").prefetch_related("attachments__upload")[:BATCH])
    keep(messages)
    has_more = len(messages) == BATCH
    progress.indexed_seq = messages[-1].changed_seq if has_more else max(head, progress.indexed_seq)
    progress.save(update_fields=["indexed_seq"])
    return has_more


def keep(messages: list[Message]) -> None:
    """Put messages into the index as they are now, or out of it when there is nothing to be found by."""
    findable = [message for message in messages if is_findable(message)]
    gone = [message for message in messages if not is_findable(message)]
    store.forget([store.Entry(message.pk, message.created_at) for message in gone])
    store.write(
        [
            store.Entry(message.pk, message.created_at, {*tokens(searched_text(message)), *marks_of(message)})
            for message in findable
        ]
    )


def rebuild() -> Iterator[int]:
    """Forget everything and begin anew; yields how many conversations are done."""
    with transaction.atomic():
        store.forget_all()
        SearchProgress.objects.all().delete()
    for done, pk in enumerate(Conversation.objects.order_by("-active_at").values_list("pk", flat=True), start=1):
        while index_conversation(pk):
            pass
        yield done


def is_findable(message: Message) -> bool:
    return message.recalled_at is None and not message.is_system


def searched_text(message: Message) -> str:
    """The words of a message by which it is found."""
    parts = [message.text]
    if message.kind == Message.Kind.CARD:
        parts += [str(message.payload.get(name, "")) for name in ("title", "text")]
    for attachment in message.attachments.all():
        parts += [attachment.upload.name, attachment.upload.alt]
    return "\n".join(dict.fromkeys(part for part in parts if part))


def marks_of(message: Message) -> list[str]:
    marks = [store.mark("c", message.conversation_id), store.mark("u", message.sender_id)]
    if carried := CARRIED.get(Message.Kind(message.kind)):
        marks.append(store.mark("h", carried))
    if message.kind == Message.Kind.CARD or first_link(message.text) is not None:
        marks.append(store.mark("h", "link"))
    return marks
