"""The work of an import, as a dry run or for good; it may be killed and goes on where its last chunk ended."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from crm.kernel import audit
from crm.kernel.auth.models import User
from crm.kernel.db.conflict_retries import retry_when_taken
from customers.importing import import_report, presets, queries, staging
from customers.importing.cell_parsing import CellFormat
from customers.importing.choices import ImportState
from customers.importing.chunks import ImportChunk, get_cell_format
from customers.importing.models import Import, StagedRow

GROUPS_PER_CHUNK = 2000
ProgressCallback = Callable[[int, int], None]


class ImportAlreadyRunning(Exception):
    """This import is under way or over; the message says so."""


class DryRunRollback(Exception):
    """Carries the counts out of the transaction that is rolled back."""


def refuse_started_import(batch: Import) -> None:
    """Refused: ImportAlreadyRunning, once rows may have taken effect."""
    if batch.state in (ImportState.RUNNING, ImportState.DONE, ImportState.FAILED):
        raise ImportAlreadyRunning(_("This import has been started already."))


def dry_run_import(
    *, batch: Import, at: datetime, progress: ProgressCallback = lambda done, total: None
) -> dict[str, Any]:
    """Apply everything and roll it back: counts and rejections are those that the real run would give.

    Refused: ImportAlreadyRunning, MissingColumns, UnreadableFile.
    """
    refuse_started_import(batch)
    presets.check_mapping(batch.kind, batch.mapping, batch.columns)
    staging.stage_rows(batch)
    try:
        with transaction.atomic():
            _apply_chunks(batch, at, progress)
            outcome = {
                **import_report.count_outcomes(batch),
                "rejections": import_report.rejected_rows(batch, 500),
                "warnings": import_report.import_warnings(batch, 500),
                "warned": import_report.count_warnings(batch),
            }
            raise DryRunRollback
    except DryRunRollback:
        Import.objects.filter(pk=batch.pk).update(checked_counts=outcome, state=ImportState.CHECKED)
    batch.refresh_from_db()
    return outcome


def execute_import(
    *, batch: Import, at: datetime, by: User | None = None, progress: ProgressCallback = lambda done, total: None
) -> dict[str, Any]:
    """Run the import to its end; after a kill the same call goes on where the last chunk ended.

    Refused: ImportAlreadyRunning, while another process runs it; UnreadableFile.
    One that is over stays as it is: a worker may be killed after the last row and before the job is marked as done.
    """
    if not queries.try_import_lock(batch.pk):
        raise ImportAlreadyRunning(_("This import has been started already."))
    try:
        if batch.state == ImportState.DONE:
            return import_report.count_outcomes(batch)
        staging.stage_rows(batch)
        Import.objects.filter(pk=batch.pk).update(state=ImportState.RUNNING)
        _apply_chunks(batch, at, progress)
        return _finish_import(batch, at, by)
    finally:
        queries.release_import_lock(batch.pk)


def _apply_chunks(batch: Import, at: datetime, progress: ProgressCallback) -> None:
    cell_format = get_cell_format(batch, at)
    total = batch.rows.count()
    done = total - batch.rows.filter(outcome=None).count()
    for rows in staging.pending_row_chunks(batch, GROUPS_PER_CHUNK):
        _apply_chunk(batch, rows, at, cell_format)
        done += len(rows)
        progress(done, total)


@retry_when_taken
def _apply_chunk(batch: Import, rows: Sequence[StagedRow], at: datetime, cell_format: CellFormat) -> None:
    """These rows take effect; they start again where the API took an external id or an order number meanwhile."""
    chunk = ImportChunk(batch, [row.as_staged() for row in rows], at, cell_format)
    chunk.apply()
    made = {"products_created": chunk.products_created, "consents": chunk.consents_changed}
    if any(made.values()):
        batch.counts = {**batch.counts, **{name: batch.counts.get(name, 0) + number for name, number in made.items()}}
        batch.save(update_fields=["counts"])


@transaction.atomic
def _finish_import(batch: Import, at: datetime, by: User | None) -> dict[str, Any]:
    outcome = import_report.count_outcomes(batch)
    batch.counts = {**batch.counts, **outcome}
    batch.state, batch.finished_at = ImportState.DONE, at
    batch.save(update_fields=["counts", "state", "finished_at"])
    audit.record_audit_entry(
        "import.finished", batch, by=by, after={"kind": batch.kind, "source": batch.source}, count=outcome["rows"]
    )
    return outcome
