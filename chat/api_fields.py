"""Conversations, members and messages in JSON, as one reader sees them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.api_fields import PersonField, PersonSerializer
from uploads.api_fields import UploadSerializer
from wallet.api_fields import AmountField, CountField
from wallet.models import RedEnvelope

from . import events
from .models import Conversation, Member, Message
from .models.conversation import ANNOUNCEMENT_LENGTH_MAX, TITLE_LENGTH_MAX
from .models.member import NICKNAME_LENGTH_MAX
from .system_lines import system_sentence


class ReplySerializer(serializers.Serializer[Any]):
    """The message that is answered. Its content is null when it was said before the reader joined."""

    id = serializers.CharField()
    seq = serializers.IntegerField()
    sender = PersonSerializer(allow_null=True)
    kind = serializers.CharField(allow_null=True)
    text = serializers.CharField(allow_null=True)


class CardSerializer(serializers.Serializer[Any]):
    kind = serializers.CharField()
    title = serializers.CharField()
    text = serializers.CharField()
    image = serializers.CharField(help_text="A path, or empty.")
    url = serializers.CharField(help_text="A path.")


class EnvelopeInMessageSerializer(serializers.Serializer[Any]):
    id = serializers.CharField()
    kind = serializers.ChoiceField(choices=RedEnvelope.Kind.choices)
    greeting = serializers.CharField()
    shares = serializers.IntegerField()
    state = serializers.ChoiceField(choices=RedEnvelope.State.choices)


class EventSerializer(serializers.Serializer[Any]):
    """Of a system line: what happened, for programs. `text` says it in words."""

class LinkPreviewSerializer(serializers.Serializer[Any]):
    """What the first link of a message leads to. It comes as a change of the message, a moment after it."""

    url = serializers.CharField()
    title = serializers.CharField()
    description = serializers.CharField()
    site_name = serializers.CharField()
    image = serializers.CharField(allow_null=True, help_text="A path on this site, never the page's own address.")
    width = serializers.IntegerField()
    height = serializers.IntegerField()


class ReactedSerializer(serializers.Serializer[Any]):
    """One emoji under a message."""

    emoji = serializers.CharField()
    count = serializers.IntegerField()
    people = serializers.ListField(child=serializers.CharField(), help_text="Handles of the first who chose it.")
    mine = serializers.BooleanField(help_text="The caller has chosen it. Not in live events.")


class RecordLineSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    kind = serializers.CharField()
    text = serializers.CharField()


class RecordInMessageSerializer(serializers.Serializer[Any]):
    """The head of a chat record. All of it is at `…/record/`."""

    of_group = serializers.BooleanField()
    names = serializers.ListField(child=serializers.CharField())
    count = serializers.IntegerField()
    lines = RecordLineSerializer(many=True)


    event = serializers.CharField()
    actor = serializers.CharField(help_text="A handle.")
    people = serializers.ListField(child=serializers.CharField(), help_text="Handles.")
    names = serializers.DictField(child=serializers.CharField(), help_text="What they were called then, by handle.")
    title = serializers.CharField(required=False)


class MessageSerializer(serializers.Serializer[Message]):
    """A message as the caller sees it. Context: `request`, and `member`, the caller's place in the conversation."""

    id = serializers.CharField()
    conversation = serializers.CharField()
    seq = serializers.IntegerField(help_text="Its number in the conversation, for good.")
    changed_seq = serializers.IntegerField(help_text="The number of its last change.")
    sender = PersonSerializer(allow_null=True)
    client_id = serializers.UUIDField(allow_null=True)
    kind = serializers.ChoiceField(choices=Message.Kind.choices)
    text = serializers.CharField()
    uploads = UploadSerializer(many=True)
    reply_to = ReplySerializer(allow_null=True)
    card = CardSerializer(allow_null=True)
    red_envelope = EnvelopeInMessageSerializer(allow_null=True)
    event = EventSerializer(allow_null=True)
    created_at = serializers.DateTimeField()

    def to_representation(self, message: Message) -> dict[str, Any]:
        """Built from what the socket sends, without field by field serializing: this is a hot path."""
        shown = events.message_json(message)
        if message.kind == Message.Kind.IMAGE:
            shown["uploads"] = UploadSerializer(message.uploads, many=True, context=self.context).data
        if message.reply_to is not None:
            quote = message.quote_for(self.context["member"])
            shown["reply_to"] |= {
                "sender": events.person_json(quote.sender) if quote and quote.sender else None,
                "kind": quote.kind if quote else None,
                "text": quote.text if quote else None,
            }
        if message.is_system:
            shown["text"] = system_sentence(message)
        return shown


class MemberSerializer(serializers.Serializer[Member]):
    person = PersonSerializer()
    role = serializers.ChoiceField(choices=Member.Role.choices)
    nickname = serializers.CharField()
    joined_at = serializers.DateTimeField()
    left = serializers.BooleanField(help_text="True in what sync answers about somebody who is not in it any more.")
    changed_seq = serializers.IntegerField()

    def to_representation(self, member: Member) -> dict[str, Any]:
        return events.member_json(member)


