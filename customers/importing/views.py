"""The import wizard: upload, match columns, check, import, report."""

from contextlib import suppress
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.kernel.auth import access
from crm.kernel.auth.access import AuthenticatedHttpRequest
from crm.kernel.files import csv_cells
from crm.kernel.http import htmx
from crm.kernel.time import clock
from crm.kernel.ui import languages
from crm.kernel.ui.listing.cursors import BadCursor
from crm.kernel.ui.listing.keyset import Listing
from customers.importing import columns, import_report, selectors, services
from customers.importing.choices import ImportState
from customers.importing.forms import ImportMappingForm, ImportUploadForm
from customers.importing.models import Import

MAX_INSTANT_CHECK_BYTES = 150_000
REJECTIONS_SHOWN = 100


@access.require_permissions("customers.import")
@require_safe
def import_list(request: AuthenticatedHttpRequest) -> HttpResponse:
    """All imports, newest first."""
    listing = Listing(selectors.all_imports(), {"created": ("created_at", "id")}, "-created")
    try:
        page = listing.get_page("-created", request.GET.get("cursor"))
    except BadCursor:
        page = listing.get_page("-created")
    return render(request, "customers/importing/import_list.html", {"page": page})


@access.require_permissions("customers.import")
@require_http_methods(["GET", "HEAD", "POST"])
def import_new(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Upload a file; one that cannot be read as a table comes back with the reason."""
    form = ImportUploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file, kind, preset = (form.cleaned_data[name] for name in ("file", "kind", "preset"))
        try:
            batch = services.create_import(
                file=file, name=file.name, kind=kind, preset=preset, at=clock.now(), by=request.user
            )
        except services.UnreadableFile as refusal:
            form.add_error("file", str(refusal))
        else:
            return redirect("customers:import", batch.public_id)
    context = {
        "form": form,
        "steps": selectors.wizard_steps(None),
        "needs": selectors.required_column_labels(),
        "systems": selectors.known_system_names(),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "customers/importing/import_new.html", context, status=status)


@access.require_permissions("customers.import")
@require_safe
def import_detail(request: AuthenticatedHttpRequest, public_id: str) -> HttpResponse:
    """Where the import stands: its mapping, its check, its progress or its report."""
    batch = _get_import_or_404(public_id)
    if batch.is_mappable and ("edit" in request.GET or batch.state != ImportState.CHECKED):
        return _render_mapping(request, batch, ImportMappingForm(batch=batch, initial=_initial_values(batch)))
    return render(request, "customers/importing/import.html", _import_context(batch))


@access.require_permissions("customers.import")
@require_POST
def import_map(request: AuthenticatedHttpRequest, public_id: str) -> HttpResponse:
    """Store the mapping and check the rows: small files at once, others as a job."""
    batch = _get_import_or_404(public_id)
    form = ImportMappingForm(request.POST, batch=batch)
    if not form.is_valid():
        return _render_mapping(request, batch, form, 422)
    data = form.cleaned_data
    try:
        if (encoding := data.get("encoding")) and encoding != batch.encoding:
            services.change_file_format(batch=batch, encoding=encoding)
            return redirect("customers:import", batch.public_id)
        _start_check(request, _save_mapping(batch, data))
    except services.MissingColumns as refusal:
        for group in refusal.groups:
            names = _(" or ").join(str(columns.column_label(key)) for key in group)
            form.add_error(None, _("No column goes to: %(names)s") % {"names": names})
        return _render_mapping(request, batch, form, 422)
    except (services.UnreadableFile, services.BadImportOption, services.ImportAlreadyRunning) as refusal:
        form.add_error(None, str(refusal))
        return _render_mapping(request, batch, form, 422)
    return redirect("customers:import", batch.public_id)


def _save_mapping(batch: Import, data: dict[str, Any]) -> Import:
    return services.map_columns(
        batch=batch,
        mapping=data["mapping"],
        source=data["source"],
        mode=data["mode"],
        live=bool(data.get("live")),
        currency=data.get("currency", ""),
        time_zone=data.get("time_zone", ""),
        date_order=data.get("date_order", ""),
        decimal=data.get("decimal", ""),
        strict=data.get("strict", ""),
        earn="yes" if data.get("earn") else "",
        states=data["states"],
    )


def _start_check(request: AuthenticatedHttpRequest, batch: Import) -> None:
    if batch.size <= MAX_INSTANT_CHECK_BYTES:
        services.dry_run_import(batch=batch, at=clock.now())
    else:
        services.start_check(batch=batch, by=request.user)


@access.require_permissions("customers.import")
@require_POST
def import_start(request: AuthenticatedHttpRequest, public_id: str) -> HttpResponse:
    """Let a worker run it; starting twice is one import."""
    batch = _get_import_or_404(public_id)
    with suppress(services.ImportAlreadyRunning, services.MissingColumns):
        services.start_import(batch=batch, by=request.user)
    return redirect("customers:import", batch.public_id)


@access.require_permissions("customers.import")
@require_POST
def import_resume(request: AuthenticatedHttpRequest, public_id: str) -> HttpResponse:
    """Let a worker go on with an import that broke off."""
    batch = _get_import_or_404(public_id)
    with suppress(services.ImportAlreadyRunning):
        services.resume_import(batch=batch, by=request.user)
    return redirect("customers:import", batch.public_id)


@access.require_permissions("customers.import")
@require_safe
def import_state(request: AuthenticatedHttpRequest, public_id: str) -> HttpResponse:
    """204 while the work goes on; then the page is asked to load itself again."""
    batch = _get_import_or_404(public_id)
    if batch.is_working and not selectors.is_broken_off(batch):
        return HttpResponse(status=204)
    return (
        HttpResponse(headers={"HX-Refresh": "true"})
        if htmx.is_htmx(request)
        else redirect("customers:import", public_id)
    )


@access.require_permissions("customers.import")
@require_safe
def import_rejected(request: AuthenticatedHttpRequest, public_id: str) -> HttpResponse:
    """The rejected rows as CSV, to correct and import again."""
    batch = _get_import_or_404(public_id)
    header, *rows = services.export_rejected_rows(batch=batch, by=request.user)
    return csv_cells.build_csv_response(f"rejected-{batch.public_id}.csv", header, rows)


@access.require_permissions("customers.import")
@require_safe
def import_warnings(request: AuthenticatedHttpRequest, public_id: str) -> HttpResponse:
    """All warnings as CSV: what was left out of rows that came in."""
    batch = _get_import_or_404(public_id)
    header, *rows = services.export_warnings(batch=batch, by=request.user)
    return csv_cells.build_csv_response(f"warnings-{batch.public_id}.csv", header, rows)


def _get_import_or_404(public_id: str) -> Import:
    batch = selectors.get_import(public_id)
    if batch is None:
        raise Http404
    return batch


def _initial_values(batch: Import) -> dict[str, Any]:
    return {
        "source": batch.source,
        "mode": batch.mode,
        "live": batch.live,
        "encoding": "utf-8" if batch.encoding == "utf-8-sig" else batch.encoding,
        **batch.options,
    }


def _render_mapping(
    request: AuthenticatedHttpRequest, batch: Import, form: ImportMappingForm, status: int = 200
) -> HttpResponse:
    context = {"batch": batch, "form": form, "steps": selectors.wizard_steps(batch, True)}
    return render(request, "customers/importing/import_map.html", context, status=status)


def _import_context(batch: Import) -> dict[str, Any]:
    is_done, broken_off = batch.state == ImportState.DONE, selectors.is_broken_off(batch)
    working = batch.is_working and not broken_off
    counts = batch.counts if is_done else batch.checked_counts
    rejected = (
        import_report.rejected_rows(batch, REJECTIONS_SHOWN)
        if is_done
        else counts.get("rejections", [])[:REJECTIONS_SHOWN]
    )
    warnings = (
        import_report.import_warnings(batch, REJECTIONS_SHOWN)
        if is_done
        else counts.get("warnings", [])[:REJECTIONS_SHOWN]
    )
    return {
        "batch": batch,
        # Reasons are kept in the language of who let the file be checked.
        "reasons_lang": languages.html_lang(batch.user.language if batch.user else "en"),
        "steps": selectors.wizard_steps(batch),
        "warnings": warnings,
        "warned": import_report.count_warnings(batch) if is_done else counts.get("warned", 0),
        "readings": [] if working else selectors.column_readings(batch),
        "counts": counts,
        "table": selectors.report_table(counts, batch.kind) if counts else [],
        "rejected": rejected,
        "good": counts.get("rows", 0) - counts.get("rejected", 0),
        "parts": [(counts.get("rows", 0) - counts.get("rejected", 0), ""), (counts.get("rejected", 0), "bad")],
        "working": working,
        "broken_off": broken_off,
        "without_rate": [] if working else import_report.file_currencies_without_rate(batch),
    }
