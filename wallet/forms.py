from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from .money import parse_amount, plain_amount


class MoneyField(forms.CharField):
    """An amount as a person types it; minor units when cleaned."""

    default_error_messages = {"amount": _("Type an amount such as %(example)s.")}

    def __init__(self, **options: Any) -> None:
        options.setdefault(
            "widget",
            forms.TextInput(
                attrs={"inputmode": "decimal", "autocomplete": "off", "maxlength": 14, "placeholder": "0.00"}
            ),
        )
        super().__init__(**options)

    def clean(self, value: Any) -> int | None:
        text = super().clean(value)
        if not text:
            return None
        amount = parse_amount(text, settings.CURRENCY)
        if amount is None:
            example = plain_amount(2050, settings.CURRENCY)
            raise ValidationError(self.error_messages["amount"], code="amount", params={"example": example})
        return amount


class TopUpForm(forms.Form):
    amount = MoneyField(label=_("Another amount"), max_length=14)
