"""Events on their way to bots. A row is written with what it tells of; a task takes it there, at least once."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from bots import tasks
from bots.models import Bot, Delivery
from bots.models.bot import FAILURES_BEFORE_PAUSE, Event
from bots.models.delivery import EXCERPT_MAX, KEPT, TRIED_FOR, Outcome
from chat.events import time_json
from chat.models import Conversation
from superapp.kernel import limits, outbox
from superapp.kernel.errors import Conflict, NotFound

from .bots import held

# How long after each failure the next try comes; the last one again and again until a day is over.
WAITS = [timedelta(minutes=minutes) for minutes in (1, 2, 5, 15, 60, 180, 360)]
PAUSES = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60)]


class NoAddress(Conflict):
    code = "no_address"
    sentence = _("The bot has no address for events.")


def owe_event(
    *, bot: Bot, event: Event, told: Mapping[str, Any], conversation: Conversation | None, caller: User | None = None
) -> Delivery:
    """Write an event down and owe its delivery. Called in the transaction of what it tells of."""
    delivery = Delivery(id=uuid.uuid4(), bot=bot, event=event, conversation=conversation, caller=caller)
    about = {"id": str(conversation.pk), "title": conversation.title} if conversation else None
    words = {
        "id": str(delivery.pk),
        "type": event.value,
        "created_at": time_json(now()),
        "bot": bot.user.handle,
        "conversation": about,
        **told,
    }
    delivery.body = json.dumps(words, cls=DjangoJSONEncoder, ensure_ascii=False)
    delivery.save(force_insert=True)
    outbox.enqueue(tasks.deliver, delivery_id=str(delivery.pk))
    return delivery


@transaction.atomic
def begin_delivery(*, delivery_id: str) -> Delivery | None:
    """The delivery to try now; None when there is nothing (more) to do, or not yet."""
    delivery = _held(delivery_id)
    if delivery is None or delivery.state != Delivery.State.WAITING:
        return None
    if not _is_for(delivery):
        delivery.state = Delivery.State.DROPPED
        delivery.save(update_fields=["state"])
        return None
    if delivery.bot.is_paused:
        assert delivery.bot.paused_until is not None
        _try_again(delivery, delivery.bot.paused_until - now())
        return None
    delivery.attempts += 1
    delivery.tried_at = now()
    delivery.save(update_fields=["attempts", "tried_at"])
    return delivery


@transaction.atomic
def finish_delivery(*, delivery_id: str, outcome: Outcome) -> None:
    """Note what came of a try. After a failure the next one is owed; a bot that keeps failing is left alone a while."""
    delivery = _held(delivery_id)
    if delivery is None:
        return
    delivery.status, delivery.reason = outcome.status, outcome.reason[:40]
    delivery.milliseconds, delivery.excerpt = outcome.milliseconds, outcome.excerpt[:EXCERPT_MAX]
    if outcome.ok:
        delivery.state = Delivery.State.DELIVERED
    elif delivery.state == Delivery.State.WAITING:
        _try_again(delivery, WAITS[min(delivery.attempts, len(WAITS)) - 1])
    delivery.save(update_fields=["state", "status", "reason", "milliseconds", "excerpt"])
    _note_health(delivery.bot, ok=outcome.ok)


@transaction.atomic
def send_again(*, owner: User, delivery: Delivery) -> Delivery:
    """Try a delivery once more, now, whatever came of it; even while its bot is left alone."""
    limits.count("bot-try", owner.pk)
    bot = held(owner, delivery.bot)
    if not bot.url:
        raise NoAddress
    current = _held(str(delivery.pk))
    if current is None:
        raise NotFound
    current.state = Delivery.State.WAITING
    current.save(update_fields=["state"])
    Bot.objects.filter(pk=bot.pk).update(paused_until=None)
    outbox.enqueue(tasks.deliver, delivery_id=str(current.pk))
    return current


@transaction.atomic
def send_ping(*, owner: User, bot: Bot) -> Delivery:
    """An event that says nothing, to see whether the other side answers."""
    limits.count("bot-try", owner.pk)
    bot = held(owner, bot)
    if not bot.url:
        raise NoAddress
    return owe_event(bot=bot, event=Event.PING, told={}, conversation=None)


def forget_old_deliveries() -> None:
    Delivery.objects.made_before(now() - KEPT).delete()


def _held(delivery_id: str) -> Delivery | None:
    """The bot first: two deliveries of one bot take turns, so that failures are counted one by one."""
    found = Delivery.objects.filter(pk=delivery_id).values_list("bot", flat=True).first()
    if found is None or not Bot.objects.filter(pk=found).locked():
        return None
    return Delivery.objects.select_related("bot__user", "bot__owner", "conversation").filter(pk=delivery_id).first()


def _is_for(delivery: Delivery) -> bool:
    """Whether the bot is at work, has an address, and is still where the event happened."""
    bot = delivery.bot
    if not bot.is_at_work or not bot.url:
        return False
    return delivery.conversation is None or delivery.conversation.is_visible_to(bot.user)


def _try_again(delivery: Delivery, wait: timedelta) -> None:
    if now() + wait > delivery.created_at + TRIED_FOR:
        delivery.state = Delivery.State.GIVEN_UP
        delivery.save(update_fields=["state"])
    else:
        outbox.enqueue(tasks.deliver, delay=max(wait, timedelta(seconds=1)), delivery_id=str(delivery.pk))


def _note_health(bot: Bot, *, ok: bool) -> None:
    bot.failures = 0 if ok else bot.failures + 1
    over = bot.failures - FAILURES_BEFORE_PAUSE
    bot.paused_until = now() + PAUSES[min(over, len(PAUSES) - 1)] if over >= 0 else None
    bot.save(update_fields=["failures", "paused_until"])
