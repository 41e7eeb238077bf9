"""What is done with a message that has been said."""

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
from chat.api_fields import (
    EarlierVersionSerializer,
    MessageSerializer,
    ReactionSerializer,
    RecalledTextSerializer,
    RecordSerializer,
)
from chat.api_input import EditMessageSerializer, ForwardSerializer
from chat.lookup import ID_MAX, find_conversations, find_membership, find_message, find_messages
from chat.models import Message, MessageEdit, Reaction, RecalledText, Record
from superapp.kernel.rest import CursorPages
from wallet.idempotency import answer

EMOJI = OpenApiParameter("emoji", OpenApiTypes.STR, OpenApiParameter.PATH, description="One emoji.")


def shown(request: Request, message: Message) -> dict[str, Any]:
    """The message as it stands now, for the caller."""
    current = Message.objects.visible_to(request.user).for_display().get(pk=message.pk)
    member = find_membership(request.user, current.conversation_id)
    data: dict[str, Any] = MessageSerializer(current, context={"request": request, "member": member}).data
    return data


@extend_schema(tags=["messages"])
class MessageView(APIView):
    @extend_schema(operation_id="messages_retrieve", summary="A message", responses=MessageSerializer)
    def get(self, request: Request, pk: int) -> Response:
        return Response(shown(request, find_message(request.user, pk)))

    @extend_schema(
        operation_id="messages_edit",
        summary="Put one's own message in other words",
        description="Text, or what stands with a picture, a video or a file; within 48 hours.",
        request=EditMessageSerializer,
        responses=MessageSerializer,
        examples=[OpenApiExample("Edit", {"text": "Hello again!"}, request_only=True)],
    )
    def patch(self, request: Request, pk: int) -> Response:
        message = find_message(request.user, pk)
        form = EditMessageSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        return Response(
            shown(request, services.edit_message(editor=request.user, message=message, **form.validated_data))
        )


@extend_schema(tags=["messages"])
class EditsView(APIView):
    @extend_schema(
        operation_id="messages_edits",
        summary="What a message said before, the oldest first",
        responses=EarlierVersionSerializer(many=True),
    )
    def get(self, request: Request, pk: int) -> Response:
        message = find_message(request.user, pk)
        versions = MessageEdit.objects.visible_to(request.user).filter(message=message).order_by("pk")
        return Response(EarlierVersionSerializer(versions, many=True).data)


@extend_schema(tags=["messages"])
class RecallView(APIView):
    @extend_schema(
        operation_id="messages_recall",
        summary="Take a message back, for everybody",
        description="One's own within 2 minutes (files: 3 hours); owner and admins of a group remove any at any time.",
        request=None,
        responses=MessageSerializer,
    )
    def post(self, request: Request, pk: int) -> Response:
        message = find_message(request.user, pk)
        return Response(shown(request, services.recall_message(actor=request.user, message=message)))

    @extend_schema(
        operation_id="messages_recalled_text",
        summary="The words one has just taken back, to write them better",
        description="For who took them back, for 5 minutes.",
        responses=RecalledTextSerializer,
    )
    def get(self, request: Request, pk: int) -> Response:
        message = find_message(request.user, pk)
        kept = get_object_or_404(RecalledText.objects.visible_to(request.user), message=message)
        return Response(RecalledTextSerializer(kept).data)


class ReactionPages(CursorPages):
    ordering = ("-pk",)  # type: ignore[assignment]


@extend_schema(tags=["messages"])
class ReactionsView(generics.GenericAPIView[Reaction]):
    serializer_class = ReactionSerializer
    pagination_class = ReactionPages
    queryset = Reaction.objects.none()

    @extend_schema(
        operation_id="messages_reactions",
        summary="Who has reacted to a message",
        responses=ReactionSerializer(many=True),
    )
    def get(self, request: Request, pk: int) -> Response:
        message = find_message(request.user, pk)
        reactions = Reaction.objects.visible_to(request.user).filter(message=message).select_related("user")
        return self.get_paginated_response(self.get_serializer(self.paginate_queryset(reactions), many=True).data)


@extend_schema(tags=["messages"], parameters=[EMOJI])
class ReactionView(APIView):
    @extend_schema(
        operation_id="messages_react", summary="React with an emoji", request=None, responses=MessageSerializer
    )
    def put(self, request: Request, pk: int, emoji: str) -> Response:
        message = find_message(request.user, pk)
        return Response(shown(request, services.react(person=request.user, message=message, emoji=emoji)))

    @extend_schema(operation_id="messages_unreact", summary="Take a reaction back", responses={200: MessageSerializer})
    def delete(self, request: Request, pk: int, emoji: str) -> Response:
        message = find_message(request.user, pk)
        return Response(shown(request, services.take_back_reaction(person=request.user, message=message, emoji=emoji)))


@extend_schema(tags=["messages"])
class ForwardView(APIView):
    @extend_schema(
        operation_id="messages_forward",
        summary="Say it again in other conversations",
        description="One by one, or `merged` into a chat record. All of it arrives, or nothing.",
        request=ForwardSerializer,
        responses={
            201: MessageSerializer(many=True),
            200: OpenApiResponse(MessageSerializer(many=True), "They had been sent before, under the same client_id."),
        },
        examples=[
            OpenApiExample(
                "Two messages as a record",
                {
                    "client_id": "0f6a5a3f-1a11-4c58-9d5c-6f1d3f2e6a10",
                    "to": ["12", "31"],
                    "messages": ["4711"],
                    "merged": True,
                },
                request_only=True,
            )
        ],
    )
    def post(self, request: Request, pk: int) -> Response:
        first = find_message(request.user, pk)
        form = ForwardSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        wanted = form.validated_data
        others = [message for message in find_messages(request.user, wanted["messages"]) if message.pk != first.pk]
        sent = services.forward_messages(
            sender=request.user,
            messages=[first, *others],
            to=find_conversations(request.user, wanted["to"]),
            client_id=wanted["client_id"],
            merged=wanted["merged"],
        )
        replayed = sent[0].replayed
        code = status.HTTP_200_OK if replayed else status.HTTP_201_CREATED
        return answer([shown(request, message) for message in sent], replayed=replayed, status=code)


@extend_schema(tags=["messages"])
class RecordView(APIView):
    @extend_schema(operation_id="messages_record", summary="All of a chat record", responses=RecordSerializer)
    def get(self, request: Request, pk: int) -> Response:
        records = Record.objects.visible_to(request.user).prefetch_related("files__upload")
        record = get_object_or_404(records.select_related("message"), message=min(pk, ID_MAX))
        return Response(RecordSerializer(record, context={"request": request}).data)
