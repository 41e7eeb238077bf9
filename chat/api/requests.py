from __future__ import annotations

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import generics, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from chat import services
from chat.api_fields import ConversationSerializer
from chat.models import Conversation
from chat.models.conversation import attach_list_facts

from .conversations import ConversationPages, shown


@extend_schema(tags=["chat"])
class MessageRequestsView(generics.GenericAPIView[Conversation]):
    serializer_class = ConversationSerializer
    pagination_class = ConversationPages
    queryset = Conversation.objects.none()

    @extend_schema(
        operation_id="message_requests_list",
        summary="What strangers would like to say to you",
        responses=ConversationSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        asked = Conversation.objects.requests_to(request.user).with_list_facts(request.user)
        page = attach_list_facts(self.paginate_queryset(asked) or [], request.user)
        return self.get_paginated_response(self.get_serializer(page, many=True).data)


def _asked(request: Request, pk: int) -> Conversation:
    found: Conversation = get_object_or_404(Conversation.objects.requests_to(request.user), pk=pk)
    return found


@extend_schema(tags=["chat"])
class AcceptMessageRequestView(APIView):
    @extend_schema(
        operation_id="message_requests_accept",
        summary="Talk from now on. To answer is to accept, too",
        request=None,
        responses=ConversationSerializer,
    )
    def post(self, request: Request, pk: int) -> Response:
        services.accept_message_request(person=request.user, conversation=_asked(request, pk))
        return Response(shown(request, pk))


@extend_schema(tags=["chat"])
class DeclineMessageRequestView(APIView):
    @extend_schema(
        operation_id="message_requests_decline",
        summary="Put it away; who asked is not told",
        request=None,
        responses={204: None},
    )
    def post(self, request: Request, pk: int) -> Response:
        services.decline_message_request(person=request.user, conversation=_asked(request, pk))
        return Response(status=status.HTTP_204_NO_CONTENT)
