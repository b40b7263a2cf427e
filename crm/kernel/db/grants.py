"""What the role of the product may do with each table; applied after every migrate."""

from django.apps import apps
from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper


def apply_grants(connection: BaseDatabaseWrapper) -> None:
    """Everything to the product's role, except that append-only tables are only read and added to.

    A model says so itself: `APPEND_ONLY = True`, and `UPDATABLE = ("remaining", …)` for single columns.
    """
    role = settings.DATABASES["default"].get("USER")
    owner = settings.DATABASES["default"]["OWNER"].get("USER")
    if not role or role == owner:
        return
    quoted = connection.ops.quote_name(role)
    with connection.cursor() as cursor:
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {quoted}")
        cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {quoted}")
        cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {quoted}")
        for model in apps.get_models():
            if not getattr(model, "APPEND_ONLY", False):
                continue
            for table in _with_partitions(cursor, model._meta.db_table):
                cursor.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {quoted}")
                if columns := ", ".join(getattr(model, "UPDATABLE", ())):
                    cursor.execute(f"GRANT UPDATE ({columns}) ON {table} TO {quoted}")


def _with_partitions(cursor: CursorWrapper, table: str) -> list[str]:
    cursor.execute(
        "SELECT %s UNION ALL SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = to_regclass(%s)",
        [table, table],
    )
    return [name for (name,) in cursor.fetchall()]
