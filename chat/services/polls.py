from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.names import clean_line
from chat.models import Conversation, Member, Message, Poll, PollVote
from chat.models.poll import OPTION_LENGTH_MAX, OPTIONS_MAX, OPTIONS_MIN, QUESTION_LENGTH_MAX
from superapp.kernel import limits
from superapp.kernel.errors import Conflict, Forbidden, Invalid, NotFound

from .announcing import announce, announce_now, hold_conversation
from .conversations import NotAGroup
from .messages import _sent_before, write_message
from .numbering import GroupDissolved


class BadPoll(Invalid):
    code = "bad_poll"


class PollClosed(Conflict):
    code = "poll_closed"
    sentence = _("This poll is closed.")


class UnknownOption(Invalid):
    code = "unknown_option"
    sentence = _("Choose among the options.")


class NotYourPoll(Forbidden):
    code = "not_allowed"
    sentence = _("Only the one who asks, the owner and the admins may close it.")


def send_poll(
    *,
    sender: User,
    conversation: Conversation,
    client_id: uuid.UUID,
    question: str,
    options: Sequence[str],
    is_multiple: bool = False,
    is_anonymous: bool = False,
    closes_at: datetime | None = None,
) -> tuple[Message, bool]:
    """Ask a group. The message, and whether this call made it (as `send_message`)."""
    limits.count("message", sender.pk)
    if not conversation.is_group:
        raise NotAGroup
    poll = Poll(
        conversation=conversation,
        question=_checked_question(question),
        options=_checked_options(options),
        is_multiple=is_multiple,
        is_anonymous=is_anonymous,
        closes_at=_checked_end(closes_at),
    )
    lines = [poll.question, *(f"{number}. {option}" for number, option in enumerate(poll.options, start=1))]
    draft = Message(kind=Message.Kind.POLL, client_id=client_id, text="\n".join(lines), payload=poll.snapshot())
    try:
        with transaction.atomic():
            poll.message = write_message(sender=sender, conversation=conversation, draft=draft)
            poll.save()
    except IntegrityError:
        return _sent_before(sender, conversation, draft, []), False
    return draft, True


@transaction.atomic
def vote(*, voter: User, message: Message, options: Sequence[int]) -> Poll:
    """Choose, or choose anew: these options, and no others. The poll as it stands then."""
    limits.count("vote", voter.pk)
    poll = _open_poll(voter, message)
    chosen = set(options)
    if not chosen or not chosen <= set(range(1, len(poll.options) + 1)) or (len(chosen) > 1 and not poll.is_multiple):
        raise UnknownOption(errors={"options": UnknownOption.sentence})
    return _cast(poll, voter, chosen)


@transaction.atomic
def take_back_vote(*, voter: User, message: Message) -> Poll:
    limits.count("vote", voter.pk)
    return _cast(_open_poll(voter, message), voter, set())


@transaction.atomic
def close_poll(*, actor: User, message: Message) -> Poll:
    """No more votes. The numbers stay."""
    hold_conversation(poll_of(actor, message, held=False))
    poll = poll_of(actor, message)
    if not may_close(actor, poll.message):
        raise NotYourPoll
    if poll.closed_at is None:
        _close(poll)
    return poll


def close_due_polls(limit: int = 200) -> None:
    """Close those whose time has come, and tell their groups."""
    for poll_id in list(Poll.objects.due(now()).order_by("closes_at").values_list("pk", flat=True)[:limit]):
        with transaction.atomic():
            due = Poll.objects.due(now()).filter(pk=poll_id).select_related("conversation")
            if (poll := due.first()) and hold_conversation(poll) and (poll := due.locked().first()):
                _close(poll)


def poll_of(viewer: User, message: Message, *, held: bool = True) -> Poll:
    """The poll that a message carries; held until the transaction ends."""
    visible = Poll.objects.visible_to(viewer).filter(message=message).select_related("conversation", "message")
    poll = (visible.locked() if held else visible).first()
    if poll is None:
        raise NotFound
    return poll


def may_close(person: User, message: Message) -> bool:
    """Of a poll or a list: who sent it, the owner and the admins."""
    if message.sender_id == person.pk:
        return True
    managers = Member.objects.active().filter(role__in=Member.MANAGERS)
    return managers.filter(conversation=message.conversation_id, user=person).exists()


def _open_poll(voter: User, message: Message) -> Poll:
    poll = poll_of(voter, message)
    if poll.is_over:
        raise PollClosed
    if poll.conversation.dissolved_at is not None:
        raise GroupDissolved
    return poll


def _cast(poll: Poll, voter: User, chosen: set[int]) -> Poll:
    before = set(poll.votes.filter(user=voter).values_list("option", flat=True))
    if before != chosen:
        poll.votes.filter(user=voter).exclude(option__in=chosen).delete()
        PollVote.objects.bulk_create(
            PollVote(poll=poll, user=voter, option=option, is_only=not poll.is_multiple)
            for option in sorted(chosen - before)
        )
        announce(poll)
    return poll


def _close(poll: Poll) -> None:
    poll.closed_at = now()
    poll.save(update_fields=["closed_at"])
    try:
        with transaction.atomic():
            announce_now(poll)
    except GroupDissolved:  # nobody is told of anything there any more
        return


def _checked_question(question: str) -> str:
    question = clean_line(question)
    if not question:
        raise BadPoll(errors={"question": _("Ask something.")})
    if len(question) > QUESTION_LENGTH_MAX:
        raise BadPoll(errors={"question": _("This question is too long.")})
    return question


def _checked_options(options: Sequence[str]) -> list[str]:
    kept = list(dict.fromkeys(filter(None, map(clean_line, options))))
    if not OPTIONS_MIN <= len(kept) <= OPTIONS_MAX:
        words = {"least": OPTIONS_MIN, "most": OPTIONS_MAX}
        raise BadPoll(errors={"options": _("Give %(least)s to %(most)s different options.") % words})
    if any(len(option) > OPTION_LENGTH_MAX for option in kept):
        raise BadPoll(errors={"options": _("One of the options is too long.")})
    return kept


def _checked_end(closes_at: datetime | None) -> datetime | None:
    if closes_at is not None and closes_at <= now():
        raise BadPoll(errors={"closes_at": _("Choose a time that is still to come.")})
    return closes_at
