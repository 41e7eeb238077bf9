"""What the wallet tells people about."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from notifications import kinds
from notifications.models import Notification

from .money import format_amount


def _bills(notification: Notification) -> str:
    return reverse("wallet:entries")


def _amount(notification: Notification) -> dict[str, Any]:
    return {"money": format_amount(notification.data["amount"], notification.data["currency"])}


def register() -> None:
    kinds.register(
        "red_envelope_refunded",
        sentence=_("%(money)s from your red envelope was not taken and is back in your wallet"),
        url=_bills,
        label=_("Red envelopes that came back"),
        icon="undo-2",
        details=_amount,
    )
