from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from chat.models import Conversation, Member
from superapp.kernel.errors import Invalid

from .conversations import NotAllowedInGroup, lock_group, membership
from .lines import Line
from .seating import seat


class NotABot(Invalid):
    code = "not_a_bot"
    sentence = _("This is not a bot.")


@transaction.atomic
def seat_bot(*, actor: User, conversation: Conversation, bot: User) -> Member:
    """Give a program its place in a group. Bots have no friends: those who manage the group bring them in."""
    conversation = lock_group(conversation)
    if not membership(conversation, actor).may_manage:
        raise NotAllowedInGroup
    if not bot.is_bot:
        raise NotABot
    present = conversation.member(bot)
    return present or seat(conversation, [bot], line=Line.MEMBER_JOINED, actor=actor, invited_by=actor)[0]
