from __future__ import annotations

from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.timezone import now

from accounts.models import User
from chat.models import Attachment, Conversation, Message, RecordFile, SavedFile
from chat.models.message import FINAL
from uploads.services import discard_uncarried

from .numbering import take_number
from .recall import BELONGINGS


def take_back_messages(conversation: Conversation, sender: User, *, actor: User) -> int:
    """Recall all that somebody has said in a group, in one go; how many messages. The caller holds the group, and tells
    of a later number: clients find themselves behind, and sync."""
    theirs = Message.objects.filter(conversation=conversation, sender=sender, recalled_at=None).exclude(kind__in=FINAL)
    touched = Message.objects.filter(Q(pk__in=theirs.values("pk")) | Q(reply_to__in=theirs.values("pk")))
    count = touched.count()
    if not count:
        return 0
    _renumber(touched, first=take_number(conversation, count=count, speaks=False).first)
    uploads = _uploads_of(theirs)
    for model in (*BELONGINGS, Attachment):
        model._default_manager.filter(message__in=theirs.values("pk")).delete()
    taken = theirs.update(
        kind=Message.Kind.TEXT, text="", payload={}, reply_to=None, preview=None, mentions=[], mentions_all=False,
        silent=False, forwarded=False, reaction_count=0, edited_at=None, recalled_at=now(), recalled_by=actor,
    )  # fmt: skip
    discard_uncarried(ids=uploads)
    return taken


def _uploads_of(messages: QuerySet[Message]) -> list[UUID]:
    """What they carry, and what others keep of them."""
    carried = Attachment.objects.filter(message__in=messages.values("pk")).values_list("upload", flat=True)
    in_records = RecordFile.objects.filter(record__message__in=messages.values("pk")).values_list("upload", flat=True)
    saved = SavedFile.objects.filter(saved__message__in=messages.values("pk")).values_list("upload", flat=True)
    return list({*carried, *in_records, *saved})


def _renumber(touched: QuerySet[Message], *, first: int) -> None:
    """Each a number of its own, so that a page of changes can end between any two of them; in one statement."""
    rows, values = touched.values("id", "seq").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE chat_message SET changed_seq = %s + numbered.place FROM ("  # noqa: S608  (our own QuerySet)
            f"SELECT changed.id, row_number() OVER (ORDER BY changed.seq) - 1 AS place FROM ({rows}) AS changed"
            ") AS numbered WHERE chat_message.id = numbered.id",
            [first, *values],
        )
