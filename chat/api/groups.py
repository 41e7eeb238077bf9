from __future__ import annotations

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import status
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from chat import services
from chat.api_fields import ConversationSerializer
from chat.group_fields import ChatPrivacySerializer, GroupPictureSerializer
from chat.lookup import find_conversation, find_membership

from .conversations import shown


@extend_schema(tags=["chat"])
class GroupPictureView(APIView):
    parser_classes = [MultiPartParser]

    @extend_schema(
        operation_id="group_picture_change",
        summary="Give the group another picture",
        request={"multipart/form-data": GroupPictureSerializer},
        responses=ConversationSerializer,
    )
    def put(self, request: Request, pk: int) -> Response:
        conversation = find_conversation(request.user, pk)
        form = GroupPictureSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        services.change_group_picture(
            actor=request.user, conversation=conversation, file=form.validated_data["picture"]
        )
        return Response(shown(request, pk))

    @extend_schema(operation_id="group_picture_delete", summary="Show the members’ faces again", responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        conversation = find_conversation(request.user, pk)
        services.change_group_picture(actor=request.user, conversation=conversation, file=None)
        return Response(status=status.HTTP_204_NO_CONTENT)


@extend_schema(tags=["chat"])
class AnnouncementReadView(APIView):
    @extend_schema(
        operation_id="announcement_read", summary="Put the announcement away", request=None, responses={204: None}
    )
    def post(self, request: Request, pk: int) -> Response:
        services.put_away_announcement(member=find_membership(request.user, pk))
        return Response(status=status.HTTP_204_NO_CONTENT)


@extend_schema(tags=["me"])
class ChatPrivacyView(APIView):
    @extend_schema(
        operation_id="chat_privacy_retrieve",
        summary="Who may write to you, and who may add you to groups",
        responses=ChatPrivacySerializer,
    )
    def get(self, request: Request) -> Response:
        return Response(ChatPrivacySerializer(services.chat_privacy_of(request.user)).data)

    @extend_schema(
        operation_id="chat_privacy_change",
        summary="Change who may reach you",
        request=ChatPrivacySerializer,
        responses=ChatPrivacySerializer,
        examples=[OpenApiExample("Friends only", {"strangers": "nobody", "groups": "ask"})],
    )
    def patch(self, request: Request) -> Response:
        form = ChatPrivacySerializer(data=request.data, partial=True)
        form.is_valid(raise_exception=True)
        changed = services.change_chat_privacy(person=request.user, **form.validated_data)
        return Response(ChatPrivacySerializer(changed).data)
