from __future__ import annotations

from collections.abc import Collection, Iterable

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from chat.mentions import EVERYBODY, names_in
from chat.models import Conversation, Member, Message
from notifications.models import Notification
from notifications.services import mark_read as mark_notifications_read
from notifications.services import notify_many
from superapp.kernel.errors import Invalid

from .conversations import NotAGroup, NotAllowedInGroup

MENTIONS_MAX = 50


class UnknownMention(Invalid):
    """The same for those who are not in it and for those who do not exist."""

    code = "unknown_mention"
    sentence = _("Only members of this conversation can be mentioned.")


class TooManyMentions(Invalid):
    code = "too_many"
    sentence = _("This message names too many people.")


def name_people(message: Message, *, wanted: Iterable[str], heard_by: Collection[int]) -> None:
    """Keep whom a message names, and let them know: those in `wanted`, who must be members, and the members whom the
    text names. What else begins with @ is words. Called in the transaction that has written the message."""
    asked = {handle.removeprefix("@").lower() for handle in wanted}
    if len(asked) > MENTIONS_MAX:
        raise TooManyMentions(errors={"mentions": TooManyMentions.sentence})
    typed = {handle for _start, _end, handle in names_in(message.text)} if "@" in message.text else set()
    if not asked and not typed:
        return
    everybody = EVERYBODY in asked | typed and _may_call_everybody(message, asked)
    handles = [*asked, *sorted(typed - asked)[:MENTIONS_MAX]]
    members = Member.objects.active().filter(conversation=message.conversation_id, user__handle__in=handles)
    named = list(members.select_related("user"))
    if asked - {EVERYBODY} - {member.user.handle for member in named}:
        raise UnknownMention(errors={"mentions": UnknownMention.sentence})
    if named or everybody:
        names = {member.user.handle: member.nickname or member.user.display_name for member in named}
        message.payload = {**message.payload, "mentions": {**names, **({EVERYBODY: ""} if everybody else {})}}
        message.mentions = sorted(member.user_id for member in named)
        message.mentions_all = everybody
        message.save(update_fields=["payload", "mentions", "mentions_all"])
        _tell(message, heard_by)


def forget_mentions(*, reader: User, conversation: Conversation, after: int, until: int) -> None:
    """What has been read in the conversation need not be told any more."""
    told = Notification.objects.filter(recipient=reader, kind="mention").unread()
    by_message = {int(target_id): pk for pk, target_id in told.values_list("pk", "target_id")}
    read = Message.objects.filter(pk__in=by_message, conversation=conversation, seq__gt=after, seq__lte=until)
    if ids := [by_message[pk] for pk in read.values_list("pk", flat=True)]:
        mark_notifications_read(person=reader, ids=ids)


def _may_call_everybody(message: Message, asked: set[str]) -> bool:
    """Owner and admins call everybody. From others `@all` in a text is a word like any other."""
    conversation = message.conversation
    member = Member.objects.active().filter(conversation=conversation, user=message.sender_id).first()
    if conversation.is_group and member is not None and member.may_manage:
        return True
    if EVERYBODY in asked:
        raise NotAllowedInGroup if conversation.is_group else NotAGroup
    return False


def _tell(message: Message, heard_by: Collection[int]) -> None:
    """Mark it for those who are named, and let them know even where they have muted the conversation; not those who
    have a block between them and the sender. So many queries, however large the group."""
    assert message.sender is not None
    free = User.objects.active().not_blocked_with(message.sender).exclude(pk=message.sender_id)
    named = Member.objects.active().filter(conversation=message.conversation_id, user__in=free)
    if not message.mentions_all:
        named = named.filter(user__in=message.mentions)
    told = [user_id for user_id in named.values_list("user_id", flat=True) if user_id in heard_by]
    if not told:
        return
    Member.objects.filter(conversation=message.conversation_id, user__in=told).update(mentioned_seq=message.seq)
    if not message.silent:
        words = {"title": message.conversation.title, "conversation": message.conversation_id, "seq": message.seq}
        notify_many(recipients=told, kind="mention", actor=message.sender, target=message, data=words)
