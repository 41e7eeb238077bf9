from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    extend_schema,
    extend_schema_field,
    extend_schema_view,
)
from rest_framework import generics, mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from accounts.api_fields import PersonSerializer
from accounts.models import User
from uploads.api_fields import UploadSerializer

from . import services
from .models import Comment, Moment, with_card


class AudienceSerializer(serializers.Serializer[Any]):
    mode = serializers.ChoiceField(choices=Moment.Audience.choices)


class CommentSerializer(serializers.ModelSerializer[Comment]):
    id = serializers.CharField(read_only=True)
    moment = serializers.CharField(source="moment_id", read_only=True)
    author = PersonSerializer(read_only=True)
    reply_to = serializers.SerializerMethodField(help_text="The comment it answers, if that is still there.")

    class Meta:
        model = Comment
        fields = ["id", "moment", "author", "text", "reply_to", "created_at"]
        read_only_fields = fields

    @extend_schema_field(
        {
            "type": ["object", "null"],
            "properties": {"id": {"type": "string"}, "author": {"type": "string", "description": "A handle."}},
            "required": ["id", "author"],
        }
    )
    def get_reply_to(self, comment: Comment) -> dict[str, str] | None:
        answered = comment.reply_to
        return {"id": str(answered.pk), "author": answered.author.handle} if answered else None


class NewCommentSerializer(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=settings.MOMENT_COMMENT_LENGTH_MAX)
    reply_to = serializers.CharField(required=False, allow_null=True, default=None, help_text="The id of a comment.")


class MomentSerializer(serializers.ModelSerializer[Moment]):
    """A moment as the caller sees it: with the likes and comments of people whom caller and author both know."""

    id = serializers.CharField(read_only=True)
    author = PersonSerializer(read_only=True)
    uploads = UploadSerializer(many=True, read_only=True)
    audience = serializers.SerializerMethodField()
    liked = serializers.BooleanField(source="is_liked", read_only=True)
    likes = serializers.SerializerMethodField(help_text="The latest 50, earliest first.")
    has_more_likes = serializers.BooleanField(read_only=True)
    comments = CommentSerializer(source="shown_comments", many=True, read_only=True)
    has_more_comments = serializers.BooleanField(read_only=True)

    class Meta:
        model = Moment
        fields = [
            "id",
            "author",
            "text",
            "uploads",
            "audience",
            "created_at",
            "liked",
            "likes",
            "has_more_likes",
            "comments",
            "has_more_comments",
        ]
        read_only_fields = fields

    @extend_schema_field(AudienceSerializer)
    def get_audience(self, moment: Moment) -> dict[str, str]:
        return {"mode": moment.audience_mode}

    @extend_schema_field(PersonSerializer(many=True))
    def get_likes(self, moment: Moment) -> Any:
        return PersonSerializer([like.person for like in moment.shown_likes], many=True).data


class NewMomentSerializer(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=settings.MOMENT_LENGTH_MAX, required=False, default="", allow_blank=True)
    uploads = serializers.ListField(
        child=serializers.CharField(max_length=64), max_length=settings.MOMENT_PHOTOS_MAX, required=False, default=list
    )
    audience = AudienceSerializer(required=False, default={"mode": Moment.Audience.FRIENDS.value})


class ChangeMomentSerializer(serializers.Serializer[Any]):
    audience = AudienceSerializer()


NEW_MOMENT = OpenApiExample(
    "With photos",
    value={
        "text": "First snow!",
        "uploads": ["6f1d3f2e-6a0e-4c58-9d5c-0f6a5a3f1a11"],
        "audience": {"mode": "friends"},
    },
    request_only=True,
)


