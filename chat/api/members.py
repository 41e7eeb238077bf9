from __future__ import annotations

from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import generics, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from chat import services
from chat.api_fields import MemberSerializer
from chat.api_input import NewMembersSerializer, RoleSerializer
from chat.lookup import find_conversation
from chat.models import Conversation, Member
from superapp.kernel.rest import CursorPages


class MemberPages(CursorPages):
    ordering = ("pk",)  # type: ignore[assignment]


@extend_schema(tags=["chat"])
class MembersView(generics.GenericAPIView[Member]):
    serializer_class = MemberSerializer
    pagination_class = MemberPages
    queryset = Member.objects.none()

    @extend_schema(
        operation_id="members_list",
        summary="Who is in it, the longest first",
        parameters=[
            OpenApiParameter("q", OpenApiTypes.STR, description="Whose name or handle begins so."),
            OpenApiParameter("role", OpenApiTypes.STR, enum=Member.Role.values),
        ],
        responses=MemberSerializer(many=True),
    )
    def get(self, request: Request, pk: int) -> Response:
        conversation = find_conversation(request.user, pk)
        found = conversation.members.active().select_related("user")
        if query := request.query_params.get("q", "").replace("\x00", "").strip()[:50]:
            found = found.called(query)
        if role := request.query_params.get("role"):
            found = found.filter(role=role) if role in Member.Role.values else found.none()
        page = self.paginate_queryset(found)
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @extend_schema(
        operation_id="members_create",
        summary="Bring friends into a group",
        description="Answers those who are in it now. Who is asked first, or waits for the admins, comes later.",
        request=NewMembersSerializer,
        responses={201: MemberSerializer(many=True)},
        examples=[OpenApiExample("Two friends", {"members": ["bob", "carol"]}, request_only=True)],
        filters=False,
    )
    def post(self, request: Request, pk: int) -> Response:
        conversation = find_conversation(request.user, pk)
        form = NewMembersSerializer(data=request.data, context=self.get_serializer_context())
        form.is_valid(raise_exception=True)
        added = services.add_members(actor=request.user, conversation=conversation, **form.validated_data)
        return Response(self.get_serializer(added, many=True).data, status=status.HTTP_201_CREATED)


@extend_schema(tags=["chat"])
class MemberView(APIView):
    def _find(self, request: Request, pk: int, handle: str) -> tuple[Conversation, Member]:
        conversation = find_conversation(request.user, pk)
        members = conversation.members.active().select_related("user")
        return conversation, get_object_or_404(members, user__handle=handle.lower())

    @extend_schema(
        operation_id="members_change",
        summary="Make somebody an admin, a plain member, or the owner",
        request=RoleSerializer,
        responses=MemberSerializer,
    )
    def patch(self, request: Request, pk: int, handle: str) -> Response:
        conversation, member = self._find(request, pk, handle)
        form = RoleSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        member = services.change_role(
            actor=request.user, conversation=conversation, member=member, **form.validated_data
        )
        return Response(MemberSerializer(member).data)

    @extend_schema(
        operation_id="members_delete",
        summary="Remove somebody; oneself, to leave",
        parameters=[
            OpenApiParameter("messages", OpenApiTypes.BOOL, description="Also take back all they have written here.")
        ],
        responses={204: None},
    )
    def delete(self, request: Request, pk: int, handle: str) -> Response:
        conversation, member = self._find(request, pk, handle)
        if member.user_id == request.user.pk:
            services.leave_group(person=request.user, conversation=conversation)
        else:
            with_messages = request.query_params.get("messages", "").lower() in {"true", "1"}
            services.remove_member(
                actor=request.user, conversation=conversation, member=member, with_messages=with_messages
            )
        return Response(status=status.HTTP_204_NO_CONTENT)
