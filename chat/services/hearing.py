"""Who is heard: between two people, and in a group where not everybody may speak."""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.models import Friendship, User
from chat import events
from chat.models import Conversation, Member, Message
from chat.models.conversation import direct_key_of
from superapp.kernel import live
from superapp.kernel.errors import Forbidden

from .conversations import NotFriends
from .numbering import GroupDissolved, Numbers, members_at, take_number


class Blocked(Forbidden):
    code = "blocked"
    sentence = _("You have blocked this person. Unblock them to write.")


class Rejected(Forbidden):
    code = "rejected"
    sentence = _("The message was rejected by the receiver.")


class OnlyAdminsSpeak(Forbidden):
    code = "only_admins_speak"
    sentence = _("Only the owner and the admins may write in this group.")


class TextOnly(Forbidden):
    code = "text_only"
    sentence = _("Until they accept your request you can only send words.")


class RequestWaits(Forbidden):
    code = "request_waits"
    sentence = _("They have not answered yet. You can write more when they accept.")


def let_speak(draft: Message, number: Numbers, members: Mapping[int, int]) -> Mapping[int, int]:
    """Refuse what must not be said; else those who are told of it. Asked under the lock of the conversation, after the
    message has been stored, so that a retry of what was accepted is known as such whatever has changed since."""
    if number.is_dissolved:
        raise GroupDissolved
    if draft.conversation.is_group:
        if number.only_admins_speak:
            _refuse_unless_manager(draft)
        return members
    others = [user_id for user_id in members if user_id != draft.sender_id]
    if not others or _is_heard(draft, others[0]):
        return members
    live.publish(others, events.message_request(draft.conversation_id))
    return {user_id: seq for user_id, seq in members.items() if user_id not in others}


def refuse_unless_heard(sender: User, receiver_id: int) -> None:
    """Between two: friends, and strangers who were accepted. The friendship is held until what is said is there."""
    if _are_friends(sender, receiver_id):
        return
    _refuse_blocked(sender, receiver_id)
    talk = Conversation.objects.filter(direct_key=direct_key_of(sender.pk, receiver_id))
    if not talk.filter(requested_by__isnull=False, accepted_at__isnull=False).exists():
        raise NotFriends(_("You are not friends any more. Send a friend request to go on talking."))


def accept(conversation: Conversation) -> Conversation:
    """The two talk from now on, friends or not. The caller holds the conversation, which is as it stands now."""
    number = take_number(conversation, speaks=False)
    conversation.accepted_at, conversation.changed_seq = number.taken_at, number.last
    conversation.save(update_fields=["accepted_at", "changed_seq"])
    live.publish(members_at(conversation.pk, number.member_epoch), events.conversation_changed(conversation))
    return conversation


def _is_heard(draft: Message, receiver_id: int) -> bool:
    """False for what waits in the receiver's box of requests. To answer a request is to accept it."""
    sender = draft.sender
    assert sender is not None
    if _are_friends(sender, receiver_id):
        return True
    _refuse_blocked(sender, receiver_id)
    talk = Conversation.objects.get(pk=draft.conversation_id)
    if talk.requested_by_id is None:
        raise NotFriends(_("You are not friends any more. Send a friend request to go on talking."))
    if talk.awaits(sender):
        accept(talk)
    if not talk.is_request:
        return True
    if draft.kind != Message.Kind.TEXT:
        raise TextOnly
    if talk.messages.filter(sender=sender).count() > settings.MESSAGE_REQUEST_MESSAGES_MAX:
        raise RequestWaits
    return False


def _are_friends(sender: User, receiver_id: int) -> bool:
    return Friendship.objects.filter(owner=sender, friend=receiver_id).locked().exists()


def _refuse_blocked(sender: User, receiver_id: int) -> None:
    receiver = User.objects.get(pk=receiver_id)
    if sender.has_blocked(receiver):
        raise Blocked
    if receiver.has_blocked(sender):
        raise Rejected


def _refuse_unless_manager(draft: Message) -> None:
    speaker = Member.objects.active().filter(conversation=draft.conversation_id, user=draft.sender_id)
    if not speaker.filter(role__in=Member.MANAGERS).exists():
        raise OnlyAdminsSpeak
