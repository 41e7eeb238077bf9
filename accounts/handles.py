"""What a handle may look like: 3 to 30 of a-z, 0-9 and underscore, beginning with a letter; some are reserved."""

import re

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.deconstruct import deconstructible
from django.utils.translation import gettext_lazy as _

RESERVED = frozenset(
    """
    about account accounts admin administrator all api app articles chat chats contacts discover everyone files
    health help here info inbox login logout mail me media moderator moments money notifications null official pay
    people postmaster public root security settings signup site square staff static superapp support system team
    undefined wallet webmaster
    """.split()  # noqa: SIM905
)


@deconstructible
class HandleValidator(RegexValidator):
    regex = r"\A[a-z][a-z0-9_]{2,29}\Z"
    message = _("Use 3 to 30 small letters, digits or underscores, beginning with a letter.")

    def __call__(self, value: object) -> None:
        super().__call__(value)
        if str(value) in RESERVED:
            raise ValidationError(_("This handle is reserved."), code="reserved")


def looks_like_handle(text: str) -> bool:
    """Whether it is worth asking the database. Handles are written in any case and kept in small letters."""
    return bool(re.fullmatch(r"[a-zA-Z][a-zA-Z0-9_]{2,29}", text))


class HandleConverter:
    """`<handle:handle>` in a URL pattern."""

    regex = "[a-zA-Z][a-zA-Z0-9_]{2,29}"

    def to_python(self, value: str) -> str:
        return value.lower()

    def to_url(self, value: str) -> str:
        return value


validate_handle = HandleValidator()
allauth_validators = [validate_handle]
