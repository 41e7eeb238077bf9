"""The name of this database's line of history, which every socket is told at the start."""

from __future__ import annotations

import uuid

from django.db import transaction

from superapp.kernel.prepared import Prepared

from .models import Generation

_name = Prepared(lambda: Generation.objects.values_list("name"))


def generation_name() -> str:
    """Made when it is first asked for."""
    for (name,) in _name.tuples():
        return str(name)
    return str(Generation.objects.get_or_create(pk=1)[0].name)


@transaction.atomic
def begin_generation() -> str:
    """After a restore: numbers given out since the backup will be given out again, so clients must start afresh."""
    begun, _created = Generation.objects.update_or_create(pk=1, defaults={"name": uuid.uuid4()})
    return str(begun.name)
