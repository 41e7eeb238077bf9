"""People in JSON: shared by every app."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from superapp.kernel.errors import NotFound

from .models import FriendRequest, Friendship, FriendTag, User


class PersonNotFound(NotFound):
    sentence = _("There is no such person.")


@extend_schema_field({"type": "string", "description": "A handle.", "example": "alice"})
class PersonField(serializers.Field):  # type: ignore[type-arg]
    """A person, by handle. In: one whom the caller may see, else 404 as for a handle nobody has."""

    default_error_messages = {"type": _("A handle is expected here, as a string.")}

    def to_internal_value(self, data: Any) -> User:
        if not isinstance(data, str):
            self.fail("type")
        viewer = self.context["request"].user
        person = User.objects.visible_to(viewer).named(data).first()
        if person is None:
            field = self.field_name or getattr(self.parent, "field_name", None) or "person"
            raise PersonNotFound(errors={field: PersonNotFound.sentence})
        return person

    def to_representation(self, value: User) -> str:
        return value.handle


class PersonSerializer(serializers.ModelSerializer[User]):
    """A person's card, the same for every viewer."""

    avatar = serializers.CharField(source="avatar_url", read_only=True, allow_null=True, help_text="A path, or null.")

    is_bot = serializers.BooleanField(read_only=True, help_text="A program, not a person.")

    class Meta:
        model = User
        fields = ["handle", "display_name", "avatar", "is_bot"]
        read_only_fields = fields


class TagSerializer(serializers.ModelSerializer[FriendTag]):
    id = serializers.CharField(read_only=True)

    class Meta:
        model = FriendTag
        fields = ["id", "name"]
        extra_kwargs: ClassVar[dict[str, Any]] = {"name": {"validators": []}}  # the service says what is taken


class TagWithSizeSerializer(TagSerializer):
    friends = serializers.IntegerField(source="size", read_only=True, default=0)

    class Meta(TagSerializer.Meta):
        fields = ["id", "name", "friends"]


class FriendSerializer(serializers.ModelSerializer[Friendship]):
    """A friend, with what the caller has noted about them."""

    handle = serializers.CharField(source="friend.handle")
    display_name = serializers.CharField(source="friend.display_name")
    avatar = serializers.CharField(source="friend.avatar_url", allow_null=True)
    tags = TagSerializer(many=True)
    since = serializers.DateTimeField(source="created_at")

    class Meta:
        model = Friendship
        fields = [
            "handle",
            "display_name",
            "avatar",
            "remark",
            "starred",
            "chat_only",
            "hide_my_moments",
            "hide_their_moments",
            "tags",
            "since",
        ]
        read_only_fields = fields


class FriendRequestSerializer(serializers.ModelSerializer[FriendRequest]):
    id = serializers.CharField()
    to = PersonSerializer(source="receiver")
    state = serializers.SerializerMethodField()

    class Meta:
        model = FriendRequest
        fields = ["id", "to", "greeting", "state", "created_at", "expires_at"]
        read_only_fields = fields

    def get_fields(self) -> dict[str, serializers.Field]:  # type: ignore[type-arg]
        fields = super().get_fields()
        return {"id": fields.pop("id"), "from": PersonSerializer(source="sender", read_only=True), **fields}

    @extend_schema_field(serializers.ChoiceField(choices=FriendRequest.State.choices))
    def get_state(self, friend_request: FriendRequest) -> str:
        return friend_request.state_seen_by(self.context["request"].user)
