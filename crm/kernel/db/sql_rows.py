"""Rows as the hot paths write and read them: what every order, answer and redemption pays for.

Written, they travel as one JSON document that the database takes apart: `bulk_create` asks every field of every row how
it is written, and the driver escapes value by value: 45 µs of Python for a row of the timeline, 7 µs this way. Read, they
are asked for in SQL that stands ready: a query set needs half a millisecond to write itself down.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Field, Model

from crm.kernel.db.prepared_statements import cursor_for_keys, prepared_cursor

ROWS_PER_STATEMENT = 2_000
M = TypeVar("M", bound=Model)


def insert_rows(model: type[Model], rows: Sequence[Mapping[str, Any]]) -> list[Any]:
    """Add rows given by column, all with the same columns; the new ids in the order given. One statement per 2,000.

    A column that is left out takes the database's own default, so a new row names all but its id.
    """
    return [pk for (pk,) in insert_rows_with_ending(model, rows, f"RETURNING {model._meta.pk.column}")]


def insert_rows_with_ending(
    model: type[Model], rows: Sequence[Mapping[str, Any]], ending: str
) -> list[tuple[Any, ...]]:
    """Add rows, with the end of the statement in SQL: what to do where a key is taken, what to return."""
    found: list[tuple[Any, ...]] = []
    for start in range(0, len(rows), ROWS_PER_STATEMENT):
        chunk = rows[start : start + ROWS_PER_STATEMENT]
        with prepared_cursor() as cursor:
            cursor.execute(f"{_insert_sql(model, tuple(chunk[0]))} {ending}", [rows_as_json(chunk)])
            found += cursor.fetchall()
    return found


def excluded_assignments(names: Iterable[str]) -> str:
    """The end of `ON CONFLICT … DO UPDATE SET` by which the given columns of a row that is there become the new one's."""
    return ", ".join(f"{name} = excluded.{name}" for name in names)


def create_instances(instances: Iterable[M]) -> list[M]:
    """Add instances that were never saved; afterwards they have their ids. One statement per 2,000."""
    new = list(instances)
    if new:
        for one, pk in zip(new, insert_rows(type(new[0]), instances_as_rows(new)), strict=True):
            mark_as_saved(one, pk)
    return new


def instances_as_rows(instances: Sequence[Model]) -> list[dict[str, Any]]:
    """Unsaved instances as rows."""
    names, made = _insert_columns(type(instances[0]))
    for one in instances:
        for field in made:
            field.pre_save(one, True)
    return [{name: getattr(one, name) for name in names} for one in instances]


def mark_as_saved(instance: M, pk: Any) -> M:
    """The instance as one that was saved under an id."""
    instance.pk, instance._state.adding, instance._state.db = pk, False, connection.alias
    return instance


def load_instances(model: type[M], rest: str, params: Sequence[Any], *, related: str = "") -> list[M]:
    """Instances of the table `t` by the rest of a statement in SQL, with a foreign key's row where one is named.

    `related="tier"` joins what the key leads to, under that name; rows that lead to the same one share it. One statement.
    """
    with cursor_for_keys(max((len(value) for value in params if isinstance(value, list)), default=1)) as cursor:
        cursor.execute(f"{_select_sql(model, related)} {rest}", params)
        found = cursor.fetchall()
    make, split = _instance_maker(model), len(model._meta.concrete_fields)
    made = [make(row[:split]) for row in found]
    if related:
        make_other = _instance_maker(_related_model(model, related))
        others = {row[split]: row[split:] for row in found}
        reached = {pk: make_other(row) for pk, row in others.items()}
        for one, row in zip(made, found, strict=True):
            setattr(one, related, reached[row[split]])
    return made


def rows_as_json(rows: Iterable[Mapping[str, Any]]) -> str:
    """Rows as JSON for `jsonb_to_recordset`: decimals, instants and bytes as PostgreSQL reads them."""
    return json.dumps(list(rows), default=_plain_value, ensure_ascii=False)


@lru_cache(256)
def _insert_columns(model: type[Model]) -> tuple[list[str], list[Any]]:
    """The columns that a new row names, and the fields that make their own value when it is saved."""
    fields = [field for field in model._meta.concrete_fields if field is not model._meta.auto_field]
    return [field.attname for field in fields], [one for one in fields if type(one).pre_save is not Field.pre_save]


@lru_cache(256)
def _insert_sql(model: type[Model], names: tuple[str, ...]) -> str:
    """Rows get their ids in the order of the document, for it is read from its beginning."""
    quote, meta = connection.ops.quote_name, model._meta
    fields = {field.attname: field for field in meta.concrete_fields}
    columns = [(quote(str(fields[name].column)), quote(name), _column_type(fields[name])) for name in names]
    return (
        f"INSERT INTO {quote(meta.db_table)} ({', '.join(column for column, _key, _type in columns)})"
        f" SELECT {', '.join(key for _column, key, _type in columns)} FROM jsonb_to_recordset(%s::jsonb)"
        f" AS t({', '.join(f'{key} {kind}' for _column, key, kind in columns)})"
    )


@lru_cache(256)
def _select_sql(model: type[Model], related: str) -> str:
    quote = connection.ops.quote_name
    columns = [f"t.{quote(str(field.column))}" for field in model._meta.concrete_fields]
    source = f"{quote(model._meta.db_table)} t"
    if related:
        other, name = _related_model(model, related), quote(related)
        columns += [f"{name}.{quote(str(field.column))}" for field in other._meta.concrete_fields]
        key: Any = model._meta.get_field(related)
        source += f" JOIN {quote(other._meta.db_table)} {name} ON {name}.id = t.{quote(key.column)}"
    return f"SELECT {', '.join(columns)} FROM {source}"


def _related_model(model: type[Model], related: str) -> type[Model]:
    key: Any = model._meta.get_field(related)
    other: type[Model] = key.related_model
    return other


@lru_cache(256)
def _instance_maker(model: type[M]) -> Callable[[Any], M]:
    """A row of all columns as an instance; only some kinds of column (JSON) come in another form than they are used in."""
    names = [field.attname for field in model._meta.concrete_fields]
    readers = [field.get_db_converters(connection) for field in model._meta.concrete_fields]
    special = [(place, reader) for place, found in enumerate(readers) for reader in found]

    def make(row: Any) -> M:
        values = list(row)
        for place, reader in special:
            values[place] = reader(values[place], None, connection)
        return model.from_db(connection.alias, names, values)

    return make


def _column_type(field: Any) -> str:
    """Without length and precision: the column itself refuses or rounds what does not fit."""
    return re.sub(r"\([\d, ]+\)", "", field.db_type(connection))


def _plain_value(value: Any) -> str:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, (bytes, memoryview)):
        return f"\\x{bytes(value).hex()}"
    raise TypeError(f"{type(value).__name__} has no plain form")
