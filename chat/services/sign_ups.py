from __future__ import annotations

import uuid

from django.db import IntegrityError, transaction
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.names import clean_line
from chat.models import Conversation, Message, SignUp, SignUpList
from chat.models.sign_up import DESCRIPTION_LENGTH_MAX, ENTRY_LENGTH_MAX, EXAMPLE_LENGTH_MAX, TITLE_LENGTH_MAX
from superapp.kernel import limits
from superapp.kernel.errors import Conflict, Forbidden, Invalid, NotFound

from .announcing import announce, announce_now, hold_conversation
from .conversations import NotAGroup, membership
from .messages import _sent_before, write_message
from .numbering import GroupDissolved
from .polls import may_close


class BadList(Invalid):
    code = "bad_list"


class ListClosed(Conflict):
    code = "list_closed"
    sentence = _("This list is closed.")


class LineTooLong(Invalid):
    code = "too_long"
    sentence = _("This line is too long.")


class NotYourList(Forbidden):
    code = "not_allowed"
    sentence = _("Only the one who began it, the owner and the admins may close it.")


def send_list(
    *,
    sender: User,
    conversation: Conversation,
    client_id: uuid.UUID,
    title: str,
    description: str = "",
    example: str = "",
) -> tuple[Message, bool]:
    """Begin a list in a group. The message, and whether this call made it (as `send_message`)."""
    limits.count("message", sender.pk)
    if not conversation.is_group:
        raise NotAGroup
    begun = SignUpList(conversation=conversation, **_checked(title, description, example))
    words = "\n".join(filter(None, [begun.title, begun.description]))
    draft = Message(kind=Message.Kind.LIST, client_id=client_id, text=words, payload=begun.snapshot())
    try:
        with transaction.atomic():
            begun.message = write_message(sender=sender, conversation=conversation, draft=draft)
            begun.save()
    except IntegrityError:
        return _sent_before(sender, conversation, draft, []), False
    return draft, True


@transaction.atomic
def sign_up(*, person: User, message: Message, text: str) -> SignUp:
    """Put oneself on the list, or change one's line."""
    limits.count("vote", person.pk)
    text = clean_line(text)
    if len(text) > ENTRY_LENGTH_MAX:
        raise LineTooLong(errors={"text": LineTooLong.sentence})
    joined = _open_list(person, message)
    name = membership(joined.conversation, person).nickname or person.display_name
    line, is_new = SignUp.objects.get_or_create(sign_up_list=joined, user=person, defaults={"text": text, "name": name})
    if not is_new and line.text == text:
        return line
    line.text, line.name = text, name
    line.save(update_fields=["text", "name"])
    announce(joined)
    return line


@transaction.atomic
def withdraw(*, person: User, message: Message) -> None:
    """Take one's line off; those below move up."""
    joined = _open_list(person, message)
    if joined.entries.filter(user=person).delete()[0]:
        announce(joined)


@transaction.atomic
def close_list(*, actor: User, message: Message) -> SignUpList:
    hold_conversation(list_of(actor, message, held=False))
    closed = list_of(actor, message)
    if not may_close(actor, closed.message):
        raise NotYourList
    if closed.closed_at is None:
        closed.closed_at = now()
        closed.save(update_fields=["closed_at"])
        announce_now(closed)
    return closed


def list_of(viewer: User, message: Message, *, held: bool = True) -> SignUpList:
    """The list that a message carries; held until the transaction ends."""
    visible = SignUpList.objects.visible_to(viewer).filter(message=message).select_related("conversation", "message")
    found = (visible.locked() if held else visible).first()
    if found is None:
        raise NotFound
    return found


def _open_list(person: User, message: Message) -> SignUpList:
    found = list_of(person, message)
    if found.is_over:
        raise ListClosed
    if found.conversation.dissolved_at is not None:
        raise GroupDissolved
    return found


def _checked(title: str, description: str, example: str) -> dict[str, str]:
    words = {
        "title": clean_line(title),
        "description": description.replace("\r\n", "\n").replace("\x00", "").strip(),
        "example": clean_line(example),
    }
    if not words["title"]:
        raise BadList(errors={"title": _("Say what the list is for.")})
    longest = {"title": TITLE_LENGTH_MAX, "description": DESCRIPTION_LENGTH_MAX, "example": EXAMPLE_LENGTH_MAX}
    too_long = {name: _("This is too long.") for name, most in longest.items() if len(words[name]) > most}
    if too_long:
        raise BadList(errors=too_long)
    return words
