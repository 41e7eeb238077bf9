from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from chat.models import Message, SavedFile, SavedItem
from chat.models.saved import NAME_LENGTH_MAX
from chat.records import portable_payload, portable_text
from superapp.kernel import limits
from superapp.kernel.errors import Conflict, NotFound
from uploads.services import carry_again, discard_uncarried


class CannotSave(Conflict):
    code = "cannot_save"
    sentence = _("This cannot be saved.")


class SavedFull(Conflict):
    code = "saved_full"
    sentence = _("You have saved as much as fits. Remove something first.")


@transaction.atomic
def save_messages(*, owner: User, messages: Sequence[Message]) -> list[SavedItem]:
    """Keep messages as they are now, for oneself. What has been kept already stays as it was kept."""
    limits.count("saved", owner.pk)
    User.objects.filter(pk=owner.pk).locked().get()
    chosen = {message.pk for message in messages}
    found = Message.objects.visible_to(owner).filter(pk__in=chosen).with_records().select_related("conversation")
    sources = list(found.select_for_update(no_key=True, of=("self",)).order_by("pk"))
    if len(sources) != len(chosen):
        raise NotFound
    if not all(source.is_portable for source in sources):
        raise CannotSave
    kept = SavedItem.objects.visible_to(owner)
    known = {item.message_id: item for item in kept.filter(message__in=chosen)}
    new = [source for source in sources if source.pk not in known]
    if kept.count() + len(new) > settings.SAVED_MAX:
        raise SavedFull
    made = {source.pk: _keep(owner, source) for source in new}
    return [known.get(message.pk) or made[message.pk] for message in messages]


@transaction.atomic
def remove_saved(*, owner: User, item: SavedItem) -> None:
    held = SavedItem.objects.visible_to(owner).filter(pk=item.pk).first()
    if held is None:
        raise NotFound
    uploads = list(held.files.values_list("upload", flat=True))
    held.delete()
    discard_uncarried(ids=uploads)


def _keep(owner: User, source: Message) -> SavedItem:
    is_record = source.kind == Message.Kind.RECORD
    item = SavedItem.objects.create(
        owner=owner,
        message=source,
        kind=source.kind,
        text=portable_text(source),
        payload=portable_payload(source),
        items=source.record.items if is_record else [],
        sender_name=source.sender.display_name[:NAME_LENGTH_MAX] if source.sender else "",
        source_name=source.conversation.title_for(owner)[:NAME_LENGTH_MAX],
        said_at=source.created_at,
    )
    uploads = [upload.pk for upload in (source.record.uploads if is_record else source.uploads)]
    carry_again(ids=uploads)
    SavedFile.objects.bulk_create(
        SavedFile(saved=item, upload_id=upload, position=position) for position, upload in enumerate(uploads)
    )
    return item
