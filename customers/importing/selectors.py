"""Imports for the list and for the pages of the wizard."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from customers.importing import column_styles, columns, presets, queries
from customers.importing.choices import ImportKind, ImportState
from customers.importing.chunks import get_cell_format
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
REPORT_LABELS = {
    "customers": _("Customers"),
    "orders": _("Orders"),
    "lines": _("Order lines"),
    "products": _("Products"),
}


def all_imports() -> QuerySet[Import]:
    """All imports with the users who made them."""
    return Import.objects.select_related("user")


def is_broken_off(batch: Import) -> bool:
    """It stopped before its end and can go on: it failed, was stopped, or was left *running* by a killed command. At most two queries."""
    if batch.state != ImportState.RUNNING:
        return batch.state == ImportState.FAILED
    return (batch.job is None or batch.job.is_over) and not queries.is_import_locked(batch.pk)


def get_import(public_id: str) -> Import | None:
    """One import with its user and its job. One query."""
    return all_imports().select_related("job").filter(public_id=public_id).first()


def wizard_steps(batch: Import | None, editing: bool = False) -> list[tuple[str, str]]:
    """(label, state) of the wizard's steps: done, current or open; without an import the first is current."""
    current = 0 if batch is None else 1 if editing else STEP_OF_STATE[ImportState(batch.state)]
    is_done = batch is not None and batch.state == ImportState.DONE
    return [
        (str(label), "done" if place < current or is_done else "current" if place == current else "open")
        for place, (_key, label) in enumerate(WIZARD_STEPS)
    ]


def column_readings(batch: Import) -> list[column_styles.ColumnReading]:
    """How each column of dates or numbers is read, once the rows have been looked at."""
    return column_styles.describe_styles(
        batch.styles, batch.mapping, batch.options, get_cell_format(batch, batch.created_at)
    )


def required_column_labels() -> list[tuple[str, list[str]]]:
    """(kind of file, what it must hold); of alternatives, all are named."""
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
        (label, *(counts[key][name] for name in queries.CUSTOMER_OUTCOMES))
        for key, label in wanted.items()
        if key in counts
    ]
