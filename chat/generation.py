"""The name of this database's line of history, which every socket is told at the start."""

from __future__ import annotations

import uuid

from django.db import transaction

from .models import Generation


def generation_name() -> str:
    """Made when it is first asked for."""
    known = Generation.objects.values_list("name", flat=True).first()
    if known is None:
        known = Generation.objects.get_or_create(pk=1)[0].name
    return str(known)


@transaction.atomic
def begin_generation() -> str:
    """After a restore: numbers given out since the backup will be given out again, so clients must start afresh."""
    begun, _created = Generation.objects.update_or_create(pk=1, defaults={"name": uuid.uuid4()})
    return str(begun.name)
