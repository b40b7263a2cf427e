"""Migrations say what the models say, and append-only tables refuse every change by the product."""

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import ProgrammingError, connection, models, transaction

APPEND_ONLY = [model for model in apps.get_models() if getattr(model, "APPEND_ONLY", False)]
COLUMN_PRIVILEGES = """
    SELECT attname FROM pg_attribute
    WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped
      AND has_column_privilege(current_user, attrelid, attnum, 'UPDATE')
"""


@pytest.mark.django_db
def test_models_have_their_migrations():
    call_command("makemigrations", check_changes=True, dry_run=True, verbosity=0)


def test_some_tables_are_append_only():
    assert {"AuditEntry", "TimelineEntry"} <= {model.__name__ for model in APPEND_ONLY}


def refused(statement: str) -> bool:
    """Whether the database refuses a statement of the product."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
            transaction.set_rollback(True)
    except ProgrammingError:
        return True
    return False


@pytest.mark.rule("PL-11")
@pytest.mark.django_db
@pytest.mark.parametrize("model", APPEND_ONLY, ids=lambda model: model._meta.label)
def test_append_only_table_refuses_change(model):
    table = connection.ops.quote_name(model._meta.db_table)
    fixed = next(field for field in model._meta.concrete_fields if field.attname not in getattr(model, "UPDATABLE", ()))
    column = connection.ops.quote_name(fixed.column)

    statements = [f"UPDATE {table} SET {column} = {column}", f"DELETE FROM {table}", f"TRUNCATE {table}"]

    assert [statement for statement in statements if not refused(statement)] == []


@pytest.mark.rule("PL-11")
@pytest.mark.django_db
@pytest.mark.parametrize("model", APPEND_ONLY, ids=lambda model: model._meta.label)
def test_only_named_columns_may_change(model):
    named = {_column(model, name) for name in getattr(model, "UPDATABLE", ())}

    with connection.cursor() as cursor:
        cursor.execute(COLUMN_PRIVILEGES, [model._meta.db_table])
        found = {name for (name,) in cursor.fetchall()}

    assert found == named


def _column(model: type[models.Model], name: str) -> str:
    return model._meta.get_field(name).column


@pytest.mark.django_db
def test_change_of_an_ordinary_table_is_not_refused():
    assert not refused("UPDATE kernel_team SET name = name")
    assert not refused("DELETE FROM kernel_team")
