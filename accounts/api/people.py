from __future__ import annotations

from django.http import Http404
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import generics, serializers

from accounts.api_fields import PersonSerializer, TagSerializer
from accounts.models import User, UserQuerySet
from accounts.presence import presence_of
from accounts.relationship import Relationship, relationship_between
from superapp.kernel import limits
from superapp.kernel.rest import CursorPages


class ByHandle(CursorPages):
    ordering = "handle"


class SearchQuery(serializers.Serializer[None]):
    q = serializers.CharField(
        max_length=50, required=False, default="", allow_blank=True, help_text="A whole handle, or how a name begins."
    )


class RelationshipSerializer(serializers.Serializer[Relationship]):
    friend = serializers.SerializerMethodField()
    request = serializers.ChoiceField(choices=["sent", "received"], allow_null=True)
    following = serializers.SerializerMethodField(help_text="Of posts; not built yet, so always false.")
    follow_state = serializers.SerializerMethodField()
    blocked = serializers.BooleanField()
    remark = serializers.SerializerMethodField()
    tags = serializers.SerializerMethodField()

    def get_friend(self, relationship: Relationship) -> bool:
        return relationship.friendship is not None

    def get_following(self, relationship: Relationship) -> bool:
        return False

    def get_follow_state(self, relationship: Relationship) -> str | None:
        return None

    def get_remark(self, relationship: Relationship) -> str:
        return relationship.friendship.remark if relationship.friendship else ""

    @extend_schema_field(TagSerializer(many=True))
    def get_tags(self, relationship: Relationship) -> list[dict[str, str]]:
        tags = list(relationship.friendship.tags.all()) if relationship.friendship else []
        return [dict(row) for row in TagSerializer(tags, many=True).data]


class PresenceSerializer(serializers.Serializer[None]):
    online = serializers.BooleanField()
    last_seen_at = serializers.DateTimeField(allow_null=True, help_text="To some minutes.")


class ProfileSerializer(PersonSerializer):
    relationship = serializers.SerializerMethodField()
    presence = serializers.SerializerMethodField(help_text="Null where the two do not show each other.")

    class Meta(PersonSerializer.Meta):
        fields = ["handle", "display_name", "avatar", "bio", "region", "relationship", "presence"]
        read_only_fields = fields

    @extend_schema_field(RelationshipSerializer)
    def get_relationship(self, person: User) -> dict[str, object]:
        return RelationshipSerializer(relationship_between(self.context["request"].user, person)).data

    @extend_schema_field(PresenceSerializer(allow_null=True))
    def get_presence(self, person: User) -> dict[str, object] | None:
        presence = presence_of(person, self.context["request"].user)
        return dict(PresenceSerializer(presence).data) if presence else None


@extend_schema_view(
    get=extend_schema(
        operation_id="people_search", summary="Find people by handle or name", tags=["people"], parameters=[SearchQuery]
    )
)
class People(generics.ListAPIView[User]):
    serializer_class = PersonSerializer
    pagination_class = ByHandle
    queryset = User.objects.none()

    def get_queryset(self) -> UserQuerySet:
        query = SearchQuery(data=self.request.query_params)
        query.is_valid(raise_exception=True)
        limits.count("search", self.request.user.pk)
        return User.objects.visible_to(self.request.user).found_by(query.validated_data["q"])


@extend_schema_view(
    get=extend_schema(
        operation_id="people_retrieve", summary="A profile, and how you stand to this person", tags=["people"]
    )
)
class Profile(generics.RetrieveAPIView[User]):
    serializer_class = ProfileSerializer
    queryset = User.objects.none()

    def get_object(self) -> User:
        person = User.objects.visible_to(self.request.user).named(self.kwargs["handle"]).first()
        if person is None:
            raise Http404
        return person
