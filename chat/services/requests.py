"""What strangers would like to say, and the answer to it."""

from __future__ import annotations

from django.db import transaction
from django.utils.timezone import now

from accounts.models import User
from chat.models import ChatPrivacy, Conversation
from superapp.kernel import live
from superapp.kernel.errors import NotFound

from .hearing import accept
from .lines import Line
from .seating import say_line


@transaction.atomic
def accept_message_request(*, person: User, conversation: Conversation) -> Conversation:
    """The two talk from now on, without being friends."""
    found = accept(_held(person, conversation))
    say_line(found, Line.REQUEST_ACCEPTED, actor=person)
    return found


@transaction.atomic
def decline_message_request(*, person: User, conversation: Conversation) -> None:
    """It goes from the box, with whatever follows. The one who asked is not told, and sees it as unanswered."""
    found = _held(person, conversation)
    found.declined_at = now()
    found.save(update_fields=["declined_at"])
    live.publish([person.pk], {"type": "message_request", "conversation": str(found.pk)})


@transaction.atomic
def change_chat_privacy(*, person: User, strangers: str | None = None, groups: str | None = None) -> ChatPrivacy:
    wishes = {name: value for name, value in (("strangers", strangers), ("groups", groups)) if value is not None}
    found, _created = ChatPrivacy.objects.update_or_create(user=person, defaults=wishes)
    return found


def chat_privacy_of(person: User) -> ChatPrivacy:
    return ChatPrivacy.objects.filter(user=person).first() or ChatPrivacy(user=person)


def _held(person: User, conversation: Conversation) -> Conversation:
    """The request as it stands now, held, if it is this person's to answer."""
    locked = Conversation.objects.select_for_update(no_key=True).filter(pk=conversation.pk).first()
    if locked is None or not Conversation.objects.requests_to(person).filter(pk=locked.pk).exists():
        raise NotFound
    return locked
