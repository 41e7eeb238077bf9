from __future__ import annotations

import uuid
from typing import TypedDict

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.names import clean_line
from chat.models import Conversation, Message
from superapp.kernel import limits
from superapp.kernel.errors import Invalid

from .messages import _sent_before, write_message


class Card(TypedDict):
    """A small snapshot of something that lives elsewhere. Opening `url` goes through its own page and its own rule."""

    kind: str
    title: str
    text: str
    image: str
    url: str


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
        return _sent_before(sender, conversation, draft, [])


def _is_path(url: str) -> bool:
    return url.startswith("/") and not url.startswith("//") and "\\" not in url
