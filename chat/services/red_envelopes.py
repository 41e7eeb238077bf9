from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from chat import events
from chat.models import Conversation, Message
from superapp.kernel import live
from superapp.kernel.errors import Forbidden, Invalid, NotFound
from wallet import services as wallet
from wallet.ledger import atomically
from wallet.models import RedEnvelope, Share

from .conversations import NotAMember
from .messages import write_message
from .numbering import members_at, take_number, who_may_see

# With fewer shares left than this, claims pass one by one, so that exactly one of them knows to be the last.
TAIL = 32


class OwnRedEnvelope(Forbidden):
    code = "own_red_envelope"
    sentence = _("This red envelope is for the other one.")


class OneShareOnly(Invalid):
    code = "one_share_only"
    sentence = _("Between two people a red envelope has one share.")


@atomically
def send_red_envelope(
    *, sender: User, conversation: Conversation, kind: str, amount: int, shares: int, key: str, greeting: str = ""
) -> Message:
    """Put money up in a conversation, with the message that shows it. Both are there, or neither."""
    if not conversation.is_visible_to(sender):
        raise NotAMember
    if conversation.is_direct and shares != 1:
        raise OneShareOnly(errors={"shares": OneShareOnly.sentence})
    envelope = wallet.send_red_envelope(
        sender=sender,
        kind=kind,
        amount=amount,
        shares=shares,
        greeting=greeting,
        scope=f"conversation:{conversation.pk}",
        key=key,
    )
    if envelope.replayed:
        sent = Message.objects.visible_to(sender).for_display().filter(red_envelope=envelope).first()
        if sent is None:
            raise NotFound
        sent.replayed = True
        return sent
    draft = Message(kind=Message.Kind.RED_ENVELOPE, text=envelope.greeting, red_envelope=envelope)
    return write_message(sender=sender, conversation=conversation, draft=draft)


@atomically
def claim_red_envelope(*, claimer: User, red_envelope: RedEnvelope) -> Share:
    """Open a red envelope in a conversation one is in."""
    message = (
        Message.objects.visible_to(claimer)
        .filter(red_envelope=red_envelope)
        .select_related("conversation", "sender")
        .first()
    )
    if message is None:
        raise NotFound
    if message.conversation.is_direct and message.sender_id == claimer.pk:
        raise OwnRedEnvelope
    share = wallet.claim_red_envelope(claimer=claimer, red_envelope=red_envelope)
    if not share.replayed:
        _announce_claim(message)
    return share


def red_envelopes_visible_to(viewer: User) -> QuerySet[RedEnvelope]:
    """Those in messages the viewer may read."""
    if not viewer.is_authenticated:
        return RedEnvelope.objects.none()
    carried = Message.objects.visible_to(viewer).filter(red_envelope=OuterRef("pk"))
    return RedEnvelope.objects.filter(Exists(carried))


def _announce_claim(message: Message) -> None:
    """Every claim is told; the last one, which empties the envelope, is also a numbered change of the message."""
    conversation = message.conversation
    if 0 < _shares_left(message) < TAIL:
        Conversation.objects.select_for_update(no_key=True).get(pk=conversation.pk)
    envelope = RedEnvelope.objects.with_counts().get(message=message)
    message.red_envelope = envelope
    if envelope.state == RedEnvelope.State.EMPTY:
        number = take_number(conversation, speaks=False, even_dissolved=True)
        message.changed_seq = number.last
        message.save(update_fields=["changed_seq"])
        live.publish(_readers(message, number.member_epoch), events.message_changed(message))
    live.publish(_readers(message, conversation.member_epoch), events.red_envelope_changed(message))


def _readers(message: Message, member_epoch: int) -> list[int]:
    return who_may_see(members_at(message.conversation_id, member_epoch), message.seq)


def _shares_left(message: Message) -> int:
    return Share.objects.free().filter(envelope=message.red_envelope_id).count()
