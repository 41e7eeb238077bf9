from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import generics, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from superapp.kernel.rest import CursorPages
from wallet.api_fields import MoneySerializer, RedEnvelopeSerializer, money
from wallet.idempotency import KEY_HEADER, answer, read_key
from wallet.models import RedEnvelope

from . import services
from .api_fields import (
    ChangeConversationSerializer,
    ConversationSerializer,
    MemberSerializer,
    MessageSerializer,
    NewConversationSerializer,
    NewMembersSerializer,
    NewMessageSerializer,
    NewRedEnvelopeSerializer,
    RoleSerializer,
    SeqSerializer,
    SyncSerializer,
)
from .lookup import find_conversation, find_membership, find_reply
from .models import Conversation, Member, Message
from .models.conversation import attach_list_facts
from .paging import SeqPages, read_number
from .sync import changes_since

GROUP = OpenApiExample("A group", {"kind": "group", "title": "Hiking", "members": ["bob", "carol"]}, request_only=True)
DIRECT = OpenApiExample("With a friend", {"kind": "direct", "with": "bob"}, request_only=True)
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
LUCKY = OpenApiExample(
    "Lucky draw", {"kind": "lucky", "amount": 1000, "shares": 5, "greeting": "Best wishes"}, request_only=True
)


class ConversationPages(CursorPages):
    ordering = ("-active_at", "-pk")  # type: ignore[assignment]


class MemberPages(CursorPages):
    ordering = ("joined_seq", "pk")  # type: ignore[assignment]


def _shown(request: Request, conversation_id: int) -> dict[str, Any]:
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
        parameters=[OpenApiParameter("pinned", OpenApiTypes.BOOL, description="Only those one has pinned, or not.")],
        responses=ConversationSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        conversations = Conversation.objects.with_list_facts(request.user)
        pinned = request.query_params.get("pinned")
        if pinned is not None:
            conversations = conversations.filter(mine__pinned=pinned.lower() in {"true", "1"})
        page = attach_list_facts(self.paginate_queryset(conversations) or [], request.user)
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @extend_schema(
        operation_id="conversations_create",
        summary="Open the conversation with a friend, or start a group",
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
            return Response(_shown(request, made.pk), status=status.HTTP_201_CREATED)
        known = Conversation.objects.direct_between(request.user, wanted["with"]).exists()
        found = services.open_direct(person=request.user, other=wanted["with"])
        return Response(_shown(request, found.pk), status=status.HTTP_200_OK if known else status.HTTP_201_CREATED)


@extend_schema(tags=["chat"])
class ConversationView(APIView):
    @extend_schema(operation_id="conversations_retrieve", summary="A conversation", responses=ConversationSerializer)
    def get(self, request: Request, pk: int) -> Response:
        return Response(_shown(request, pk))

    @extend_schema(
        operation_id="conversations_change",
        summary="Title and announcement of a group; one's own muted, pinned, nickname",
        request=ChangeConversationSerializer,
        responses=ConversationSerializer,
    )
    def patch(self, request: Request, pk: int) -> Response:
        member = find_membership(request.user, pk)
        form = ChangeConversationSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        services.change_conversation(member=member, **form.validated_data)
        return Response(_shown(request, pk))


@extend_schema(tags=["chat"])
class MembersView(generics.GenericAPIView[Member]):
    serializer_class = MemberSerializer
    pagination_class = MemberPages
    queryset = Member.objects.none()

    @extend_schema(
        operation_id="members_list",
        summary="Who is in it, the longest first",
        responses=MemberSerializer(many=True),
    )
    def get(self, request: Request, pk: int) -> Response:
        conversation = find_conversation(request.user, pk)
        page = self.paginate_queryset(conversation.members.active().select_related("user"))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @extend_schema(
        operation_id="members_create",
        summary="Bring friends into a group",
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

    @extend_schema(operation_id="members_delete", summary="Remove somebody; oneself, to leave", responses={204: None})
    def delete(self, request: Request, pk: int, handle: str) -> Response:
        conversation, member = self._find(request, pk, handle)
        if member.user_id == request.user.pk:
            services.leave_group(person=request.user, conversation=conversation)
        else:
            services.remove_member(actor=request.user, conversation=conversation, member=member)
        return Response(status=status.HTTP_204_NO_CONTENT)


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
        examples=[TEXT, PHOTOS],
    )
    def post(self, request: Request, pk: int) -> Response:
        member = find_membership(request.user, pk)
        form = NewMessageSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        wanted = form.validated_data
        wanted["reply_to"] = find_reply(request.user, member.conversation, wanted["reply_to"])
        message, created = services.send_message(sender=request.user, conversation=member.conversation, **wanted)
        return answer(
            MessageSerializer(message, context={"request": request, "member": member}).data,
            replayed=not created,
            status=status.HTTP_201_CREATED if created else status.HTTP_200_OK,
        )


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
        context = {"request": request, "member": member}
        return Response(
            {
                "head": changes.head,
                "until": changes.until,
                "has_more": changes.has_more,
                "messages": MessageSerializer(changes.messages, many=True, context=context).data,
                "members": MemberSerializer(changes.members, many=True).data,
                "conversation": _shown(request, pk) if changes.conversation else None,
            }
        )


@extend_schema(tags=["messages"])
class ReadView(APIView):
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


@extend_schema(tags=["red envelopes"])
class NewRedEnvelopeView(APIView):
    @extend_schema(
        operation_id="red_envelopes_create",
        summary="Send a red envelope into a conversation",
        parameters=[KEY_HEADER],
        request=NewRedEnvelopeSerializer,
        responses={201: MessageSerializer},
        examples=[LUCKY],
    )
    def post(self, request: Request, pk: int) -> Response:
        member = find_membership(request.user, pk)
        key = read_key(request)
        form = NewRedEnvelopeSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        message = services.send_red_envelope(
            sender=request.user, conversation=member.conversation, key=key, **form.validated_data
        )
        shown = MessageSerializer(message, context={"request": request, "member": member}).data
        return answer(shown, replayed=message.replayed)


def _red_envelope(request: Request, pk: int) -> RedEnvelope:
    return get_object_or_404(services.red_envelopes_visible_to(request.user).for_detail(), pk=pk)


@extend_schema(tags=["red envelopes"])
class RedEnvelopeView(APIView):
    @extend_schema(
        operation_id="red_envelopes_retrieve",
        summary="A red envelope, and who has taken what",
        responses=RedEnvelopeSerializer,
    )
    def get(self, request: Request, pk: int) -> Response:
        return Response(RedEnvelopeSerializer(_red_envelope(request, pk), context={"request": request}).data)


@extend_schema(tags=["red envelopes"])
class ClaimView(APIView):
    @extend_schema(
        operation_id="red_envelopes_claim",
        summary="Open a red envelope; again, to see what one got",
        request=None,
        responses=MoneySerializer,
    )
    def post(self, request: Request, pk: int) -> Response:
        envelope = _red_envelope(request, pk)
        share = services.claim_red_envelope(claimer=request.user, red_envelope=envelope)
        return answer(money(share.amount, envelope.currency), replayed=share.replayed, status=status.HTTP_200_OK)
