"""Invitations, ways into groups and requests of strangers in JSON."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from accounts.api_fields import PersonSerializer

from . import events
from .models import Admission, ChatPrivacy, Invite
from .models.admission import GREETING_LENGTH_MAX
from .services.invites import HOURS_MAX, USES_MAX


class RulesSerializer(serializers.Serializer[Any]):
    """What holds in a group."""

    joining_needs_approval = serializers.BooleanField(help_text="Admins let people in who come by a link or a member.")
    only_admins_invite = serializers.BooleanField()
    only_admins_speak = serializers.BooleanField()
    history_for_new_members = serializers.BooleanField(help_text="From the moment it was turned on.")


class InviteSerializer(serializers.ModelSerializer[Invite]):
    """A link into a group, for those who may see the token."""

    id = serializers.CharField(read_only=True)
    conversation = serializers.CharField(source="conversation_id", read_only=True)
    url = serializers.SerializerMethodField(help_text="The whole address, to hand on.")
    created_by = PersonSerializer(read_only=True)

    class Meta:
        model = Invite
        fields = ["id", "conversation", "token", "url", "created_by", "created_at", "expires_at", "max_uses", "uses"]
        read_only_fields = fields

    def get_url(self, invite: Invite) -> str:
        return str(self.context["request"].build_absolute_uri(invite.get_absolute_url()))


class NewInviteSerializer(serializers.Serializer[Any]):
    hours = serializers.IntegerField(
        required=False,
        allow_null=True,
        default=None,
        min_value=1,
        max_value=HOURS_MAX,
        help_text="Null: without an end.",
    )
    max_uses = serializers.IntegerField(
        required=False, allow_null=True, default=None, min_value=1, max_value=USES_MAX, help_text="Null: for all."
    )


class InvitePreviewSerializer(serializers.Serializer[Invite]):
    """As much of a group as one may see who holds a link to it."""

    title = serializers.CharField(help_text="Often empty.")
    picture = serializers.CharField(allow_null=True)
    member_count = serializers.IntegerField()
    invited_by = PersonSerializer()
    needs_approval = serializers.BooleanField()

    def to_representation(self, invite: Invite) -> dict[str, Any]:
        group = invite.conversation
        return {
            "title": group.title,
            "picture": group.avatar_url,
            "member_count": group.member_count,
            "invited_by": events.person_json(invite.created_by),
            "needs_approval": group.joining_needs_approval,
        }


class JoinSerializer(serializers.Serializer[Any]):
    greeting = serializers.CharField(max_length=GREETING_LENGTH_MAX, required=False, default="", allow_blank=True)


class JoinedSerializer(serializers.Serializer[Any]):
    state = serializers.ChoiceField(choices=Admission.State.choices, help_text="`joined` or `asking`.")
    conversation = serializers.CharField(allow_null=True, help_text="Null while the admins have not answered.")


class AdmissionSerializer(serializers.ModelSerializer[Admission]):
    """Somebody on the way into a group."""

    id = serializers.CharField(read_only=True)
    person = PersonSerializer(source="user", read_only=True)
    invited_by = PersonSerializer(read_only=True, allow_null=True)

    class Meta:
        model = Admission
        fields = ["id", "person", "invited_by", "greeting", "state", "created_at"]
        read_only_fields = fields


class GroupInvitationSerializer(serializers.Serializer[Admission]):
    """A group into which a friend would like to bring the caller."""

    id = serializers.CharField()
    title = serializers.CharField(help_text="Often empty.")
    member_count = serializers.IntegerField()
    invited_by = PersonSerializer()
    state = serializers.ChoiceField(choices=Admission.State.choices)
    created_at = serializers.DateTimeField()

    def to_representation(self, admission: Admission) -> dict[str, Any]:
        assert admission.invited_by is not None
        return {
            "id": str(admission.pk),
            "title": admission.conversation.title,
            "member_count": admission.conversation.member_count,
            "invited_by": events.person_json(admission.invited_by),
            "state": admission.state,
            "created_at": events.time_json(admission.created_at),
        }


class ChatPrivacySerializer(serializers.ModelSerializer[ChatPrivacy]):
    class Meta:
        model = ChatPrivacy
        fields = ["strangers", "groups"]


class GroupPictureSerializer(serializers.Serializer[Any]):
    picture = serializers.FileField()
