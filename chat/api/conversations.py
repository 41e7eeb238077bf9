from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import generics, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from chat import services
from chat.api_fields import ConversationSerializer
from chat.api_input import ChangeConversationSerializer, NewConversationSerializer
from chat.lookup import find_conversation, find_membership
from chat.models import Conversation
from chat.models.conversation import attach_list_facts
from chat.services.rules import RULES
from superapp.kernel.rest import CursorPages

GROUP = OpenApiExample("A group", {"kind": "group", "title": "Hiking", "members": ["bob", "carol"]}, request_only=True)
DIRECT = OpenApiExample("With a friend", {"kind": "direct", "with": "bob"}, request_only=True)


class ConversationPages(CursorPages):
    ordering = ("-active_at", "-pk")  # type: ignore[assignment]


def shown(request: Request, conversation_id: int) -> dict[str, Any]:
    """One conversation with the caller's own settings."""
    found = get_object_or_404(Conversation.objects.with_list_facts(request.user), pk=conversation_id)
    data: dict[str, Any] = ConversationSerializer(
        attach_list_facts([found], request.user)[0], context={"request": request}
    ).data
    return data


@extend_schema(tags=["chat"])
class ConversationsView(generics.GenericAPIView[Conversation]):
    serializer_class = ConversationSerializer
    pagination_class = ConversationPages
    queryset = Conversation.objects.none()

    @extend_schema(
        operation_id="conversations_list",
        summary="My conversations, the latest first",
        parameters=[
            OpenApiParameter("pinned", OpenApiTypes.BOOL, description="Only those one has pinned, or not."),
            OpenApiParameter("folded", OpenApiTypes.BOOL, description="Only those one has folded away, or not."),
            OpenApiParameter("hidden", OpenApiTypes.BOOL, description="Only those one has hidden, or not."),
        ],
        responses=ConversationSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        conversations = Conversation.objects.with_list_facts(request.user).apart_from_requests(request.user)
        for name in ("pinned", "folded", "hidden"):
            wanted = request.query_params.get(name)
            if wanted is not None:
                conversations = conversations.filter(**{name: wanted.lower() in {"true", "1"}})
        page = attach_list_facts(self.paginate_queryset(conversations) or [], request.user)
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @extend_schema(
        operation_id="conversations_create",
        summary="Open the conversation with somebody, or start a group",
        description="With a stranger it is a request: it waits in their box until they accept or answer.",
        request=NewConversationSerializer,
        responses={201: ConversationSerializer, 200: OpenApiResponse(ConversationSerializer, "It was there before.")},
        examples=[GROUP, DIRECT],
    )
    def post(self, request: Request) -> Response:
        form = NewConversationSerializer(data=request.data, context=self.get_serializer_context())
        form.is_valid(raise_exception=True)
        wanted = form.validated_data
        if wanted["kind"] == Conversation.Kind.GROUP:
            made = services.create_group(owner=request.user, title=wanted["title"], members=wanted["members"])
            return Response(shown(request, made.pk), status=status.HTTP_201_CREATED)
        known = Conversation.objects.direct_between(request.user, wanted["with"]).exists()
        found = services.open_direct(person=request.user, other=wanted["with"])
        return Response(shown(request, found.pk), status=status.HTTP_200_OK if known else status.HTTP_201_CREATED)


@extend_schema(tags=["chat"])
class ConversationView(APIView):
    @extend_schema(operation_id="conversations_retrieve", summary="A conversation", responses=ConversationSerializer)
    def get(self, request: Request, pk: int) -> Response:
        return Response(shown(request, pk))

    @extend_schema(
        operation_id="conversations_change",
        summary="What a group is; one's own place in it: muted, pinned, folded, hidden, unread, nickname",
        request=ChangeConversationSerializer,
        responses=ConversationSerializer,
        examples=[
            OpenApiExample("Quiet till then", {"muted_until": "2031-05-01T08:00:00Z"}, request_only=True),
            OpenApiExample("Out of the list", {"hidden": True}, request_only=True),
            OpenApiExample("Mute all", {"only_admins_speak": True}, request_only=True),
        ],
    )
    def patch(self, request: Request, pk: int) -> Response:
        member = find_membership(request.user, pk)
        form = ChangeConversationSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        wanted = dict(form.validated_data)
        rules = {name: wanted.pop(name) for name in RULES if name in wanted}
        services.change_conversation(member=member, rules=rules, **wanted)
        return Response(shown(request, pk))

    @extend_schema(
        operation_id="conversations_dissolve",
        summary="Dissolve a group, as its owner: members keep what was said, and nobody writes any more",
        responses={204: None},
    )
    def delete(self, request: Request, pk: int) -> Response:
        conversation = find_conversation(request.user, pk)
        services.dissolve_group(owner=request.user, conversation=conversation)
        return Response(status=status.HTTP_204_NO_CONTENT)
