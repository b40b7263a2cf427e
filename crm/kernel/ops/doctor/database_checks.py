"""The database: can it do what the product relies on?"""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from crm.kernel.background.models import SweepRun
from crm.kernel.ops.doctor.findings import DoctorFinding, good_finding, note_finding, problem_finding
from crm.kernel.time import clock

OLDEST_VERSION = 18
NEEDED_EXTENSIONS = {"pg_trgm"}
DRIFT_SECONDS = 5
SILENT_SECONDS = 180


def check_connection() -> DoctorFinding:
    """Whether it can be spoken to at all."""
    name = settings.DATABASES["default"].get("NAME")
    try:
        _query_value("SELECT 1")
    except Exception as error:
        return problem_finding("database", f"PostgreSQL does not answer as DATABASE_URL says: {str(error).strip()}")
    return good_finding("database", f"PostgreSQL answers; the database is called {name}.")


def check_version() -> DoctorFinding:
    number = int(_query_value("SHOW server_version_num")) // 10_000
    if number < OLDEST_VERSION:
        return problem_finding("version", f"PostgreSQL {number} is too old; {OLDEST_VERSION} or newer is needed.")
    return good_finding("version", f"PostgreSQL {_query_value('SHOW server_version')}.")


def check_encoding() -> DoctorFinding:
    found = _query_value("SHOW server_encoding")
    if found != "UTF8":
        return problem_finding("encoding", f"The database is encoded in {found}; make it anew with ENCODING 'UTF8'.")
    return good_finding("encoding", "Text is stored as UTF-8.")


def check_chinese_search() -> DoctorFinding:
    """Under the locale C trigrams of Chinese are empty, and upper and lower case of é are strangers."""
    if not _query_value("SELECT show_trgm('客户')"):
        found = _query_value("SELECT datctype FROM pg_database WHERE datname = current_database()")
        return problem_finding(
            "locale",
            f"Chinese names cannot be searched, for LC_CTYPE is {found}: make the database anew with 'C.UTF-8'.",
        )
    if not _query_value("SELECT 'É' ILIKE 'é'"):
        return problem_finding("locale", "Case is ignored for plain English letters only; use the locale C.UTF-8.")
    return good_finding("locale", "Chinese and accented names can be searched.")


def check_extensions() -> DoctorFinding:
    missing = NEEDED_EXTENSIONS - {row[0] for row in _query_rows("SELECT extname FROM pg_extension")}
    if missing:
        return problem_finding(
            "extensions", f"Missing in this database: {', '.join(sorted(missing))} (CREATE EXTENSION …)."
        )
    return good_finding("extensions", f"Installed: {', '.join(sorted(NEEDED_EXTENSIONS))}.")


def check_roles() -> DoctorFinding:
    """Append-only tables are kept by privileges, so the product must not be their owner."""
    role, is_super = _query_rows("SELECT current_user, rolsuper FROM pg_roles WHERE rolname = current_user")[0]
    if is_super:
        return problem_finding(
            "roles", f"The product runs as the superuser {role}; give it a role of its own (crm_app)."
        )
    open_tables = [table for table in _append_only_tables() if _may_change(table)]
    if open_tables:
        return note_finding(
            "roles",
            f"Append-only by trigger alone: {role} may change {', '.join(open_tables[:5])}. Two roles keep it by"
            " privilege: set DATABASE_OWNER_URL (owner, for migrations) beside DATABASE_URL, then migrate.",
        )
    return good_finding("roles", f"{role} may add to the append-only tables and read them, and nothing else.")


def check_migrations() -> DoctorFinding:
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        return problem_finding("migrations", f"{len(waiting)} migrations are not applied: run bin/manage migrate.")
    return good_finding("migrations", "All migrations are applied.")


def check_time() -> DoctorFinding:
    drift = abs((_query_value("SELECT clock_timestamp()") - timezone.now()).total_seconds())
    if drift > DRIFT_SECONDS:
        return note_finding("time", f"The clocks of this machine and of the database are {drift:.0f} s apart.")
    return good_finding("time", "The clocks of this machine and of the database agree.")


def check_rhythm() -> DoctorFinding:
    last = SweepRun.objects.order_by("-ran_at").values_list("ran_at", flat=True).first()
    age = (clock.now() - last).total_seconds() if last else None
    if age is None or age > SILENT_SECONDS:
        since = "has never run here" if age is None else f"last ran {age:.0f} s ago"
        return note_finding("rhythm", f"The worker {since}. While the product runs, worker and beat must run too.")
    return good_finding("rhythm", f"Worker and beat are at work (last {age:.0f} s ago).")


def _append_only_tables() -> list[str]:
    models = [model for model in apps.get_models() if getattr(model, "APPEND_ONLY", False)]
    return sorted(model._meta.db_table for model in models)


def _may_change(table: str) -> bool:
    """Any right beyond reading and adding; single columns that a model names as updatable do not count."""
    return bool(
        _query_value(
            "SELECT has_table_privilege(to_regclass(%s), 'UPDATE') OR has_table_privilege(to_regclass(%s), 'DELETE')"
            " OR has_table_privilege(to_regclass(%s), 'TRUNCATE')",
            [table, table, table],
        )
    )


def _query_value(sql: str, parameters: list[Any] | None = None) -> Any:
    return _query_rows(sql, parameters)[0][0]


def _query_rows(sql: str, parameters: list[Any] | None = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())
