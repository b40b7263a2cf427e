"""Bringing files in: taken up, mapped, tried without effect, run as a job that may be killed and goes on."""

import hashlib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.files.base import File
from django.db import connection, transaction
from django.utils.translation import gettext as _

from crm.kernel import audit, jobs
from crm.kernel.jobs.models import Job
from crm.kernel.people import zones
from customers.importing import presets, reading, reporting, staging
from customers.importing.applying import Chunk, reading_of
from customers.importing.choices import ImportKind, ImportState
from customers.importing.models import Import
from customers.importing.presets import MissingColumns
from customers.importing.reading import Unreadable

__all__ = [
    "AlreadyRunning",
    "BadOption",
    "MissingColumns",
    "Unreadable",
    "change_reading",
    "check",
    "map_columns",
    "run",
    "start",
    "take_file",
]

LARGEST = 200 * 1024 * 1024
GROUPS_A_CHUNK = 2000
Progress = Callable[[int, int], None]


class AlreadyRunning(Exception):
    """This import is under way or over."""


class BadOption(Exception):
    """An option has no such value; the message names it."""


class DryRun(Exception):
    """Carries the counts out of the transaction that is rolled back."""


@transaction.atomic
def take_file(
    *,
    file: "File[bytes]",
    name: str,
    kind: str,
    at: datetime,
    by: Any = None,
    preset: str = "",
    encoding: str = "",
    delimiter: str = "",
) -> Import:
    """Keep a file, look at its layout and guess where its columns go. Refused with Unreadable."""
    if file.size > LARGEST:
        raise Unreadable(_("The file is larger than 200 MB."))
    digest = hashlib.sha256()
    for part in file.chunks():
        digest.update(part)
    batch = Import(
        kind=ImportKind(kind), file_name=name[:200], sha256=digest.hexdigest(), size=file.size, user=by, created_at=at
    )
    batch.file.save(f"{batch.sha256[:16]}.dat", file, save=False)
    try:
        _look(batch, encoding, delimiter)
    except BaseException:
        batch.file.delete(save=False)
        raise
    batch.preset = preset or presets.recognise(batch.columns)
    options = dict(presets.PRESETS[batch.preset].options) if batch.preset else {}
    batch.source = options.pop("source", "file")
    batch.options = options
    batch.mapping = presets.guess(batch.kind, batch.columns, batch.preset)
    batch.save()
    return batch


def change_reading(*, batch: Import, encoding: str = "", delimiter: str = "") -> Import:
    """Read the file another way than was detected; the mapping is guessed anew."""
    _unstarted(batch)
    _look(batch, encoding, delimiter)
    batch.mapping = presets.guess(batch.kind, batch.columns, batch.preset)
    _unstage(batch)
    return batch


def _look(batch: Import, encoding: str, delimiter: str) -> None:
    if encoding and encoding not in reading.ENCODINGS:
        raise BadOption(
            _("encoding: %(value)s is not among %(known)s") % {"value": encoding, "known": ", ".join(reading.ENCODINGS)}
        )
    layout = reading.look_at(Path(batch.file.path), encoding, delimiter)
    batch.encoding, batch.delimiter = layout.encoding, layout.delimiter
    batch.columns, batch.sample = layout.columns, layout.sample


def map_columns(
    *,
    batch: Import,
    mapping: dict[str, str],
    source: str = "",
    mode: str = "",
    live: bool | None = None,
    **options: str,
) -> Import:
    """Say where columns go and how cells are read. Refused with MissingColumns or BadOption."""
    _unstarted(batch)
    presets.check(batch.kind, mapping, batch.columns)
    if (zone := options.get("time_zone")) and zone not in zones.known():
        raise BadOption(_("time_zone: %(value)s is no time zone") % {"value": zone})
    batch.mapping = mapping
    batch.source, batch.mode = source or batch.source, mode or batch.mode
    batch.live = batch.live if live is None else live
    batch.options = {**batch.options, **{key: value for key, value in options.items() if value}}
    _unstage(batch)
    return batch


