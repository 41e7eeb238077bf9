"""Refusals: what the product says no to, and how each door says it.

A service raises a subclass of `Refused`. REST turns it into RFC 9457 (`rest.problem`), pages into an error page
or a form error (`superapp.middleware`, `add_to_form`), the socket into an error frame, the admin into a message.
"""

from __future__ import annotations

from typing import Any

from django.forms import BaseForm
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Refused(Exception):
    """A request the product understands and will not carry out.

    `code` is stable and for programs; `sentence` is for people, in their language; `errors` maps field names to
    sentences where the refusal is about the shape of single fields.
    """

    code: str = "refused"
    sentence: str | Promise = _("This cannot be done.")
    status: int = 400

    def __init__(self, sentence: str | Promise | None = None, *, errors: dict[str, Any] | None = None) -> None:
        self.sentence = self.sentence if sentence is None else sentence
        self.errors = errors or {}
        super().__init__(self.code)

    def __str__(self) -> str:
        return str(self.sentence)


class NotFound(Refused):
    """Missing, or hidden from the one who asks: from outside the two look the same."""

    code = "not_found"
    sentence = _("There is nothing here, or it is not for you to see.")
    status = 404


class Forbidden(Refused):
    """The row may be seen, but this may not be done to it."""

    code = "forbidden"
    sentence = _("You are not allowed to do this.")
    status = 403


class Invalid(Refused):
    """The input has the wrong shape or size."""

    code = "invalid"
    sentence = _("Something in the input is not right.")
    status = 400


class Conflict(Refused):
    """The state no longer allows it."""

    code = "conflict"
    sentence = _("This has changed in the meantime.")
    status = 409


class Unavailable(Refused):
    """A store is out of reach. Nothing has been confirmed; the same request may be sent again."""

    code = "unavailable"
    sentence = _("This is not possible right now. Please try again in a moment.")
    status = 503


class RateLimited(Refused):
    """Too often. `retry_after` is in seconds."""

    code = "rate_limited"
    sentence = _("That was too often. Please wait a little and try again.")
    status = 429

    def __init__(self, retry_after: int = 60) -> None:
        super().__init__()
        self.retry_after = max(1, retry_after)


def add_to_form(form: BaseForm, refusal: Refused) -> None:
    """Show a refusal beside the fields it concerns, or above the form."""
    for field, sentence in refusal.errors.items():
        form.add_error(field if field in form.fields else None, str(sentence))
    if not refusal.errors:
        form.add_error(None, str(refusal.sentence))
