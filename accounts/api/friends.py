from __future__ import annotations

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import services
from accounts.api_fields import (
    FriendRequestSerializer,
    FriendSerializer,
    PersonField,
    TagWithSizeSerializer,
)
from accounts.models import (
    Block,
    BlockQuerySet,
    FriendRequest,
    FriendRequestQuerySet,
    Friendship,
    FriendshipQuerySet,
    FriendTag,
    FriendTagQuerySet,
    User,
)

HANDLE = OpenApiParameter("handle", OpenApiTypes.STR, OpenApiParameter.PATH)
ID = OpenApiParameter("id", OpenApiTypes.STR, OpenApiParameter.PATH)


class NewFriendRequestSerializer(serializers.Serializer[FriendRequest]):
    to = PersonField()
    greeting = serializers.CharField(max_length=100, required=False, default="", allow_blank=True)


class BoxQuery(serializers.Serializer[None]):
    box = serializers.ChoiceField(
        choices=["in", "out"],
        default="in",
        help_text="`in`: those that wait for your answer. `out`: those you sent that have not been accepted.",
    )


@extend_schema(tags=["friends"])
class FriendRequests(mixins.ListModelMixin, viewsets.GenericViewSet[FriendRequest]):
    serializer_class = FriendRequestSerializer
    queryset = FriendRequest.objects.none()
    lookup_value_regex = "[0-9]+"

    def get_queryset(self) -> FriendRequestQuerySet:
        return FriendRequest.objects.visible_to(self.request.user).select_related("sender", "receiver")

    def filter_queryset(self, queryset: Any) -> Any:
        query = BoxQuery(data=self.request.query_params)
        query.is_valid(raise_exception=True)
        if query.validated_data["box"] == "in":
            return queryset.pending().filter(receiver=self.request.user)
        return queryset.standing().filter(sender=self.request.user)

    @extend_schema(operation_id="friend_requests_list", summary="Friend requests, newest first", parameters=[BoxQuery])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)

    @extend_schema(
        operation_id="friend_requests_create",
        summary="Ask somebody to be friends",
        request=NewFriendRequestSerializer,
        responses={
            201: FriendRequestSerializer,
            200: OpenApiResponse(FriendRequestSerializer, "They had asked you too: you are friends now."),
        },
        examples=[OpenApiExample("A request", {"to": "bob", "greeting": "We met at the fair."}, request_only=True)],
    )
    def create(self, request: Request) -> Response:
        new = NewFriendRequestSerializer(data=request.data, context=self.get_serializer_context())
        new.is_valid(raise_exception=True)
        friend_request = services.request_friend(
            sender=request.user, receiver=new.validated_data["to"], greeting=new.validated_data["greeting"]
        )
        accepted = friend_request.state == FriendRequest.State.ACCEPTED
        return Response(
            self.get_serializer(friend_request).data, status.HTTP_200_OK if accepted else status.HTTP_201_CREATED
        )

    @extend_schema(
        operation_id="friend_requests_accept",
        summary="Agree",
        description="Accepting again changes nothing.",
        parameters=[ID],
        request=None,
        responses=FriendSerializer,
    )
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, pk: str) -> Response:
        friendship = services.accept_friend_request(receiver=request.user, friend_request=self._received(pk))
        return Response(FriendSerializer(friendship).data)

    @extend_schema(
        operation_id="friend_requests_decline",
        summary="Decline; the sender is not told",
        parameters=[ID],
        request=None,
        responses=FriendRequestSerializer,
    )
    @action(detail=True, methods=["post"])
    def decline(self, request: Request, pk: str) -> Response:
        friend_request = services.decline_friend_request(receiver=request.user, friend_request=self._received(pk))
        return Response(self.get_serializer(friend_request).data)

    def _received(self, pk: str) -> FriendRequest:
        return get_object_or_404(self.get_queryset(), pk=pk, receiver=self.request.user)


class FriendChangeSerializer(serializers.ModelSerializer[Friendship]):
    tags = serializers.ListField(
        child=serializers.RegexField(r"\A[0-9]{1,18}\Z"),
        max_length=100,
        required=False,
        help_text="Ids of your tags; the friend carries these and no others.",
    )

    class Meta:
        model = Friendship
        fields = ["remark", "starred", "chat_only", "hide_my_moments", "hide_their_moments", "tags"]

    def validate_tags(self, ids: list[str]) -> list[int]:
        return [int(tag_id) for tag_id in ids]


