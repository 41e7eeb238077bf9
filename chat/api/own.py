from __future__ import annotations

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api_fields import PersonSerializer
from chat import events, services
from chat.api_fields import DraftSerializer
from chat.api_input import NewDraftSerializer
from chat.lookup import find_membership, find_reply
from chat.models import Message
from chat.readers import readers_of


@extend_schema(tags=["chat"])
class DraftView(APIView):
    @extend_schema(
        operation_id="drafts_keep",
        summary="Keep what is being written, for all one's devices",
        description="The latest writer wins, by `written_at`. The answer is the draft as it stands now.",
        request=NewDraftSerializer,
        responses=DraftSerializer,
        examples=[OpenApiExample("Begun", {"text": "I think we should"}, request_only=True)],
    )
    def put(self, request: Request, pk: int) -> Response:
        conversation = find_membership(request.user, pk).conversation
        form = NewDraftSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        wanted = form.validated_data
        wanted["reply_to"] = find_reply(request.user, conversation, wanted["reply_to"])
        member = services.keep_draft(writer=request.user, conversation=conversation, **wanted)
        return Response(events.draft_json(member))

    @extend_schema(operation_id="drafts_clear", summary="Throw the draft away", responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        services.clear_draft(writer=request.user, conversation=find_membership(request.user, pk).conversation)
        return Response(status=status.HTTP_204_NO_CONTENT)


@extend_schema(tags=["messages"])
class ReadersView(APIView):
    @extend_schema(
        operation_id="messages_readers",
        summary="Who has read a message, at most 500",
        description="403 `readers_hidden` where people do not show each other what they have read.",
        responses=PersonSerializer(many=True),
    )
    def get(self, request: Request, pk: int) -> Response:
        visible = Message.objects.visible_to(request.user).select_related("conversation")
        members = readers_of(get_object_or_404(visible, pk=pk), request.user)
        return Response(PersonSerializer([member.user for member in members], many=True).data)
