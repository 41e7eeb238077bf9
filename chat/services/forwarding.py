from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from chat.models import Conversation, Message, Record, RecordFile
from chat.records import Snapshot, TooLarge, head_of, portable_payload, portable_text, snapshot_of
from superapp.kernel import limits
from superapp.kernel.errors import Conflict, Invalid, NotFound
from uploads.services import carry_again

from .messages import write_message


class CannotForward(Conflict):
    code = "cannot_forward"
    sentence = _("This cannot be forwarded.")


class TooManyAtOnce(Invalid):
    code = "too_many"
    sentence = _("That is more than can be forwarded at once.")


class NothingChosen(Invalid):
    code = "nothing_chosen"
    sentence = _("Choose at least one message and one chat.")


def forward_messages(
    *,
    sender: User,
    messages: Sequence[Message],
    to: Sequence[Conversation],
    client_id: uuid.UUID,
    merged: bool = False,
) -> list[Message]:
    """Say in other conversations what was said in one: message by message, or `merged` into one chat record. All of it
    arrives or nothing; a retry with the same `client_id` answers what the first try sent."""
    if not messages or not to:
        raise NothingChosen
    if len(to) > settings.FORWARD_TO_MAX:
        raise TooManyAtOnce(errors={"to": TooManyAtOnce.sentence})
    if len(messages) > (settings.RECORD_MESSAGES_MAX if merged else settings.FORWARD_MESSAGES_MAX):
        raise TooManyAtOnce(errors={"messages": TooManyAtOnce.sentence})
    try:
        return _forward(sender, messages, to, client_id, merged)
    except IntegrityError:  # the same request, at the same moment
        return _forward(sender, messages, to, client_id, merged)


@transaction.atomic
def _forward(
    sender: User, messages: Sequence[Message], to: Sequence[Conversation], client_id: uuid.UUID, merged: bool
) -> list[Message]:
    targets = sorted(set(to), key=lambda conversation: conversation.pk)
    chosen = [message.pk for message in messages]
    parts: list[object] = [f"{chosen[0]}+{len(chosen)}"] if merged else list(chosen)
    ids = [uuid.uuid5(client_id, f"{target.pk}:{part}") for target in targets for part in parts]
    if sent := _sent_before(sender, ids):
        return sent
    _hold(targets)
    sources = _sources(sender, chosen)
    for _one in ids:
        limits.count("message", sender.pk)
    if merged:
        return _send_record(sender, sources, targets, ids)
    pairs = [(target, source) for target in targets for source in sources]
    return [_send_again(sender, *pair, name) for pair, name in zip(pairs, ids, strict=True)]


def _hold(targets: Sequence[Conversation]) -> None:
    """All of them before anything else, in one order, so that forwards and recalls never wait for each other."""
    held = Conversation.objects.filter(pk__in=[target.pk for target in targets])
    list(held.select_for_update(no_key=True).order_by("pk").values_list("pk"))


def _sources(sender: User, chosen: Sequence[int]) -> list[Message]:
    """In the order in which they were said; all of one conversation that the sender reads."""
    visible = Message.objects.visible_to(sender).filter(pk__in=chosen).with_records()
    held = visible.select_related("conversation").select_for_update(no_key=True, of=("self",))
    sources = list(held.order_by("seq"))
    if len(sources) != len(set(chosen)) or len({source.conversation_id for source in sources}) != 1:
        raise NotFound
    if not all(source.is_portable for source in sources):
        raise CannotForward
    return sources


def _send_again(sender: User, target: Conversation, source: Message, client_id: uuid.UUID) -> Message:
    draft = Message(
        kind=source.kind,
        client_id=client_id,
        text=portable_text(source),
        payload=portable_payload(source),
        forwarded=True,
    )
    uploads = [upload.pk for upload in source.uploads]
    if source.kind == Message.Kind.RECORD:
        record = source.record
        return _carry_record(_write(sender, target, draft, []), record.items, [upload.pk for upload in record.uploads])
    return _write(sender, target, draft, uploads)


def _send_record(
    sender: User, sources: list[Message], targets: Sequence[Conversation], ids: Sequence[uuid.UUID]
) -> list[Message]:
    try:
        snapshot: Snapshot = snapshot_of(sources)
    except TooLarge:
        raise TooManyAtOnce(errors={"messages": TooManyAtOnce.sentence}) from None
    origin = sources[0].conversation
    head = head_of(snapshot.items, group=origin.title if origin.is_group else None)
    made = []
    for target, client_id in zip(targets, ids, strict=True):
        draft = Message(kind=Message.Kind.RECORD, client_id=client_id, payload=head)
        made.append(_carry_record(_write(sender, target, draft, []), snapshot.items, snapshot.uploads))
    return made


def _write(sender: User, target: Conversation, draft: Message, uploads: Sequence[uuid.UUID]) -> Message:
    """The message with the files it carries once more. The sender may see them: he reads the message they are from."""
    return write_message(sender=sender, conversation=target, draft=draft, carried=uploads)


def _carry_record(message: Message, items: list[dict[str, object]], uploads: Sequence[uuid.UUID]) -> Message:
    record = Record.objects.create(message=message, conversation=message.conversation, items=items)
    carry_again(ids=uploads)
    RecordFile.objects.bulk_create(
        RecordFile(record=record, upload_id=upload, position=position) for position, upload in enumerate(uploads)
    )
    return message


def _sent_before(sender: User, ids: Sequence[uuid.UUID]) -> list[Message]:
    sent = Message.objects.visible_to(sender).filter(sender=sender, client_id__in=ids).for_display()
    known = list(sent.order_by("conversation", "seq"))
    for message in known:
        message.replayed = True
    return known