@extend_schema(tags=["friends"])
@extend_schema_view(list=extend_schema(operation_id="friends_list", summary="Your friends, newest first"))
class Friends(mixins.ListModelMixin, viewsets.GenericViewSet[Friendship]):
    serializer_class = FriendSerializer
    queryset = Friendship.objects.none()
    lookup_url_kwarg = "handle"
    lookup_value_regex = "[^/]+"

    def get_queryset(self) -> FriendshipQuerySet:
        return Friendship.objects.visible_to(self.request.user).select_related("friend").prefetch_related("tags")

    @extend_schema(
        operation_id="friends_change",
        summary="Note something about a friend",
        parameters=[HANDLE],
        request=FriendChangeSerializer,
        responses=FriendSerializer,
        examples=[OpenApiExample("A name of your own", {"remark": "Uncle Bob", "starred": True}, request_only=True)],
    )
    def partial_update(self, request: Request, handle: str) -> Response:
        change = FriendChangeSerializer(data=request.data, partial=True)
        change.is_valid(raise_exception=True)
        friendship = services.change_friend(owner=request.user, friend=self._friend(handle), **change.validated_data)
        return Response(FriendSerializer(friendship).data)

    @extend_schema(
        operation_id="friends_remove", summary="End a friendship", parameters=[HANDLE], responses={204: None}
    )
    def destroy(self, request: Request, handle: str) -> Response:
        services.remove_friend(owner=request.user, friend=self._friend(handle))
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _friend(self, handle: str) -> User:
        return _found(User.objects.friends_of(self.request.user).active().named(handle).first())


@extend_schema(tags=["friends"])
@extend_schema_view(list=extend_schema(operation_id="friend_tags_list", summary="Your tags for friends"))
class FriendTags(mixins.ListModelMixin, viewsets.GenericViewSet[FriendTag]):
    serializer_class = TagWithSizeSerializer
    queryset = FriendTag.objects.none()
    lookup_value_regex = "[0-9]+"

    def get_queryset(self) -> FriendTagQuerySet:
        return FriendTag.objects.visible_to(self.request.user).with_sizes()

    @extend_schema(
        operation_id="friend_tags_create",
        summary="Make a tag",
        responses={201: TagWithSizeSerializer},
        examples=[OpenApiExample("A tag", {"name": "Family"}, request_only=True)],
    )
    def create(self, request: Request) -> Response:
        tag = services.create_tag(owner=request.user, name=self._name(request))
        return Response(self.get_serializer(tag).data, status.HTTP_201_CREATED)

    @extend_schema(operation_id="friend_tags_rename", summary="Rename a tag", parameters=[ID])
    def partial_update(self, request: Request, pk: str) -> Response:
        tag = get_object_or_404(self.get_queryset(), pk=pk)
        services.rename_tag(owner=request.user, tag=tag, name=self._name(request))
        return Response(self.get_serializer(get_object_or_404(self.get_queryset(), pk=pk)).data)

    @extend_schema(operation_id="friend_tags_delete", summary="Delete a tag", parameters=[ID], responses={204: None})
    def destroy(self, request: Request, pk: str) -> Response:
        services.delete_tag(owner=request.user, tag=get_object_or_404(self.get_queryset(), pk=pk))
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _name(self, request: Request) -> str:
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        return str(serializer.validated_data["name"])


class BlockSerializer(serializers.ModelSerializer[Block]):
    handle = serializers.CharField(source="blocked.handle")
    display_name = serializers.CharField(source="blocked.display_name")
    avatar = serializers.CharField(source="blocked.avatar_url", allow_null=True)

    class Meta:
        model = Block
        fields = ["handle", "display_name", "avatar", "created_at"]
        read_only_fields = fields


class NewBlockSerializer(serializers.Serializer[Block]):
    handle = PersonField()


@extend_schema(tags=["friends"])
@extend_schema_view(list=extend_schema(operation_id="blocks_list", summary="Whom you have blocked, newest first"))
class Blocks(mixins.ListModelMixin, viewsets.GenericViewSet[Block]):
    serializer_class = BlockSerializer
    queryset = Block.objects.none()
    lookup_url_kwarg = "handle"
    lookup_value_regex = "[^/]+"

    def get_queryset(self) -> BlockQuerySet:
        return Block.objects.visible_to(self.request.user).select_related("blocked")

    @extend_schema(
        operation_id="blocks_create",
        summary="Block somebody",
        description="Ends the friendship and open requests, and hides your profile from them. Blocking again changes "
        "nothing.",
        request=NewBlockSerializer,
        responses={201: BlockSerializer},
        examples=[OpenApiExample("A block", {"handle": "mallory"}, request_only=True)],
    )
    def create(self, request: Request) -> Response:
        new = NewBlockSerializer(data=request.data, context=self.get_serializer_context())
        new.is_valid(raise_exception=True)
        block = services.block_person(blocker=request.user, blocked=new.validated_data["handle"])
        return Response(self.get_serializer(block).data, status.HTTP_201_CREATED)

    @extend_schema(operation_id="blocks_delete", summary="Unblock somebody", parameters=[HANDLE], responses={204: None})
    def destroy(self, request: Request, handle: str) -> Response:
        people = User.objects.visible_to(request.user) | User.objects.blocked_by(request.user)
        person = _found(people.named(handle).first())
        services.unblock_person(blocker=request.user, blocked=person)
        return Response(status=status.HTTP_204_NO_CONTENT)


def _found(person: User | None) -> User:
    if person is None:
        raise Http404
    return person
