from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import generics, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from chat import services
from chat.api_fields import MemberSerializer, MessageSerializer, ReadMarkSerializer, SyncSerializer
from chat.api_input import NewMessageSerializer, SeqSerializer
from chat.lookup import find_conversation, find_membership, find_reply, parse_id
from chat.models import Conversation, Message
from chat.own_parts import attach_own_parts
from chat.paging import SeqPages, read_number
from chat.readers import READERS_MAX, marks_shown_to
from chat.sync import changes_since
from wallet.idempotency import answer

from .conversations import shown

TEXT = OpenApiExample(
    "Text",
    {"client_id": "0f6a5a3f-1a11-4c58-9d5c-6f1d3f2e6a0e", "kind": "text", "text": "Hello!", "reply_to": None},
    request_only=True,
)
PHOTOS = OpenApiExample(
    "Photos",
    {
        "client_id": "0f6a5a3f-1a11-4c58-9d5c-6f1d3f2e6a0f",
        "kind": "image",
        "uploads": ["6f1d3f2e-6a0e-4c58-9d5c-0f6a5a3f1a11"],
    },
    request_only=True,
)


PLACE = OpenApiExample(
    "A place",
    {
        "client_id": "0f6a5a3f-1a11-4c58-9d5c-6f1d3f2e6a12",
        "kind": "place",
        "place": {"name": "The bakery", "address": "3 Mill Lane", "latitude": 51.50741, "longitude": -0.12776},
    },
    request_only=True,
)
CARD = OpenApiExample(
    "A contact card",
    {
        "client_id": "0f6a5a3f-1a11-4c58-9d5c-6f1d3f2e6a13",
        "kind": "card",
        "card": {"kind": "person", "id": "mei"},
    },
    request_only=True,
)


@extend_schema(tags=["messages"])
class MessagesView(generics.GenericAPIView[Message]):
    serializer_class = MessageSerializer
    pagination_class = SeqPages
    queryset = Message.objects.none()

    @extend_schema(
        operation_id="messages_list",
        summary="Messages of a conversation, newest first",
        responses=MessageSerializer(many=True),
    )
    def get(self, request: Request, pk: int) -> Response:
        member = find_membership(request.user, pk)
        page = self.paginate_queryset(Message.objects.seen_by(member).for_display())
        attach_own_parts(page or [], request.user)
        context = {"request": request, "member": member}
        return self.get_paginated_response(MessageSerializer(page, many=True, context=context).data)

    @extend_schema(
        operation_id="messages_create",
        summary="Say something",
        request=NewMessageSerializer,
        responses={
            201: MessageSerializer,
            200: OpenApiResponse(MessageSerializer, "It had been sent before, under the same client_id."),
        },
        examples=[TEXT, PHOTOS, PLACE, CARD],
    )
    def post(self, request: Request, pk: int) -> Response:
        member = find_membership(request.user, pk)
        form = NewMessageSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        wanted = form.validated_data
        wanted["reply_to"] = find_reply(request.user, member.conversation, wanted["reply_to"])
        message, created = _send(request.user, member.conversation, **wanted)
        return answer(
            MessageSerializer(message, context={"request": request, "member": member}).data,
            replayed=not created,
            status=status.HTTP_201_CREATED if created else status.HTTP_200_OK,
        )


def _send(
    sender: User, conversation: Conversation, *, place: Any, card: Any, sticker: Any, **words: Any
) -> tuple[Message, bool]:
    """The one verb that makes this kind of message."""
    common = {"sender": sender, "conversation": conversation, "client_id": words["client_id"]}
    if card is not None:
        return services.share_card(**common, kind=card["kind"], name=card["id"])
    if place is not None:
        return services.send_place(**common, place=place, reply_to=words["reply_to"])
    if sticker is not None:
        return services.send_sticker(**common, sticker_id=parse_id(sticker), reply_to=words["reply_to"])
    return services.send_message(sender=sender, conversation=conversation, **words)


@extend_schema(tags=["messages"])
class SyncView(APIView):
    @extend_schema(
        operation_id="conversations_sync",
        summary="What has changed since a number",
        parameters=[OpenApiParameter("since", OpenApiTypes.INT64, description="The last number one has. Default 0.")],
        responses=SyncSerializer,
    )
    def get(self, request: Request, pk: int) -> Response:
        since = read_number(request, "since") or 0
        member = find_membership(request.user, pk)
        changes = changes_since(member, since)
        attach_own_parts(changes.messages, request.user)
        context = {"request": request, "member": member}
        return Response(
            {
                "head": changes.head,
                "until": changes.until,
                "has_more": changes.has_more,
                "messages": MessageSerializer(changes.messages, many=True, context=context).data,
                "members": MemberSerializer(changes.members, many=True).data,
                "conversation": shown(request, pk) if changes.conversation else None,
            }
        )


@extend_schema(tags=["messages"])
class ReadView(APIView):
    @extend_schema(
        operation_id="conversations_read_marks",
        summary="Up to where the others have read, as far as they show it",
        description="In a chat of two when both have read receipts on; in a group whose rule it is.",
        responses=ReadMarkSerializer(many=True),
    )
    def get(self, request: Request, pk: int) -> Response:
        conversation = find_conversation(request.user, pk)
        marks = marks_shown_to(request.user, conversation).select_related("user").order_by("joined_at", "pk")
        shown = [{"person": mark.user, "seq": mark.read_seq} for mark in marks[:READERS_MAX]]
        return Response(ReadMarkSerializer(shown, many=True).data)

    @extend_schema(
        operation_id="conversations_read",
        summary="Mark everything up to a number as read",
        request=SeqSerializer,
        responses=SeqSerializer,
        examples=[OpenApiExample("Up to 17", {"seq": 17})],
    )
    def post(self, request: Request, pk: int) -> Response:
        conversation = find_conversation(request.user, pk)
        form = SeqSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        seq = services.mark_read(reader=request.user, conversation=conversation, **form.validated_data)
        return Response({"seq": seq})
