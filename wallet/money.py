"""Amounts between people and the ledger. Inside, money is an integer of minor units; nothing here ever rounds."""

from __future__ import annotations

import re
from decimal import Decimal

from babel.core import Locale, UnknownLocaleError
from babel.numbers import format_currency, get_currency_precision
from django.utils.translation import get_language, to_locale


def parse_amount(text: str, currency: str) -> int | None:
    """The minor units meant by what a person typed (`12`, `12.5`, `12,50`), or None. ASCII digits only, no sign, no
    exponent, no grouping, no more digits after the point than the currency has."""
    precision = get_currency_precision(currency)
    match = re.fullmatch(r"([0-9]{1,10})(?:[.,]([0-9]*))?", text.strip(), re.ASCII)
    if match is None or len(match[2] or "") > precision:
        return None
    return int(match[1]) * 10**precision + int((match[2] or "").ljust(precision, "0") or 0)


def plain_amount(amount: int, currency: str) -> str:
    """As a person would type it: `12.50`. The inverse of `parse_amount`."""
    return str(Decimal(amount).scaleb(-get_currency_precision(currency)))


def format_amount(amount: int, currency: str) -> str:
    """As the reader's language writes it: `¥12.50`."""
    major = Decimal(amount).scaleb(-get_currency_precision(currency))
    return format_currency(major, currency, locale=_locale())


def _locale() -> Locale:
    try:
        return Locale.parse(to_locale(get_language() or "en"))
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en")
