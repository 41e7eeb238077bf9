from __future__ import annotations

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import generics, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from chat import services
from chat.api_fields import MessageSerializer
from chat.lookup import find_conversation, find_membership, find_reply
from chat.models import ScheduledMessage
from chat.together_fields import ChangeScheduledSerializer, NewScheduledSerializer, ScheduledSerializer
from superapp.kernel.rest import CursorPages

TOMORROW = OpenApiExample(
    "A message for later",
    {
        "client_id": "0f6a5a3f-1a11-4c58-9d5c-6f1d3f2e6a12",
        "text": "Good morning!",
        "send_at": "2027-01-01T07:00:00Z",
        "silent": True,
    },
    request_only=True,
)


class ScheduledPages(CursorPages):
    ordering = ("send_at", "pk")  # type: ignore[assignment]


@extend_schema(tags=["scheduled messages"])
class ScheduledListView(generics.GenericAPIView[ScheduledMessage]):
    """All of one's own, wherever they go."""

    serializer_class = ScheduledSerializer
    pagination_class = ScheduledPages
    queryset = ScheduledMessage.objects.none()

    @extend_schema(
        operation_id="scheduled_all",
        summary="All my scheduled messages, the next first",
        responses=ScheduledSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        page = self.paginate_queryset(ScheduledMessage.objects.visible_to(request.user))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)


@extend_schema(tags=["scheduled messages"])
class ConversationScheduledView(generics.GenericAPIView[ScheduledMessage]):
    serializer_class = ScheduledSerializer
    pagination_class = ScheduledPages
    queryset = ScheduledMessage.objects.none()

    @extend_schema(
        operation_id="scheduled_list",
        summary="What I have scheduled for a conversation, the next first",
        responses=ScheduledSerializer(many=True),
    )
    def get(self, request: Request, pk: int) -> Response:
        mine = ScheduledMessage.objects.visible_to(request.user).filter(
            conversation=find_conversation(request.user, pk)
        )
        return self.get_paginated_response(self.get_serializer(self.paginate_queryset(mine), many=True).data)

    @extend_schema(
        operation_id="scheduled_create",
        summary="Say something later",
        request=NewScheduledSerializer,
        responses={201: ScheduledSerializer},
        examples=[TOMORROW],
        filters=False,
    )
    def post(self, request: Request, pk: int) -> Response:
        conversation = find_conversation(request.user, pk)
        form = NewScheduledSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        wanted = form.validated_data
        wanted["reply_to"] = find_reply(request.user, conversation, wanted["reply_to"])
        scheduled = services.schedule_message(sender=request.user, conversation=conversation, **wanted)
        return Response(ScheduledSerializer(scheduled).data, status=status.HTTP_201_CREATED)


def _mine(request: Request, pk: int) -> ScheduledMessage:
    return get_object_or_404(ScheduledMessage.objects.visible_to(request.user), pk=pk)


@extend_schema(tags=["scheduled messages"])
class ScheduledView(APIView):
    @extend_schema(operation_id="scheduled_retrieve", summary="A scheduled message", responses=ScheduledSerializer)
    def get(self, request: Request, pk: int) -> Response:
        return Response(ScheduledSerializer(_mine(request, pk)).data)

    @extend_schema(
        operation_id="scheduled_change",
        summary="Other words, another time",
        request=ChangeScheduledSerializer,
        responses=ScheduledSerializer,
    )
    def patch(self, request: Request, pk: int) -> Response:
        scheduled = _mine(request, pk)
        form = ChangeScheduledSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        scheduled = services.change_scheduled(sender=request.user, scheduled=scheduled, **form.validated_data)
        return Response(ScheduledSerializer(scheduled).data)

    @extend_schema(operation_id="scheduled_delete", summary="Do not send it", responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        services.delete_scheduled(sender=request.user, scheduled=_mine(request, pk))
        return Response(status=status.HTTP_204_NO_CONTENT)


@extend_schema(tags=["scheduled messages"])
class SendScheduledView(APIView):
    @extend_schema(
        operation_id="scheduled_send", summary="Send it now", request=None, responses={201: MessageSerializer}
    )
    def post(self, request: Request, pk: int) -> Response:
        scheduled = _mine(request, pk)
        message = services.send_scheduled(sender=request.user, scheduled=scheduled)
        context = {"request": request, "member": find_membership(request.user, scheduled.conversation_id)}
        return Response(MessageSerializer(message, context=context).data, status=status.HTTP_201_CREATED)
