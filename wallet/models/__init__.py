from .books import AMOUNT_MAX, BALANCE_MAX, Account, Entry, EntryQuerySet, Transaction
from .red_envelope import GREETING_LENGTH_MAX, RedEnvelope, RedEnvelopeQuerySet, Share, ShareQuerySet

__all__ = [
    "AMOUNT_MAX",
    "BALANCE_MAX",
    "GREETING_LENGTH_MAX",
    "Account",
    "Entry",
    "EntryQuerySet",
    "RedEnvelope",
    "RedEnvelopeQuerySet",
    "Share",
    "ShareQuerySet",
    "Transaction",
]