def _unstage(batch: Import) -> None:
    batch.staged, batch.state, batch.checked_counts = False, ImportState.UPLOADED, {}
    batch.save()


def _unstarted(batch: Import) -> None:
    if batch.state in (ImportState.RUNNING, ImportState.DONE, ImportState.FAILED):
        raise AlreadyRunning(_("This import has been started already."))


def check(*, batch: Import, at: datetime, progress: Progress = lambda done, total: None) -> dict[str, Any]:
    """The dry run: everything is done and taken back; counts and rejections are what the real run would give."""
    _unstarted(batch)
    presets.check(batch.kind, batch.mapping, batch.columns)
    staging.stage(batch)
    try:
        with transaction.atomic():
            _apply_all(batch, at, progress)
            outcome = {**reporting.counts(batch), "rejections": reporting.rejections(batch, 500)}
            raise DryRun
    except DryRun:
        Import.objects.filter(pk=batch.pk).update(checked_counts=outcome, state=ImportState.CHECKED)
    batch.refresh_from_db()
    return outcome


@transaction.atomic
def start_check(*, batch: Import, by: Any) -> Job:
    """Let a worker do the dry run, for files that take longer than a page may."""
    locked = Import.objects.select_for_update(no_key=True).get(pk=batch.pk)
    _unstarted(locked)
    presets.check(locked.kind, locked.mapping, locked.columns)
    locked.job = jobs.start(
        "import_check", user=by, title=_("Check %(file)s") % {"file": locked.file_name}, batch=locked.pk
    )
    locked.state = ImportState.CHECKING
    locked.save(update_fields=["job", "state"])
    return locked.job


@transaction.atomic
def start(*, batch: Import, by: Any) -> Job:
    """Let a worker run the import."""
    locked = Import.objects.select_for_update(no_key=True).get(pk=batch.pk)
    _unstarted(locked)
    presets.check(locked.kind, locked.mapping, locked.columns)
    locked.job = jobs.start("import", user=by, title=_("Import %(file)s") % {"file": locked.file_name}, batch=locked.pk)
    locked.state = ImportState.RUNNING
    locked.save(update_fields=["job", "state"])
    return locked.job


def run(
    *, batch: Import, at: datetime, by: Any = None, progress: Progress = lambda done, total: None
) -> dict[str, Any]:
    """Run the import to its end; after a kill the same call goes on where the last chunk ended."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(2, %s::int)", [batch.pk])
        if not cursor.fetchone()[0]:
            raise AlreadyRunning(_("This import has been started already."))
    try:
        staging.stage(batch)
        Import.objects.filter(pk=batch.pk).update(state=ImportState.RUNNING)
        _apply_all(batch, at, progress)
        return _finish(batch, at, by)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(2, %s::int)", [batch.pk])


def _apply_all(batch: Import, at: datetime, progress: Progress) -> None:
    reader = reading_of(batch)
    total = batch.rows.count()
    done = total - batch.rows.filter(outcome=None).count()
    for rows in staging.waiting(batch, GROUPS_A_CHUNK):
        with transaction.atomic():
            chunk = Chunk(batch, rows, at, reader)
            chunk.apply()
            done += len(rows)
            if chunk.products_created:
                batch.counts["products_created"] = batch.counts.get("products_created", 0) + chunk.products_created
                batch.save(update_fields=["counts"])
        progress(done, total)


@transaction.atomic
def _finish(batch: Import, at: datetime, by: Any) -> dict[str, Any]:
    outcome = reporting.counts(batch)
    batch.counts = {**batch.counts, **outcome}
    batch.state, batch.finished_at = ImportState.DONE, at
    batch.save(update_fields=["counts", "state", "finished_at"])
    audit.record(
        "import.finished", batch, by=by, after={"kind": batch.kind, "source": batch.source}, count=outcome["rows"]
    )
    return outcome
