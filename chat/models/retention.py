"""How long what is said is kept: for so many days, of the group or of the whole place. What is older is gone for
everybody in the moment it is older; the row itself is deleted some night later."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import DateTimeField, F, Func, Value
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Coalesce, Least
from django.utils.timezone import now


class DaysAgo(Func):
    """So many days before now, by the clock of the database; NULL for NULL."""

    output_field = DateTimeField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = "(statement_timestamp() - make_interval(days => %(expressions)s))"
        return self.as_sql(compiler, connection, template=template, **context)

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        # As Django writes a time: six digits behind the second, so that texts compare as times do.
        template = "strftime('%%%%Y-%%%%m-%%%%d %%%%H:%%%%M:%%%%f', 'now', '-' || (%(expressions)s) || ' days')"
        return self.as_sql(compiler, connection, template=template, **context)


def days_kept(chosen: int | None) -> int | None:
    """Where the group has chosen so many days (None: nothing): the default of this place, and no more than its most."""
    days = settings.RETENTION_DAYS_DEFAULT if chosen is None else chosen
    most = settings.RETENTION_DAYS_MAX
    if most is None:
        return days
    return most if days is None else min(days, most)


def kept_since(chosen: F | CombinedExpression) -> DaysAgo:
    """The same for the database, as the moment from which on things are kept; NULL: everything."""
    days: Any = chosen
    if settings.RETENTION_DAYS_DEFAULT is not None:
        days = Coalesce(days, Value(settings.RETENTION_DAYS_DEFAULT))
    if (most := settings.RETENTION_DAYS_MAX) is not None:
        days = Least(Coalesce(days, Value(most)), Value(most))
    return DaysAgo(days)


def is_kept(chosen: int | None, at: Any) -> bool:
    days = days_kept(chosen)
    return days is None or at > now() - timedelta(days=days)
