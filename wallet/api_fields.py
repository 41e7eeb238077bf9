"""Money and red envelopes in JSON: shared with the apps that send them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.api_fields import PersonSerializer

from .models import AMOUNT_MAX, RedEnvelope, Share


@extend_schema_field({"type": "integer", "format": "int64", "minimum": 1, "example": 1234})
class AmountField(serializers.Field):  # type: ignore[type-arg]
    """Minor units: a JSON integer. Not a float, not a string, not a boolean, however much they look like one."""

    default_error_messages = {
        "type": _("An amount is a whole number of minor units."),
        "too_small": _("An amount is greater than zero."),
        "too_large": _("This amount is too large."),
    }

    def to_internal_value(self, data: Any) -> int:
        if type(data) is not int:
            self.fail("type")
        if data < 1:
            self.fail("too_small")
        if data > AMOUNT_MAX:
            self.fail("too_large")
        return int(data)

    def to_representation(self, value: int) -> int:
        return value


class CountField(AmountField):
    """A number of things, as strict as an amount."""

    default_error_messages = {
        "type": _("This is a whole number."),
        "too_small": _("This is greater than zero."),
        "too_large": _("This number is too large."),
    }


class MoneySerializer(serializers.Serializer[dict[str, Any]]):
    """Minor units and a currency. Made with `money(amount, currency)`."""

    amount = serializers.IntegerField(help_text="In minor units.")
    currency = serializers.CharField(help_text="ISO 4217.")


def money(amount: int, currency: str) -> dict[str, Any]:
    return {"amount": amount, "currency": currency}


class ClaimSerializer(serializers.Serializer[Any]):
    """One share that somebody has taken. Context: `currency`."""

    person = PersonSerializer(source="claimed_by")
    amount = serializers.SerializerMethodField()
    claimed_at = serializers.DateTimeField()

    @extend_schema_field(MoneySerializer)
    def get_amount(self, share: Share) -> dict[str, Any]:
        return money(share.amount, self.context["currency"])


class RedEnvelopeSerializer(serializers.Serializer[RedEnvelope]):
    """A red envelope as anybody who may open it sees it. Load it with `RedEnvelope.objects.for_detail()`."""

    id = serializers.CharField()
    kind = serializers.ChoiceField(choices=RedEnvelope.Kind.choices)
    sender = PersonSerializer()
    greeting = serializers.CharField()
    total = serializers.SerializerMethodField()
    shares = serializers.IntegerField(source="share_count")
    remaining = serializers.SerializerMethodField(help_text="Shares that may still be taken.")
    state = serializers.ChoiceField(choices=RedEnvelope.State.choices)
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    claims = serializers.SerializerMethodField()
    best_luck = serializers.SerializerMethodField(help_text="The handle; known when all shares are taken.")
    my_claim = serializers.SerializerMethodField()
    commitment = serializers.CharField(help_text="Of a lucky draw: SHA-256 over its seed, shown from the start.")
    seed = serializers.SerializerMethodField(help_text="Of a lucky draw that has ended, in hexadecimal.")

    @extend_schema_field(MoneySerializer)
    def get_total(self, envelope: RedEnvelope) -> dict[str, Any]:
        return money(envelope.amount, envelope.currency)

    def get_remaining(self, envelope: RedEnvelope) -> int:
        is_open = envelope.state == RedEnvelope.State.OPEN
        return envelope.share_count - len(envelope.claimed_shares()) if is_open else 0

    @extend_schema_field(ClaimSerializer(many=True))
    def get_claims(self, envelope: RedEnvelope) -> Any:
        claims = envelope.claimed_shares()
        return ClaimSerializer(claims, many=True, context={**self.context, "currency": envelope.currency}).data

    def get_best_luck(self, envelope: RedEnvelope) -> str | None:
        best = envelope.best_luck()
        return best.claimed_by.handle if best and best.claimed_by else None

    @extend_schema_field(MoneySerializer(allow_null=True))
    def get_my_claim(self, envelope: RedEnvelope) -> dict[str, Any] | None:
        share = envelope.share_of(self.context["request"].user)
        return money(share.amount, envelope.currency) if share else None

    def get_seed(self, envelope: RedEnvelope) -> str | None:
        return envelope.revealed_seed()
