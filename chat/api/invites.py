from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema
from rest_framework import generics, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from chat import services
from chat.group_fields import (
    AdmissionSerializer,
    GroupInvitationSerializer,
    InvitePreviewSerializer,
    InviteSerializer,
    JoinedSerializer,
    JoinSerializer,
    NewInviteSerializer,
)
from chat.lookup import find_conversation
from chat.models import Admission, Conversation, Invite
from chat.services.invites import InviteNotFound
from superapp.kernel.errors import NotFound
from superapp.kernel.rest import CursorPages


@extend_schema(tags=["groups"])
class InvitesView(generics.GenericAPIView[Invite]):
    serializer_class = InviteSerializer
    pagination_class = CursorPages
    queryset = Invite.objects.none()

    @extend_schema(
        operation_id="invites_list",
        summary="Links into a group that work: one's own; for admins, everybody's",
        responses=InviteSerializer(many=True),
    )
    def get(self, request: Request, pk: int) -> Response:
        conversation = find_conversation(request.user, pk)
        found = Invite.objects.visible_to(request.user).unspent().filter(conversation=conversation)
        page = self.paginate_queryset(found.select_related("created_by"))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @extend_schema(
        operation_id="invites_create",
        summary="Make a link into a group",
        request=NewInviteSerializer,
        responses={201: InviteSerializer},
        examples=[OpenApiExample("For one, a day", {"hours": 24, "max_uses": 1}, request_only=True)],
        filters=False,
    )
    def post(self, request: Request, pk: int) -> Response:
        conversation = find_conversation(request.user, pk)
        form = NewInviteSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        made = services.create_invite(actor=request.user, conversation=conversation, **form.validated_data)
        made.refresh_from_db()
        return Response(self.get_serializer(made).data, status=status.HTTP_201_CREATED)


@extend_schema(tags=["groups"])
class InviteView(APIView):
    @extend_schema(operation_id="invites_delete", summary="Revoke a link", responses={204: None})
    def delete(self, request: Request, pk: int, invite: int) -> Response:
        conversation = find_conversation(request.user, pk)
        visible = Invite.objects.visible_to(request.user).filter(conversation=conversation)
        services.revoke_invite(actor=request.user, invite=get_object_or_404(visible, pk=invite))
        return Response(status=status.HTTP_204_NO_CONTENT)


def _open_invite(request: Request, token: str) -> Invite:
    found = Invite.objects.open_to(request.user).filter(token=token)
    invite = found.select_related("conversation", "created_by").first()
    if invite is None:
        raise InviteNotFound
    return invite


@extend_schema(tags=["groups"])
class InvitePreviewView(APIView):
    @extend_schema(
        operation_id="invites_retrieve", summary="Where an invitation leads", responses=InvitePreviewSerializer
    )
    def get(self, request: Request, token: str) -> Response:
        return Response(InvitePreviewSerializer(_open_invite(request, token)).data)


@extend_schema(tags=["groups"])
class InviteJoinView(APIView):
    @extend_schema(
        operation_id="invites_join",
        summary="Join by an invitation, or ask to, where the admins let people in",
        request=JoinSerializer,
        responses={200: JoinedSerializer, 202: OpenApiResponse(JoinedSerializer, "The admins have been asked.")},
        examples=[OpenApiExample("With a word", {"greeting": "We met on Saturday"}, request_only=True)],
    )
    def post(self, request: Request, token: str) -> Response:
        form = JoinSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        if here := Conversation.objects.for_member(request.user).filter(invites__token=token).first():
            return Response({"state": "joined", "conversation": str(here.pk)})
        asked = Admission.objects.waiting().filter(user=request.user, conversation__invites__token=token)
        if asked.exists():
            return Response({"state": "asking", "conversation": None}, status=status.HTTP_202_ACCEPTED)
        joined = services.join_by_invite(
            person=request.user, invite=_open_invite(request, token), **form.validated_data
        )
        if isinstance(joined, Conversation):
            return Response({"state": "joined", "conversation": str(joined.pk)})
        return Response({"state": "asking", "conversation": None}, status=status.HTTP_202_ACCEPTED)


@extend_schema(tags=["groups"])
class JoinRequestsView(generics.GenericAPIView[Admission]):
    serializer_class = AdmissionSerializer
    pagination_class = CursorPages
    queryset = Admission.objects.none()

    @extend_schema(
        operation_id="join_requests_list",
        summary="Who asks to join a group, for its owner and admins",
        responses=AdmissionSerializer(many=True),
    )
    def get(self, request: Request, pk: int) -> Response:
        conversation = find_conversation(request.user, pk)
        waiting = Admission.objects.for_managers(request.user).filter(conversation=conversation)
        page = self.paginate_queryset(waiting.select_related("user", "invited_by"))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)


def _join_request(request: Request, pk: int) -> Admission:
    found: Admission = get_object_or_404(
        Admission.objects.for_managers(request.user).select_related("conversation", "user", "invited_by"), pk=pk
    )
    return found


@extend_schema(tags=["groups"])
class AcceptJoinRequestView(APIView):
    @extend_schema(
        operation_id="join_requests_accept", summary="Let somebody in", request=None, responses=AdmissionSerializer
    )
    def post(self, request: Request, pk: int) -> Response:
        found = services.accept_join_request(actor=request.user, admission=_join_request(request, pk))
        return Response(AdmissionSerializer(found).data)


@extend_schema(tags=["groups"])
class DeclineJoinRequestView(APIView):
    @extend_schema(
        operation_id="join_requests_decline", summary="Do not let somebody in", request=None, responses={204: None}
    )
    def post(self, request: Request, pk: int) -> Response:
        services.decline_join_request(actor=request.user, admission=_join_request(request, pk))
        return Response(status=status.HTTP_204_NO_CONTENT)


@extend_schema(tags=["groups"])
class GroupInvitationsView(generics.GenericAPIView[Admission]):
    serializer_class = GroupInvitationSerializer
    pagination_class = CursorPages
    queryset = Admission.objects.none()

    @extend_schema(
        operation_id="group_invitations_list",
        summary="Groups that friends would like to bring you into",
        responses=GroupInvitationSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        invited = Admission.objects.invited(request.user).select_related("conversation", "invited_by")
        return self.get_paginated_response(self.get_serializer(self.paginate_queryset(invited), many=True).data)


def _invitation(request: Request, pk: Any) -> Admission:
    found = Admission.objects.invited(request.user).filter(pk=pk).select_related("conversation").first()
    if found is None:
        raise NotFound
    return found


@extend_schema(tags=["groups"])
class AcceptGroupInvitationView(APIView):
    @extend_schema(
        operation_id="group_invitations_accept",
        summary="Come into a group; or wait for its admins, where they let people in",
        request=None,
        responses=GroupInvitationSerializer,
    )
    def post(self, request: Request, pk: int) -> Response:
        found = services.accept_invitation(person=request.user, admission=_invitation(request, pk))
        return Response(GroupInvitationSerializer(found).data)


@extend_schema(tags=["groups"])
class DeclineGroupInvitationView(APIView):
    @extend_schema(
        operation_id="group_invitations_decline",
        summary="Stay out; who invited is not told",
        request=None,
        responses={204: None},
    )
    def post(self, request: Request, pk: int) -> Response:
        services.decline_invitation(person=request.user, admission=_invitation(request, pk))
        return Response(status=status.HTTP_204_NO_CONTENT)
