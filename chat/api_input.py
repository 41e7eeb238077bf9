"""What clients send about conversations and messages, read from JSON."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.api_fields import PersonField
from accounts.models import User
from wallet.api_fields import AmountField, CountField
from wallet.models import RedEnvelope

from .api_fields import PlaceSerializer
from .models import Conversation, Member
from .models.conversation import ANNOUNCEMENT_LENGTH_MAX, TITLE_LENGTH_MAX
from .models.member import NICKNAME_LENGTH_MAX
from .services.mentions import MENTIONS_MAX


class Handles(serializers.ListField):
    child = PersonField()

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=settings.GROUP_MEMBERS_MAX, **kwargs)

    def to_internal_value(self, data: Any) -> list[User]:
        """All of them with one question."""
        if not isinstance(data, list) or not all(isinstance(handle, str) for handle in data):
            people: list[User] = super().to_internal_value(data)
            return people
        wanted = list(dict.fromkeys(handle.lower() for handle in data))
        if len(wanted) < (1 if not self.allow_empty else 0) or len(data) > settings.GROUP_MEMBERS_MAX:
            return super().to_internal_value(data)  # type: ignore[no-any-return]
        found = User.objects.visible_to(self.context["request"].user).in_bulk(wanted, field_name="handle")
        if missing := next((handle for handle in wanted if handle not in found), None):
            self.child.run_validation(missing)
        return [found[handle] for handle in wanted if handle in found]


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
    muted_until = serializers.DateTimeField(required=False, allow_null=True, help_text="Mute until then.")
    pinned = serializers.BooleanField(required=False)
    folded = serializers.BooleanField(required=False)
    hidden = serializers.BooleanField(required=False)
    marked_unread = serializers.BooleanField(required=False)
    nickname = serializers.CharField(max_length=NICKNAME_LENGTH_MAX, required=False, allow_blank=True)
    joining_needs_approval = serializers.BooleanField(required=False)
    only_admins_invite = serializers.BooleanField(required=False)
    only_admins_speak = serializers.BooleanField(required=False)
    history_for_new_members = serializers.BooleanField(required=False)


class NewMembersSerializer(serializers.Serializer[Any]):
    members = Handles(allow_empty=False)


class RoleSerializer(serializers.Serializer[Any]):
    role = serializers.ChoiceField(choices=Member.Role.choices)


@extend_schema_field({"type": ["string", "null"], "description": "The id of a message in the same conversation."})
class MessageIdField(serializers.CharField):
    pass


NEW_KINDS = ["text", "image", "voice", "video", "file", "place", "card", "sticker"]


class WhichCardSerializer(serializers.Serializer[Any]):
    kind = serializers.CharField(max_length=30, help_text="`person`, `article` or `public_account`.")
    id = serializers.CharField(max_length=60, help_text="A handle; of an article its id.")


class NewMessageSerializer(serializers.Serializer[Any]):
    client_id = serializers.UUIDField(help_text="Chosen by the client; the same on every try of this message.")
    kind = serializers.ChoiceField(choices=NEW_KINDS, default="text")
    text = serializers.CharField(
        max_length=settings.MESSAGE_LENGTH_MAX, required=False, default="", allow_blank=True, trim_whitespace=False
    )
    uploads = serializers.ListField(child=serializers.CharField(max_length=64), required=False, default=list)
    place = PlaceSerializer(required=False, allow_null=True, default=None, help_text="Of kind `place`.")
    card = WhichCardSerializer(required=False, allow_null=True, default=None, help_text="Of kind `card`.")
    sticker = serializers.CharField(
        required=False, allow_null=True, default=None, max_length=20, help_text="Of kind `sticker`: its id."
    )
    reply_to = MessageIdField(required=False, allow_null=True, default=None, max_length=20)
    mentions = serializers.ListField(
        child=serializers.CharField(max_length=40),
        max_length=MENTIONS_MAX,
        required=False,
        default=list,
        help_text="Handles of members, beside those that the text names; `all` calls everybody (owner and admins).",
    )
    silent = serializers.BooleanField(required=False, default=False)
    clears_draft = serializers.BooleanField(
        required=False, default=False, help_text="What was kept of it as a draft is done with."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        for kind in ("place", "card", "sticker"):
            if (attrs["kind"] == kind) != (attrs[kind] is not None):
                sentence = _("A message of this kind needs it, and no other has it.")
                raise serializers.ValidationError({kind: sentence})
        return attrs


class EditMessageSerializer(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=settings.MESSAGE_LENGTH_MAX, allow_blank=True, trim_whitespace=False)


class ForwardSerializer(serializers.Serializer[Any]):
    client_id = serializers.UUIDField(help_text="Chosen by the client; the same on every try of this request.")
    to = serializers.ListField(
        child=serializers.CharField(max_length=20),
        max_length=settings.FORWARD_TO_MAX,
        help_text="Ids of conversations.",
    )
    messages = serializers.ListField(
        child=serializers.CharField(max_length=20),
        max_length=settings.RECORD_MESSAGES_MAX,
        required=False,
        default=list,
        help_text="Ids of more messages of the same conversation.",
    )
    merged = serializers.BooleanField(default=False, help_text="As one chat record, instead of one by one.")


class NewSavedSerializer(serializers.Serializer[Any]):
    message = serializers.CharField(max_length=20, help_text="The id of a message.")


class NewDraftSerializer(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=settings.MESSAGE_LENGTH_MAX, allow_blank=True, trim_whitespace=False)
    reply_to = MessageIdField(required=False, allow_null=True, default=None, max_length=20)
    written_at = serializers.DateTimeField(
        required=False,
        default=None,
        allow_null=True,
        help_text="When it was written, for what is sent late. Default: now.",
    )


class SeqSerializer(serializers.Serializer[Any]):
    seq = serializers.IntegerField(min_value=0, max_value=2**63 - 1)


class NewRedEnvelopeSerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=RedEnvelope.Kind.choices, default=RedEnvelope.Kind.NORMAL.value)
    amount = AmountField(help_text="The total, in minor units.")
    shares = CountField()
    greeting = serializers.CharField(max_length=60, required=False, default="", allow_blank=True)
