"""Taking an event to a bot. For tasks alone (tests/test_architecture.py): it waits for other people's servers."""

from __future__ import annotations

import time
import uuid

from superapp.kernel import strict_json
from superapp.kernel.errors import Refused
from superapp.kernel.fetch import Answer, FetchFailed, fetch

from . import services
from .models import Delivery
from .models.bot import Event
from .models.delivery import Outcome
from .signing import signed

SECONDS_MAX = 7
ANSWER_BYTES_MAX = 64 * 1024
ANSWERED = {Event.MESSAGE_CREATED, Event.COMMAND}  # events that a bot may answer in the same breath
_ANSWER_SPACE = uuid.UUID("5b1f4f0e-52a7-4d0c-9c55-2e6f6a0f3c11")


def deliver(delivery_id: str) -> None:
    """Try a delivery that is waiting. What the bot says in its answer is said in the group."""
    delivery = services.begin_delivery(delivery_id=delivery_id)
    if delivery is None:
        return
    began = time.monotonic()
    try:
        answer = _ask(delivery)
    except FetchFailed as failure:
        outcome = Outcome(ok=False, status=None, reason=failure.reason, milliseconds=_since(began), excerpt="")
        services.finish_delivery(delivery_id=delivery_id, outcome=outcome)
        return
    ok = 200 <= answer.status < 300
    words = answer.body.decode("utf-8", "replace").replace("\x00", "")
    outcome = Outcome(
        ok=ok, status=answer.status, reason="" if ok else "status", milliseconds=_since(began), excerpt=words.strip()
    )
    if ok and delivery.event in ANSWERED:
        _say_answer(delivery, answer, words)
    services.finish_delivery(delivery_id=delivery_id, outcome=outcome)


def _ask(delivery: Delivery) -> Answer:
    body, timestamp = delivery.body.encode(), int(time.time())
    headers = {
        "Content-Type": "application/json",
        "X-Superapp-Event": delivery.event,
        "X-Superapp-Delivery": str(delivery.pk),
        "X-Superapp-Timestamp": str(timestamp),
        "X-Superapp-Signature": signed(delivery.bot.secrets, timestamp, body),
    }
    return fetch(
        delivery.bot.url,
        method="POST",
        body=body,
        headers=headers,
        bytes_max=ANSWER_BYTES_MAX,
        seconds_max=SECONDS_MAX,
    )


def _say_answer(delivery: Delivery, answer: Answer, words: str) -> None:
    """The key of what is said is made of the event's: an event that is delivered twice is answered once."""
    text, is_private = _read_answer(answer, words)
    if not text or delivery.conversation is None:
        return
    bot, conversation = delivery.bot, delivery.conversation
    try:
        if is_private and delivery.caller is not None:
            services.answer_privately(
                bot=bot, conversation=conversation, caller=delivery.caller, text=text, answer_to=delivery.pk
            )
        else:
            services.say(
                bot=bot, conversation=conversation, text=text, client_id=uuid.uuid5(_ANSWER_SPACE, str(delivery.pk))
            )
    except Refused:
        return  # put out of the group meanwhile, or saying too much: the delivery itself has arrived


def _read_answer(answer: Answer, words: str) -> tuple[str, bool]:
    """The text, and whether it is for the caller alone: plain text, or JSON as Slack has it."""
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if answer.cut_off or not words.strip():
        return "", False
    if kind == "text/plain":
        return words, False
    if kind != "application/json":
        return "", False
    try:
        said = strict_json.read(words)
    except ValueError:
        return "", False
    if not isinstance(said, dict) or not isinstance(said.get("text"), str):
        return "", False
    return said["text"], said.get("response_type") == "ephemeral"


def _since(began: float) -> int:
    return round((time.monotonic() - began) * 1000)
