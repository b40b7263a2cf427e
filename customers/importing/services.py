"""Importing files: stored, mapped, then checked and run by a worker (`execution` is the work itself)."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from crm.kernel import audit
from crm.kernel.auth.models import User
from crm.kernel.background import jobs
from crm.kernel.background.jobs.models import Job
from crm.kernel.time import zones
from customers.importing import column_styles, file_reader, import_report, presets, selectors
from customers.importing.choices import ImportKind, ImportState
from customers.importing.execution import ImportAlreadyRunning, dry_run_import, execute_import, refuse_started_import
from customers.importing.file_reader import UnreadableFile
from customers.importing.models import Import
from customers.importing.presets import MissingColumns
from customers.messaging import consent
from customers.orders.choices import OrderState
from customers.orders.currencies import is_currency

__all__ = [
    "BadImportOption",
    "ImportAlreadyRunning",
    "MissingColumns",
    "UnreadableFile",
    "change_file_format",
    "create_import",
    "dry_run_import",
    "execute_import",
    "export_rejected_rows",
    "export_warnings",
    "map_columns",
    "mark_broken_off",
    "resume_import",
    "start_check",
    "start_import",
]

MAX_FILE_BYTES = 200 * 1024 * 1024


class BadImportOption(Exception):
    """An option has no such value; the message names the option."""


@transaction.atomic
def create_import(
    *,
    file: "File[bytes]",
    name: str,
    kind: str,
    at: datetime,
    by: User | None = None,
    preset: str = "",
    encoding: str = "",
    delimiter: str = "",
) -> Import:
    """Store a file with its layout, and guess where its columns go. Refused: UnreadableFile, BadImportOption."""
    if file.size > MAX_FILE_BYTES:
        raise UnreadableFile(_("The file is larger than 200 MB."))
    digest = hashlib.sha256()
    for part in file.chunks():
        digest.update(part)
    batch = Import(
        kind=ImportKind(kind), file_name=name[:200], sha256=digest.hexdigest(), size=file.size, user=by, created_at=at
    )
    batch.file.save(f"{batch.sha256[:16]}.dat", file, save=False)
    try:
        _detect_layout(batch, encoding, delimiter)
    except BaseException:
        batch.file.delete(save=False)
        raise
    batch.preset = preset or presets.recognize_preset(batch.columns)
    options = dict(presets.PRESETS[batch.preset].options) if batch.preset else {}
    batch.source = options.pop("source", "file")
    batch.options = options
    batch.mapping = presets.guess_mapping(batch.kind, batch.columns, batch.preset)
    batch.save()
    return batch


def change_file_format(*, batch: Import, encoding: str = "", delimiter: str = "") -> Import:
    """Read the file another way than was detected; the mapping is guessed anew.

    Refused: UnreadableFile, BadImportOption, ImportAlreadyRunning.
    """
    _require_mappable(batch)
    _detect_layout(batch, encoding, delimiter)
    batch.mapping = presets.guess_mapping(batch.kind, batch.columns, batch.preset)
    _unstage(batch)
    return batch


def _detect_layout(batch: Import, encoding: str, delimiter: str) -> None:
    if encoding and encoding not in file_reader.ENCODINGS:
        raise BadImportOption(
            _("encoding: %(value)s is not among %(known)s")
            % {"value": encoding, "known": ", ".join(file_reader.ENCODINGS)}
        )
    layout = file_reader.detect_layout(Path(batch.file.path), encoding, delimiter)
    batch.encoding, batch.delimiter = layout.encoding, layout.delimiter
    batch.columns, batch.sample = layout.columns, layout.sample


def map_columns(
    *,
    batch: Import,
    mapping: dict[str, str],
    source: str = "",
    mode: str = "",
    live: bool | None = None,
    states: Mapping[str, str] | None = None,
    **options: str,
) -> Import:
    """Store where columns go and how cells are parsed; a check made before counts no more. A blank option is taken away.

    `states` says what words for the state of an order mean (word → OrderState) that are not known.
    Refused: MissingColumns, BadImportOption, ImportAlreadyRunning.
    """
    _require_mappable(batch)
    presets.check_mapping(batch.kind, mapping, batch.columns)
    if (zone := options.get("time_zone")) and zone not in zones.known_zones():
        raise BadImportOption(_("time_zone: %(value)s is no time zone") % {"value": zone})
    for option, known in column_styles.OPTION_VALUES.items():
        if (value := options.get(option)) and value not in known:
            known_values = {"value": value, "known": ", ".join(known)}
            raise BadImportOption(f"{option}: " + _("%(value)s is not among %(known)s") % known_values)
    if (currency := options.get("currency")) and not is_currency(currency):
        raise BadImportOption(_("currency: %(code)s is no currency") % {"code": currency})
    _check_states(states or {})
    if len(options.get("consent_wording", "")) > consent.WORDING_LENGTH:
        raise BadImportOption("consent_wording: " + _("At most %(n)s characters.") % {"n": consent.WORDING_LENGTH})
    batch.mapping = mapping
    batch.source, batch.mode = source or batch.source, mode or batch.mode
    batch.live = batch.live if live is None else live
    batch.options = {key: value for key, value in {**batch.options, **options}.items() if value}
    if states is not None:
        batch.options["states"] = dict(states)
    _unstage(batch)
    return batch


def _check_states(states: Mapping[str, str]) -> None:
    for word, state in states.items():
        if state not in OrderState.values:
            raise BadImportOption(
                _("state: %(word)s cannot mean %(value)s; known are %(known)s")
                % {"word": word, "value": state, "known": ", ".join(OrderState.values)}
            )


def _unstage(batch: Import) -> None:
    batch.staged, batch.state, batch.checked_counts, batch.job = False, ImportState.UPLOADED, {}, None
    batch.save()


def _require_mappable(batch: Import) -> None:
    refuse_started_import(batch)
    if not batch.is_mappable:
        raise ImportAlreadyRunning(_("This import is being checked."))


@transaction.atomic
def start_check(*, batch: Import, by: User | None) -> Job:
    """Let a worker do the dry run, for files that take longer than a page may. Refused: ImportAlreadyRunning, MissingColumns."""
    locked = Import.objects.select_for_update(no_key=True).get(pk=batch.pk)
    _require_mappable(locked)
    presets.check_mapping(locked.kind, locked.mapping, locked.columns)
    locked.job = jobs.start_job("import_check", user=by, batch=locked.pk, file=locked.file_name)
    locked.state = ImportState.CHECKING
    locked.save(update_fields=["job", "state"])
    return locked.job


@transaction.atomic
def start_import(*, batch: Import, by: User | None) -> Job:
    """Let a worker run the import. Refused: ImportAlreadyRunning, MissingColumns."""
    locked = Import.objects.select_for_update(no_key=True).get(pk=batch.pk)
    _require_mappable(locked)
    presets.check_mapping(locked.kind, locked.mapping, locked.columns)
    return _start_job(locked, by)


@transaction.atomic
def resume_import(*, batch: Import, by: User | None) -> Job:
    """Let a worker go on with an import that broke off: what came in stays, the rest follows. Refused: ImportAlreadyRunning."""
    locked = Import.objects.select_for_update(no_key=True).get(pk=batch.pk)
    if not selectors.is_broken_off(locked):
        raise ImportAlreadyRunning(_("This import is under way, or over."))
    return _start_job(locked, by)


def _start_job(batch: Import, by: User | None) -> Job:
    batch.job = jobs.start_job("import", user=by, batch=batch.pk, file=batch.file_name)
    batch.state = ImportState.RUNNING
    batch.save(update_fields=["job", "state"])
    return batch.job


def mark_broken_off(*, batch: Import) -> None:
    """The import says that its run broke off, and can go on."""
    Import.objects.filter(pk=batch.pk, state=ImportState.RUNNING).update(state=ImportState.FAILED)


def export_warnings(*, batch: Import, by: User) -> list[list[str]]:
    """Header and warnings of the import, for a file; the download is audited."""
    rows = list(import_report.warnings_table(batch))
    audit.record_audit_entry("import.warnings_downloaded", batch, by=by)
    return rows


def export_rejected_rows(*, batch: Import, by: User) -> list[list[str]]:
    """Header and rejected rows of the import, for a file; the download is audited."""
    rows = list(import_report.rejected_rows_table(batch))
    audit.record_audit_entry("import.rejected_downloaded", batch, by=by)
    return rows
