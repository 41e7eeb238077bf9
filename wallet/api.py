from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_field
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from . import services
from .api_fields import AmountField, MoneySerializer, money
from .idempotency import KEY_HEADER, answer, read_key
from .models import Entry, Transaction


class WalletSerializer(serializers.Serializer[Any]):
    balance = MoneySerializer()
    top_up_max = MoneySerializer()


class EntrySerializer(serializers.Serializer[Entry]):
    """A bill: what one transaction did to the caller's balance."""

    id = serializers.CharField()
    kind = serializers.ChoiceField(choices=Transaction.Kind.choices, source="transaction.kind")
    amount = serializers.SerializerMethodField(help_text="Positive is money received, negative money given.")
    balance_after = serializers.SerializerMethodField()
    red_envelope = serializers.SerializerMethodField()
    created_at = serializers.DateTimeField(source="transaction.created_at")

    @extend_schema_field(MoneySerializer)
    def get_amount(self, entry: Entry) -> dict[str, Any]:
        return money(entry.amount, entry.account.currency)

    @extend_schema_field(MoneySerializer)
    def get_balance_after(self, entry: Entry) -> dict[str, Any]:
        return money(entry.balance_after or 0, entry.account.currency)

    def get_red_envelope(self, entry: Entry) -> str | None:
        envelope = entry.red_envelope
        return str(envelope.pk) if envelope else None


class TopUpSerializer(serializers.Serializer[Any]):
    amount = AmountField()
    currency = serializers.CharField(max_length=3, required=False)

    def validate_currency(self, currency: str) -> str:
        if currency != settings.CURRENCY:
            raise serializers.ValidationError(
                _("This community's money is in %(currency)s.") % {"currency": settings.CURRENCY}
            )
        return currency


class WalletView(APIView):
    @extend_schema(
        operation_id="wallet",
        tags=["wallet"],
        summary="My balance",
        responses=WalletSerializer,
        examples=[
            OpenApiExample(
                "Balance",
                {
                    "balance": {"amount": 12050, "currency": "CNY"},
                    "top_up_max": {"amount": 100000, "currency": "CNY"},
                },
                response_only=True,
            )
        ],
    )
    def get(self, request: Request) -> Response:
        return Response(
            {
                "balance": money(services.balance(request.user), settings.CURRENCY),
                "top_up_max": money(settings.TOP_UP_MAX, settings.CURRENCY),
            }
        )


class EntriesView(generics.ListAPIView[Entry]):
    serializer_class = EntrySerializer
    queryset = Entry.objects.none()

    def get_queryset(self) -> Any:
        return Entry.objects.visible_to(self.request.user).with_story()

    @extend_schema(operation_id="wallet_entries", tags=["wallet"], summary="My bills, newest first")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)


class TopUpsView(APIView):
    @extend_schema(
        operation_id="wallet_top_up",
        tags=["wallet"],
        summary="Top up play credit",
        description="The money is the community's own play credit, from its funding account.",
        parameters=[KEY_HEADER],
        request=TopUpSerializer,
        responses={201: EntrySerializer},
        examples=[
            OpenApiExample("Top up 50.00", {"amount": 5000, "currency": "CNY"}, request_only=True),
            OpenApiExample(
                "Topped up",
                {
                    "id": "17",
                    "kind": "top_up",
                    "amount": {"amount": 5000, "currency": "CNY"},
                    "balance_after": {"amount": 5000, "currency": "CNY"},
                    "red_envelope": None,
                    "created_at": "2026-01-02T03:04:05.678901Z",
                },
                response_only=True,
                status_codes=["201"],
            ),
        ],
    )
    def post(self, request: Request) -> Response:
        key = read_key(request)
        body = TopUpSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        entry = services.top_up(person=request.user, amount=body.validated_data["amount"], key=key)
        return answer(EntrySerializer(entry).data, replayed=entry.replayed)
