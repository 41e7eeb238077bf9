"""Messages that are made of something other than words and uploads."""

from __future__ import annotations

import math
import uuid
from typing import TypedDict

from django.db import IntegrityError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.names import clean_line
from chat.models import Conversation, Message, Sticker
from superapp.kernel import limits
from superapp.kernel.errors import Invalid, NotFound

from .messages import IdempotencyMismatch, _sent_before, write_message

PLACE_NAME_LENGTH_MAX = 100
PLACE_ADDRESS_LENGTH_MAX = 200


class Place(TypedDict):
    name: str
    address: str
    latitude: float
    longitude: float


class BadPlace(Invalid):
    code = "bad_place"
    sentence = gettext_lazy("This is not a place on Earth.")


def send_thing(*, sender: User, conversation: Conversation, draft: Message) -> tuple[Message, bool]:
    """A message whose payload has been checked, and whether this call made it (as `send_message`)."""
    limits.count("message", sender.pk)
    try:
        return write_message(sender=sender, conversation=conversation, draft=draft), True
    except IntegrityError:
        sent = _sent_before(sender, conversation, draft, [])
        if not sent.is_recalled and sent.payload != draft.payload:
            raise IdempotencyMismatch
        return sent, False


def send_place(
    *,
    sender: User,
    conversation: Conversation,
    client_id: uuid.UUID,
    place: Place,
    reply_to: Message | None = None,
) -> tuple[Message, bool]:
    kept = _checked_place(place)
    text = kept["name"] or kept["address"] or f"{kept['latitude']}, {kept['longitude']}"
    draft = Message(kind=Message.Kind.PLACE, client_id=client_id, text=text, payload=kept, reply_to=reply_to)
    return send_thing(sender=sender, conversation=conversation, draft=draft)


def _checked_place(place: Place) -> Place:
    """Five places after the point are about a metre."""
    latitude, longitude = place["latitude"], place["longitude"]
    if not (math.isfinite(latitude) and math.isfinite(longitude) and abs(latitude) <= 90 and abs(longitude) <= 180):
        raise BadPlace
    return Place(
        name=_within(place["name"], "name", PLACE_NAME_LENGTH_MAX),
        address=_within(place["address"], "address", PLACE_ADDRESS_LENGTH_MAX),
        latitude=round(latitude, 5) + 0.0,  # no minus before a zero
        longitude=round(longitude, 5) + 0.0,
    )


def _within(text: str, field: str, most: int) -> str:
    text = clean_line(text)
    if len(text) > most:
        raise BadPlace(errors={field: _("At most %(max)s characters.") % {"max": most}})
    return text


def send_sticker(
    *,
    sender: User,
    conversation: Conversation,
    client_id: uuid.UUID,
    sticker_id: int,
    reply_to: Message | None = None,
) -> tuple[Message, bool]:
    """A sticker of a pack the sender may use, or one the sender has kept."""
    sticker = Sticker.objects.visible_to(sender).filter(pk=sticker_id).first()
    if sticker is None:
        raise NotFound
    payload = {
        "sticker": str(sticker.pk),
        "image": sticker.url,
        "width": sticker.width,
        "height": sticker.height,
    }
    draft = Message(
        kind=Message.Kind.STICKER, client_id=client_id, text=sticker.words, payload=payload, reply_to=reply_to
    )
    return send_thing(sender=sender, conversation=conversation, draft=draft)