@extend_schema(tags=["moments"])
@extend_schema_view(
    list=extend_schema(
        operation_id="moments_list", summary="The timeline: one's own Moments and friends', newest first"
    ),
    retrieve=extend_schema(operation_id="moments_retrieve", summary="One moment"),
)
class MomentViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[Moment]):
    serializer_class = MomentSerializer
    queryset = Moment.objects.none()
    lookup_value_converter = "int"

    def get_queryset(self) -> QuerySet[Moment]:
        viewer = self.request.user
        if self.action == "list":
            return with_card(Moment.objects.timeline_of(viewer), viewer)
        if self.action == "retrieve":
            return with_card(Moment.objects.visible_to(viewer), viewer)
        return Moment.objects.visible_to(viewer)

    def _answer(self, moment: Moment, code: int = status.HTTP_200_OK) -> Response:
        viewer = self.request.user
        shown = with_card(Moment.objects.visible_to(viewer), viewer).get(pk=moment.pk)
        return Response(self.get_serializer(shown).data, status=code)

    @extend_schema(
        operation_id="moments_create",
        summary="Post a moment",
        request=NewMomentSerializer,
        responses={201: MomentSerializer},
        examples=[NEW_MOMENT],
    )
    def create(self, request: Request) -> Response:
        form = NewMomentSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        moment = services.post_moment(
            author=request.user,
            text=form.validated_data["text"],
            upload_ids=form.validated_data["uploads"],
            audience=form.validated_data["audience"]["mode"],
        )
        return self._answer(moment, status.HTTP_201_CREATED)

    @extend_schema(
        operation_id="moments_update",
        summary="Change who can see a moment",
        request=ChangeMomentSerializer,
        responses=MomentSerializer,
    )
    def partial_update(self, request: Request, pk: int) -> Response:
        moment = self.get_object()
        form = ChangeMomentSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        services.change_audience(author=request.user, moment=moment, audience=form.validated_data["audience"]["mode"])
        return self._answer(moment)

    @extend_schema(operation_id="moments_delete", summary="Delete a moment", responses={204: None})
    def destroy(self, request: Request, pk: int) -> Response:
        services.delete_moment(author=request.user, moment=self.get_object())
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(
        operation_id="moments_like", summary="Like; again changes nothing", request=None, responses={204: None}
    )
    @action(detail=True, methods=["post"])
    def like(self, request: Request, pk: int) -> Response:
        services.like_moment(person=request.user, moment=self.get_object())
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(operation_id="moments_unlike", summary="Take a like back", responses={204: None})
    @like.mapping.delete
    def unlike(self, request: Request, pk: int) -> Response:
        services.unlike_moment(person=request.user, moment=self.get_object())
        return Response(status=status.HTTP_204_NO_CONTENT)


@extend_schema(tags=["moments"])
class MomentCommentsView(generics.ListAPIView[Comment]):
    """The comments under a moment that the caller may see."""

    serializer_class = CommentSerializer
    queryset = Comment.objects.none()

    def get_moment(self) -> Moment:
        return get_object_or_404(Moment.objects.visible_to(self.request.user), pk=self.kwargs["pk"])

    def get_queryset(self) -> QuerySet[Comment]:
        return Comment.objects.visible_to(self.request.user).filter(moment=self.get_moment()).with_people()

    @extend_schema(operation_id="moment_comments_list", summary="Comments, newest first")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.list(request, *args, **kwargs)

    @extend_schema(
        operation_id="moment_comments_create",
        summary="Comment, or reply to a comment",
        request=NewCommentSerializer,
        responses={201: CommentSerializer},
        examples=[OpenApiExample("A reply", value={"text": "So do I!", "reply_to": "12"}, request_only=True)],
    )
    def post(self, request: Request, pk: int) -> Response:
        moment = self.get_moment()
        form = NewCommentSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        comment = services.comment_on_moment(
            author=request.user,
            moment=moment,
            text=form.validated_data["text"],
            reply_to=_answered(form.validated_data["reply_to"]),
        )
        return Response(self.get_serializer(comment).data, status=status.HTTP_201_CREATED)


def _answered(pk: str | None) -> Comment | None:
    """The service looks it up as the author may see it."""
    if pk is None:
        return None
    return Comment(pk=int(pk) if pk.isascii() and pk.isdecimal() and len(pk) < 19 else 0)


@extend_schema(tags=["moments"])
class CommentView(generics.GenericAPIView[Comment]):
    serializer_class = CommentSerializer
    queryset = Comment.objects.none()

    @extend_schema(
        operation_id="moment_comments_delete",
        summary="Delete a comment of one's own, or any under one's own moment",
        responses={204: None},
    )
    def delete(self, request: Request, pk: int) -> Response:
        comment = get_object_or_404(Comment.objects.visible_to(request.user), pk=pk)
        services.delete_comment(person=request.user, comment=comment)
        return Response(status=status.HTTP_204_NO_CONTENT)


@extend_schema(tags=["moments"])
class PersonMomentsView(generics.ListAPIView[Moment]):
    """What one person has posted, as far as the caller may see it."""

    serializer_class = MomentSerializer
    queryset = Moment.objects.none()

    def get_queryset(self) -> QuerySet[Moment]:
        viewer = self.request.user
        person = get_object_or_404(User.objects.visible_to(viewer).named(self.kwargs["handle"]))
        return with_card(Moment.objects.visible_to(viewer).filter(author=person), viewer)

    @extend_schema(
        operation_id="people_moments_list",
        summary="A person's Moments",
        parameters=[OpenApiParameter("handle", OpenApiTypes.STR, OpenApiParameter.PATH)],
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.list(request, *args, **kwargs)
