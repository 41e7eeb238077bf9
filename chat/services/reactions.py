from __future__ import annotations

import re

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from chat.custom_emoji import find_custom_emoji
from chat.emoji import one_emoji
from chat.models import Message, Reaction
from superapp.kernel import limits
from superapp.kernel.errors import Conflict, Invalid

from .changes import hold, number_change, refuse_unless_heard_in

_NAMED = re.compile(":[a-z0-9_]{2,30}:")


class NotAnEmoji(Invalid):
    code = "not_an_emoji"
    sentence = _("A reaction is one emoji.")


class TooManyReactions(Conflict):
    code = "too_many_reactions"
    sentence = _("This message has as many different reactions as fit.")


class CannotReact(Conflict):
    code = "cannot_react"
    sentence = _("Nobody can react to this.")


@transaction.atomic
def react(*, person: User, message: Message, emoji: str) -> Message:
    """Answer a message with an emoji. Once more changes nothing."""
    limits.count("reaction", person.pk)
    emoji = _spelled(emoji)
    if emoji.startswith(":") and find_custom_emoji(emoji) is None:
        raise NotAnEmoji(errors={"emoji": NotAnEmoji.sentence})
    message, _member = hold(message, person)
    if message.is_recalled or message.is_system:
        raise CannotReact
    refuse_unless_heard_in(message.conversation, person)
    chosen = set(Reaction.objects.filter(message=message).values_list("emoji", flat=True).distinct())
    if emoji not in chosen and len(chosen) >= settings.REACTIONS_MAX:
        raise TooManyReactions
    _reaction, is_new = Reaction.objects.get_or_create(
        message=message, user=person, emoji=emoji, defaults={"conversation": message.conversation}
    )
    return _count_anew(message) if is_new else message


@transaction.atomic
def take_back_reaction(*, person: User, message: Message, emoji: str) -> Message:
    limits.count("reaction", person.pk)
    emoji = _spelled(emoji)  # perhaps of a custom emoji that is there no more
    message, _member = hold(message, person)
    removed, _of = Reaction.objects.filter(message=message, user=person, emoji=emoji).delete()
    return _count_anew(message) if removed else message


def _spelled(emoji: str) -> str:
    """An emoji in its one spelling, or the name of one of this place."""
    known = emoji if _NAMED.fullmatch(emoji) else one_emoji(emoji)
    if known is None:
        raise NotAnEmoji(errors={"emoji": NotAnEmoji.sentence})
    return known


def _count_anew(message: Message) -> Message:
    message.reaction_count = Reaction.objects.filter(message=message).count()
    return number_change(message, "reaction_count")
