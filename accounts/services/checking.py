from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db.models import Model

from superapp.kernel.errors import Invalid


def check_fields(row: Model, fields: Iterable[str]) -> None:
    """Refuse what the columns themselves would not take: too long, empty, not among the choices."""
    wanted = set(fields)
    try:
        row.clean_fields(exclude={field.name for field in row._meta.fields if field.name not in wanted})
    except ValidationError as error:
        raise Invalid(errors={name: " ".join(sentences) for name, sentences in error.message_dict.items()}) from error
