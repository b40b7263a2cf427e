"""Imports for the list and the wizard's pages."""

from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from customers.importing import columns, import_report, presets
from customers.importing.choices import ImportKind, ImportState
from customers.importing.models import Import

WIZARD_STEPS = [("upload", _("Upload")), ("map", _("Match columns")), ("check", _("Check")), ("import", _("Import"))]
STEP_OF_STATE = {
    ImportState.UPLOADED: 1,
    ImportState.CHECKING: 2,
    ImportState.CHECKED: 2,
    ImportState.RUNNING: 3,
    ImportState.DONE: 3,
    ImportState.FAILED: 3,
}
# The advisory lock (LOCK, id) is held by the process that runs the import.
IMPORT_LOCK = 2
IS_LOCK_HELD = """
SELECT EXISTS (SELECT FROM pg_locks l JOIN pg_database d ON d.oid = l.database
               WHERE l.locktype = 'advisory' AND l.classid = %s AND l.objid = %s AND d.datname = current_database())
"""
REPORT_LABELS = {
    "customers": _("Customers"),
    "orders": _("Orders"),
    "lines": _("Order lines"),
    "products": _("Products"),
}


def all_imports() -> QuerySet[Import]:
    """All imports with who made them."""
    return Import.objects.select_related("user")


def is_broken_off(batch: Import) -> bool:
    """It stopped before its end and can go on: it failed, was stopped, or was left *running* by a killed command."""
    if batch.state != ImportState.RUNNING:
        return batch.state == ImportState.FAILED
    return (batch.job is None or batch.job.is_over) and not _is_lock_held(batch)


def _is_lock_held(batch: Import) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(IS_LOCK_HELD, [IMPORT_LOCK, batch.pk])
        return bool(cursor.fetchone()[0])


def wizard_steps(batch: Import | None, editing: bool = False) -> list[tuple[str, str]]:
    """(label, state) of the wizard's steps: done, current or open; without an import the first is at hand."""
    current = 0 if batch is None else 1 if editing else STEP_OF_STATE[ImportState(batch.state)]
    over = batch is not None and batch.state == ImportState.DONE
    return [
        (str(label), "done" if place < current or over else "current" if place == current else "open")
        for place, (_key, label) in enumerate(WIZARD_STEPS)
    ]


def required_column_labels() -> list[tuple[str, list[str]]]:
    """For each kind of file, what it must hold; of several that would do, all are named."""
    return [
        (
            str(ImportKind(kind).label),
            [gettext(" or ").join(str(columns.column_label(key)) for key in group) for group in groups],
        )
        for kind, groups in columns.REQUIRED_COLUMNS.items()
    ]


def known_system_names() -> list[str]:
    """The systems whose files are recognised by their columns."""
    return [preset.name for preset in presets.PRESETS.values()]


def report_table(counts: dict[str, Any], kind: str) -> list[tuple[str, int, int, int]]:
    """(what, created, updated, unchanged) for the report; orders only where the file has them."""
    wanted = REPORT_LABELS if kind == ImportKind.ORDERS else {"customers": REPORT_LABELS["customers"]}
    return [
        (label, *(counts[key][name] for name in import_report.OUTCOMES))
        for key, label in wanted.items()
        if key in counts
    ]
