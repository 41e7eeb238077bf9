from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.names import clean_line
from chat.cards import Card, make_card
from chat.models import Conversation, Message
from superapp.kernel import limits
from superapp.kernel.errors import Invalid

from .messages import IdempotencyMismatch, _sent_before, write_message

_LENGTHS = {"kind": 30, "title": 120, "text": 300, "image": 300, "url": 300}


class BadCard(Invalid):
    code = "bad_card"
    sentence = _("This cannot be shared.")


def send_card(*, sender: User, conversation: Conversation, card: Card, client_id: uuid.UUID | None = None) -> Message:
    """Share something into a conversation. `image` and `url` are paths on this site (`image` one that never expires,
    or empty)."""
    limits.count("message", sender.pk)
    kept = {name: clean_line(str(card.get(name, "")))[:length] for name, length in _LENGTHS.items()}
    if not _is_path(kept["url"]) or (kept["image"] and not _is_path(kept["image"])) or not kept["kind"]:
        raise BadCard
    draft = Message(kind=Message.Kind.CARD, client_id=client_id or uuid.uuid4(), text=kept["title"], payload=kept)
    try:
        return write_message(sender=sender, conversation=conversation, draft=draft)
    except IntegrityError:
        sent = _sent_before(sender, conversation, draft, [])
        if not sent.is_recalled and sent.payload.get("url") != kept["url"]:
            raise IdempotencyMismatch
        return sent


def share_card(
    *, sender: User, conversation: Conversation, client_id: uuid.UUID, kind: str, name: str
) -> tuple[Message, bool]:
    """Share a person, an article, an account: what the sender may see, by the name its address has. The message, and
    whether this call made it."""
    sent = send_card(sender=sender, conversation=conversation, card=make_card(sender, kind, name), client_id=client_id)
    return sent, not sent.replayed


@transaction.atomic
def share_widely(
    *, sender: User, to: Sequence[Conversation], client_id: uuid.UUID, kind: str, name: str
) -> list[Message]:
    """Share one thing into several chats, in one order, so that two who do never wait for each other."""
    card = make_card(sender, kind, name)
    if not 0 < len(to) <= settings.FORWARD_TO_MAX:
        raise BadCard(errors={"to": _("Choose at most %(max)s chats.") % {"max": settings.FORWARD_TO_MAX}})
    return [
        send_card(sender=sender, conversation=one, card=card, client_id=uuid.uuid5(client_id, str(one.pk)))
        for one in sorted(to, key=lambda one: one.pk)
    ]


def _is_path(url: str) -> bool:
    return url.startswith("/") and not url.startswith("//") and "\\" not in url
