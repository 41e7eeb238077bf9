from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from chat.mentions import EVERYBODY, mentions_of, names_in
from chat.models import AwaitedPreview, Message, MessageEdit
from chat.models.message import WORDED
from superapp.kernel import limits
from superapp.kernel.errors import Conflict

from .changes import hold, number_change, refuse_unless_heard_in
from .messages import EmptyMessage, checked_text
from .previews import ask_for_preview
from .recall import NotYours


class CannotEdit(Conflict):
    code = "cannot_edit"
    sentence = _("This cannot be edited.")


class TooLateToEdit(Conflict):
    code = "too_late_to_edit"
    sentence = _("It is too late to edit this message.")


class TooManyEdits(Conflict):
    code = "too_many_edits"
    sentence = _("This message has been edited so often that it stays as it is.")


@transaction.atomic
def edit_message(*, editor: User, message: Message, text: str) -> Message:
    """Put one's own message, or what stands with a picture or a file, in other words. What it said before stays to be
    read by those who can read it. The same words once more change nothing."""
    limits.count("message", editor.pk)
    text = checked_text(text)
    message, _member = hold(message, editor)
    if not message.editable_by(editor):
        raise _refusal(message, editor)
    if not text and message.kind == Message.Kind.TEXT:
        raise EmptyMessage(errors={"text": EmptyMessage.sentence})
    if text == message.text:
        return message
    refuse_unless_heard_in(message.conversation, editor)
    _keep_version(message)
    message.text, message.edited_at, message.preview = text, now(), None
    _keep_names(message)
    AwaitedPreview.objects.filter(message=message).delete()
    message = number_change(
        message, "text", "payload", "mentions", "mentions_all", "edited_at", "preview", with_quotes=True
    )
    ask_for_preview(message)
    return message


def _keep_version(message: Message) -> None:
    if MessageEdit.objects.filter(message=message).count() >= settings.MESSAGE_EDITS_MAX:
        raise TooManyEdits
    MessageEdit.objects.create(
        message=message,
        conversation=message.conversation,
        text=message.text,
        written_at=message.edited_at or message.created_at,
    )


def _keep_names(message: Message) -> None:
    """Of those it named, those whom it still names. Whom it names now and did not before is not called: people are
    called by what is said, not by what is changed."""
    typed = {handle for _start, _end, handle in names_in(message.text)}
    named = {handle: name for handle, name in mentions_of(message).items() if handle in typed}
    message.mentions_all = EVERYBODY in named
    message.mentions = sorted(
        User.objects.filter(handle__in=named, pk__in=message.mentions).values_list("pk", flat=True)
    )
    message.payload = {key: value for key, value in message.payload.items() if key != "mentions"}
    if named:
        message.payload["mentions"] = named


def _refusal(message: Message, editor: User) -> Exception:
    if message.sender_id != editor.pk:
        return NotYours()
    if message.kind not in WORDED or message.is_recalled or message.forwarded:
        return CannotEdit()
    return TooLateToEdit()
