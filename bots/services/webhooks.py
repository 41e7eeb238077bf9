from __future__ import annotations

import re
import secrets
import uuid
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.names import clean_line
from bots import slack
from bots.models import Bot, Webhook
from bots.models.bot import hash_of
from chat.models import Conversation, Message
from chat.services.conversations import NotAllowedInGroup, NotAMember
from superapp.kernel import limits
from superapp.kernel.errors import Conflict, Invalid, NotFound

from .bots import create_bot
from .places import add_bot
from .speaking import say

TOKEN_LENGTH = 43


class TooManyWebhooks(Conflict):
    code = "too_many_webhooks"
    sentence = _("This group has as many webhooks as it can have.")


class NoService(NotFound):
    code = "no_service"


class NoText(Invalid):
    code = "no_text"
    sentence = _("There is nothing to say in it.")


@transaction.atomic
def create_webhook(
    *, actor: User, conversation: Conversation, name: str = "", bot: Bot | None = None
) -> tuple[Webhook, str]:
    """A secret address for the group, and the token in it, told this once. It speaks as one of the actor's bots, or as
    a new one with this name."""
    member = conversation.member(actor)
    if member is None:
        raise NotAMember
    if not member.may_manage or conversation.is_direct:
        raise NotAllowedInGroup
    if conversation.webhooks.count() >= settings.WEBHOOKS_MAX:
        raise TooManyWebhooks
    bot = bot or create_bot(owner=actor, handle=_free_handle(name), name=clean_line(name) or str(_("Webhook")))
    add_bot(actor=actor, conversation=conversation, bot=bot)
    token = secrets.token_urlsafe(32)
    webhook = Webhook.objects.create(
        conversation=conversation, bot=bot, token_hash=hash_of(token), token_hint=token[-4:], created_by=actor
    )
    return webhook, token


@transaction.atomic
def remove_webhook(*, actor: User, webhook: Webhook) -> None:
    """The address leads nowhere from now on. The bot stays in the group until somebody removes it."""
    deleted, _counts = Webhook.objects.visible_to(actor).filter(pk=webhook.pk).delete()
    if not deleted:
        raise NotFound


def receive_post(*, token: str, payload: Any) -> Message:
    """Say what was posted to a secret address."""
    webhook = (
        Webhook.objects.open().select_related("bot__user", "conversation").filter(token_hash=hash_of(token)).first()
    )
    if webhook is None:
        raise NoService
    limits.count("webhook", webhook.pk)
    text = slack.text_of(payload, called=webhook.bot.user.display_name)
    if not text:
        raise NoText
    message = say(bot=webhook.bot, conversation=webhook.conversation, text=text, client_id=uuid.uuid4())
    Webhook.objects.filter(pk=webhook.pk).update(used_at=now())
    return message


def _free_handle(name: str) -> str:
    """A handle that looks like the name and that nobody has."""
    word = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")[:16]
    word = word if re.match(r"[a-z]", word) else f"hook_{word}".rstrip("_")
    return f"{word}_{secrets.token_hex(3)}_bot"
