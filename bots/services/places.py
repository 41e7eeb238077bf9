from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from bots.models import Bot
from chat.models import Conversation, Member
from chat.services import seat_bot
from superapp.kernel.errors import Conflict

from .bots import held


class BotIsOff(Conflict):
    code = "bot_is_off"
    sentence = _("This bot has been switched off by the moderators.")


@transaction.atomic
def add_bot(*, actor: User, conversation: Conversation, bot: Bot) -> Member:
    """Bring one's own bot into a group one manages."""
    bot = held(actor, bot)
    if not bot.is_at_work:
        raise BotIsOff
    return seat_bot(actor=actor, conversation=conversation, bot=bot.user)
