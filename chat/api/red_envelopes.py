from __future__ import annotations

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from chat import services
from chat.api_fields import MessageSerializer
from chat.api_input import NewRedEnvelopeSerializer
from chat.lookup import find_membership
from wallet.api_fields import MoneySerializer, RedEnvelopeSerializer, money
from wallet.idempotency import KEY_HEADER, answer, read_key
from wallet.models import RedEnvelope

LUCKY = OpenApiExample(
    "Lucky draw", {"kind": "lucky", "amount": 1000, "shares": 5, "greeting": "Best wishes"}, request_only=True
)


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