class ConversationSerializer(serializers.Serializer[Conversation]):
    """A conversation with the caller's own settings. Load it with `with_list_facts` and `attach_list_facts`."""

    id = serializers.CharField()
    kind = serializers.ChoiceField(choices=Conversation.Kind.choices)
    title = serializers.CharField(help_text="As the group has been named. Often empty.")
    name = serializers.CharField(help_text="What to call it: the friend's remark name, the title, or the members.")
    announcement = serializers.CharField()
    person = PersonSerializer(allow_null=True, help_text="In a direct conversation, the other one.")
    faces = PersonSerializer(many=True, help_text="The first members, for a picture.")
    member_count = serializers.IntegerField()
    head = serializers.IntegerField(help_text="The number of its latest change.")
    changed_seq = serializers.IntegerField(help_text="The number of the last change of title or announcement.")
    unread = serializers.IntegerField(help_text="Of others, no system lines. Counted among the latest 999 numbers.")
    read_seq = serializers.IntegerField()
    joined_seq = serializers.IntegerField(help_text="The first number the caller may see.")
    preview = LinkPreviewSerializer(allow_null=True)
    role = serializers.ChoiceField(choices=Member.Role.choices)
    muted = serializers.BooleanField()
    pinned = serializers.BooleanField()
    nickname = serializers.CharField(help_text="The caller's own name in this group.")
    last_message = MessageSerializer(allow_null=True)
    active_at = serializers.DateTimeField()
    created_at = serializers.DateTimeField()

    def to_representation(self, conversation: Any) -> dict[str, Any]:
        viewer = self.context["request"].user
        other = conversation.other(viewer)
        own = ["unread", "read_seq", "joined_seq", "role", "muted", "pinned", "nickname"]
        last = conversation.last_message
        context = {**self.context, "member": Member(conversation=conversation, joined_seq=conversation.joined_seq)}
        return {
            "id": str(conversation.pk),
            "kind": conversation.kind,
            "title": conversation.title,
            "name": conversation.title_for(viewer),
            "announcement": conversation.announcement,
            "person": events.person_json(other) if other else None,
            "faces": [events.person_json(person) for person in conversation.faces],
            "member_count": conversation.member_count,
            "head": conversation.head,
            "changed_seq": conversation.changed_seq,
            **{name: getattr(conversation, name) for name in own},
            "last_message": MessageSerializer(last, context=context).data if last else None,
            "active_at": events.time_json(conversation.active_at),
            "created_at": events.time_json(conversation.created_at),
        }


class SyncSerializer(serializers.Serializer[Any]):
    """What has changed after `since`. Applying it twice changes nothing."""

    head = serializers.IntegerField()
    until = serializers.IntegerField(help_text="Everything up to this number is here: the next `since`.")
    has_more = serializers.BooleanField()
    messages = MessageSerializer(many=True)
    members = MemberSerializer(many=True)
    conversation = ConversationSerializer(allow_null=True, help_text="When its title or announcement has changed.")


# --- What comes in --------------------------------------------------------------------------------------------------


class Handles(serializers.ListField):
    child = PersonField()

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=settings.GROUP_MEMBERS_MAX, **kwargs)


class NewConversationSerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=Conversation.Kind.choices)
    title = serializers.CharField(max_length=TITLE_LENGTH_MAX, required=False, default="", allow_blank=True)
    members = Handles(required=False, default=list)

    def get_fields(self) -> dict[str, Any]:
        """`with` is a word of Python, so it cannot be declared like the others."""
        return {**super().get_fields(), "with": PersonField(required=False)}

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["kind"] == Conversation.Kind.DIRECT and "with" not in attrs:
            raise serializers.ValidationError({"with": _("Say whom the conversation is with.")})
        return attrs


class ChangeConversationSerializer(serializers.Serializer[Any]):
    title = serializers.CharField(max_length=TITLE_LENGTH_MAX, required=False, allow_blank=True)
    announcement = serializers.CharField(max_length=ANNOUNCEMENT_LENGTH_MAX, required=False, allow_blank=True)
    muted = serializers.BooleanField(required=False)
    pinned = serializers.BooleanField(required=False)
    nickname = serializers.CharField(max_length=NICKNAME_LENGTH_MAX, required=False, allow_blank=True)


class NewMembersSerializer(serializers.Serializer[Any]):
    members = Handles(allow_empty=False)


class RoleSerializer(serializers.Serializer[Any]):
    role = serializers.ChoiceField(choices=Member.Role.choices)


@extend_schema_field({"type": ["string", "null"], "description": "The id of a message in the same conversation."})
class MessageIdField(serializers.CharField):
    pass


class NewMessageSerializer(serializers.Serializer[Any]):
    client_id = serializers.UUIDField(help_text="Chosen by the client; the same on every try of this message.")
    kind = serializers.ChoiceField(choices=["text", "image"], default="text")
    text = serializers.CharField(
        max_length=settings.MESSAGE_LENGTH_MAX, required=False, default="", allow_blank=True, trim_whitespace=False
    )
    uploads = serializers.ListField(child=serializers.CharField(max_length=64), required=False, default=list)
    reply_to = MessageIdField(required=False, allow_null=True, default=None, max_length=20)


class SeqSerializer(serializers.Serializer[Any]):
    seq = serializers.IntegerField(min_value=0, max_value=2**63 - 1)


class NewRedEnvelopeSerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=RedEnvelope.Kind.choices, default=RedEnvelope.Kind.NORMAL.value)
    amount = AmountField(help_text="The total, in minor units.")
    shares = CountField()
    greeting = serializers.CharField(max_length=60, required=False, default="", allow_blank=True)
