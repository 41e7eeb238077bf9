"""Questions asked on every page, and rows written by the thousand: their SQL is worked out once.

Django takes longer to put a rich QuerySet into SQL than the database takes to answer it. A `Prepared` asks the
QuerySet (which stays the only place that knows the rule) for its SQL once, with stand-ins for the values, and puts
the values in their place at each call.

    _latest = Prepared(lambda viewer, before: Post.objects.visible_to(viewer).filter(pk__lt=before)[:20])
    posts = _latest.objects(viewer=request.user, before=17)

A value is an integer (a limit too), a point in time, a list of integers, or a row, of which the key alone counts.
Whatever changes the shape of the question (None, a flag, an ordering) is not a value: make another `Prepared`. What
the builder reads from elsewhere, settings included, is read once.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, TypeVar

from django.core.signals import setting_changed
from django.db import connection, models
from django.db.models.expressions import DatabaseDefault
from django.db.models.query import ModelIterable, get_related_populators

M = TypeVar("M", bound=models.Model)

_FIRST = 8_888_888_888_888_880_000  # stand-ins: numbers that no row has
_FIRST_TIME = datetime(8888, 8, 8, tzinfo=UTC)


class Prepared(Generic[M]):
    """`objects(...)` for a QuerySet of rows, `tuples(...)` for one of `values_list`."""

    def __init__(self, build: Callable[..., models.QuerySet[M, Any]]) -> None:
        self._build = build
        self._guard = threading.Lock()
        self._plans: dict[str, _Plan] = {}
        setting_changed.connect(self._forget, weak=True)  # tests change settings, and questions may depend on them

    def _forget(self, **_of_signal: Any) -> None:
        self._plans = {}

    def tuples(self, **values: Any) -> list[Any]:
        plan = self._plan(values)
        return plan.converted(plan.run(values))

    def objects(self, **values: Any) -> list[M]:
        plan = self._plan(values)
        return [plan.instance(row) for row in plan.converted(plan.run(values))]

    def first(self, **values: Any) -> M | None:
        return next(iter(self.objects(**values)), None)

    def _plan(self, values: dict[str, Any]) -> _Plan:
        plan = self._plans.get(connection.vendor)
        if plan is None:
            with self._guard:
                plan = self._plans.setdefault(connection.vendor, _Plan(self._build, values))
        return plan


def insert(row: models.Model) -> None:
    """`row.save(force_insert=True)` for rows written by the thousand: one statement, worked out once. Sends no
    signals; what the database fills in itself is read back."""
    fields = type(row)._meta.concrete_fields
    left = tuple(field.attname for field in fields if _is_left(getattr(row, field.attname), field))
    key = (type(row), connection.vendor, left)
    statement = _inserts.get(key)
    if statement is None:
        statement = _inserts.setdefault(key, _Insert(type(row), left))
    statement.run(row)


def _is_left(value: Any, field: models.Field[Any, Any]) -> bool:
    """To the database."""
    return isinstance(value, DatabaseDefault) or (value is None and field.primary_key)


class _Insert:
    def __init__(self, model: type[models.Model], left: tuple[str, ...]) -> None:
        meta = model._meta
        self.given = [field for field in meta.concrete_fields if field.attname not in left]
        self.made = [field for field in meta.concrete_fields if field.attname in left]
        self.sql = (
            f"INSERT INTO {_quoted(meta.db_table)} ({_columns(self.given)})"  # noqa: S608  (names from models alone)
            f" VALUES ({', '.join(['%s'] * len(self.given))})"
            f" RETURNING {_columns(self.made)}"
        )
        columns = [field.get_col(meta.db_table) for field in self.made]
        self.converters = [
            [*connection.ops.get_db_converters(column), *column.get_db_converters(connection)] for column in columns
        ]

    def run(self, row: models.Model) -> None:
        values = [field.get_db_prep_save(field.pre_save(row, add=True), connection) for field in self.given]
        with connection.cursor() as cursor:
            cursor.execute(self.sql, values)
            made = cursor.fetchone()
        for field, value, converters in zip(self.made, made, self.converters, strict=True):
            for convert in converters:
                value = convert(value, field, connection)
            setattr(row, field.attname, value)
        row._state.adding = False
        row._state.db = connection.alias


def _quoted(name: str) -> str:
    return str(connection.ops.quote_name(name))


def _columns(fields: Sequence[models.Field[Any, Any]]) -> str:
    return ", ".join(_quoted(str(field.column)) for field in fields)


_inserts: dict[tuple[type[models.Model], str, tuple[str, ...]], _Insert] = {}


class _Plan:
    def __init__(self, build: Callable[..., models.QuerySet[Any, Any]], values: dict[str, Any]) -> None:
        stand_ins = {name: _stand_in(value, place) for place, (name, value) in enumerate(values.items())}
        queryset = build(**{name: _as_given(values[name], one) for name, one in stand_ins.items()})
        compiler = queryset.query.get_compiler(using=queryset.db)
        sql, params = compiler.as_sql()
        names: dict[Any, str] = {one: name for name, one in stand_ins.items()}
        names |= {_adapted(one): name for name, one in stand_ins.items()}
        self.places = [names.get(param) if isinstance(param, (int, str, datetime)) else None for param in params]
        self.params = params
        self.inlined = {name: str(one) for name, one in stand_ins.items() if str(one) in sql}
        self.parts = sql.split("%s")
        self.spreads = [name for name, value in values.items() if isinstance(value, (list, set, tuple))]
        if len(self.parts) != len(params) + 1:
            raise ValueError("a percent sign in the SQL cannot be told from a place")
        if unused := stand_ins.keys() - set(self.places) - self.inlined.keys():
            raise ValueError(f"the question does not depend on {', '.join(unused)}")
        fields = [column for column, *_rest in compiler.select[: compiler.col_count]]
        self.converters = list(compiler.get_converters(fields).items())
        if queryset._prefetch_related_lookups:  # type: ignore[attr-defined]
            raise ValueError("what is prefetched must be asked for apart")
        if issubclass(queryset._iterable_class, ModelIterable):  # type: ignore[attr-defined]
            self._prepare_instances(queryset, compiler)

    def _prepare_instances(self, queryset: models.QuerySet[Any, Any], compiler: Any) -> None:
        info = compiler.klass_info
        self.model = info["model"]
        self.own = slice(info["select_fields"][0], info["select_fields"][-1] + 1)
        self.names = [column[0].target.attname for column in compiler.select[self.own]]
        self.populators = get_related_populators(info, compiler.select, queryset.db)  # type: ignore[call-arg]
        self.annotations = list((compiler.annotation_col_map or {}).items())
        self.db = queryset.db

    def run(self, values: dict[str, Any]) -> list[Any]:
        if any(not values[name] for name in self.spreads):
            return []
        sql, params = self._filled(values)
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            return cursor.fetchall()

    def _filled(self, values: dict[str, Any]) -> tuple[str, list[Any]]:
        sql, params = [self.parts[0]], []
        for name, given, part in zip(self.places, self.params, self.parts[1:], strict=True):
            if name is None:
                params.append(given)
                sql.append("%s")
            elif name in self.spreads:
                params += values[name]
                sql.append(", ".join(["%s"] * len(values[name])))
            else:
                value = _adapted(_key(values[name]))
                params.append(type(given)(value) if isinstance(given, int) else value)  # psycopg has kinds of integers
                sql.append("%s")
            sql.append(part)
        statement = "".join(sql)
        for name, inlined in self.inlined.items():  # a limit
            statement = statement.replace(inlined, str(int(values[name])))
        return statement, params

    def converted(self, rows: list[Any]) -> list[Any]:
        if not self.converters:
            return rows
        found = []
        for row in rows:
            columns = list(row)
            for position, (converters, expression) in self.converters:
                value = columns[position]
                for convert in converters:
                    value = convert(value, expression, connection)
                columns[position] = value
            found.append(columns)
        return found

    def instance(self, row: Sequence[Any]) -> Any:
        made = self.model.from_db(self.db, self.names, row[self.own])
        for populator in self.populators:
            populator.populate(row, made)
        for name, position in self.annotations:
            setattr(made, name, row[position])
        return made


def _stand_in(value: Any, place: int) -> int | datetime:
    return _FIRST_TIME + timedelta(days=place) if isinstance(value, datetime) else _FIRST + place


def _as_given(value: Any, stand_in: Any) -> Any:
    """The stand-in in the form in which the builder gets the value."""
    if isinstance(value, models.Model):
        return type(value)(pk=stand_in)
    return [stand_in] if isinstance(value, (list, set, tuple)) else stand_in


def _key(value: Any) -> Any:
    return value.pk if isinstance(value, models.Model) else value


def _adapted(value: Any) -> Any:
    return connection.ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else value
