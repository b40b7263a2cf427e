"""Pages of care: the programmes, one programme with its flow and sums, who is in it, its log."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from crm.kernel.auth import access
from crm.kernel.auth.access import AuthenticatedHttpRequest
from crm.kernel.http import htmx
from crm.kernel.time import clock
from crm.kernel.ui.listing.keyset import Listing, format_count
from retention.care import (
    flow_diagram,
    forecast,
    forms,
    labels,
    message_preview,
    reconciliation,
    selectors,
    services,
    sockets,
)
from retention.care.choices import EnrollmentOutcome
from retention.care.models import CareProgram
from retention.care.triggers.base import TRIGGER_KINDS, TriggerSettingsForm


def _get_program(public_id: str) -> CareProgram:
    return get_object_or_404(
        CareProgram.objects.select_related("current__program", "current__created_by"), public_id=public_id
    )


@access.require_permissions("care.view")
def program_list(request: AuthenticatedHttpRequest) -> HttpResponse:
    rows = selectors.program_rows()
    results = sockets.evaluation_results([row.program for row in rows], clock.now())
    lines = [{"row": row, "result": results.get(row.program.pk)} for row in rows]
    return htmx.render_page_or_partial(request, "retention/care/program_list.html", {"lines": lines})


@access.require_permissions("care.view")
def program(request: AuthenticatedHttpRequest, public_id: str) -> HttpResponse:
    return _render_program(request, _get_program(public_id))


def _render_program(
    request: AuthenticatedHttpRequest,
    care_program: CareProgram,
    form: TriggerSettingsForm | None = None,
    status: int = 200,
) -> HttpResponse:
    now = clock.now()
    counts = reconciliation.reconcile_program(care_program)
    steps = selectors.program_steps(care_program)
    preview = message_preview.build_preview(
        care_program,
        services.step_with_texts(care_program),
        request.user,
        language=request.GET.get("language", ""),
        customer=request.GET.get("customer", ""),
        now=now,
    )
    context = {
        **_head_context(request, care_program, "build"),
        "reconciliation": counts,
        "lines": reconciliation.reconciliation_lines(counts),
        "boxes": flow_diagram.flow_boxes(
            care_program,
            steps,
            counts,
            message_title=preview.title,
            is_linked=access.may_see_all_records(request.user, "customers.view"),
        ),
        "settings": care_program.settings.trigger,
        "form": form or forms.build_settings_form(care_program),
        "forecast": forecast.forecast_program(care_program, now),
        "exit_notes": TRIGGER_KINDS.get(care_program.kind).exit_notes,
        "preview": preview,
        "readers": selectors.customer_counts_by_language(),
        **sockets.evaluation_context(care_program, now),
    }
    return htmx.render_page_or_partial(request, "retention/care/program.html", context, status=status)


@access.require_permissions("care.view")
def program_customers(request: AuthenticatedHttpRequest, public_id: str) -> HttpResponse:
    care_program = _get_program(public_id)
    filters = {name: request.GET.get(name, "") for name in ("outcome", "why", "run")}
    listing = Listing(
        selectors.program_enrollments(care_program, request.user, **filters),
        {"entered": ("entered_at", "pk")},
        "-entered",
    )
    page = listing.get_page(request.GET.get("sort"), request.GET.get("cursor"))
    context = {
        **_head_context(request, care_program, "customers"),
        **filters,
        "outcomes": EnrollmentOutcome.choices,
        "page": page,
        "count_text": format_count(listing.count_rows(page)),
        "reason": labels.reason_text(filters["why"]),
    }
    return htmx.render_page_or_partial(request, "retention/care/program_customers.html", context, partial="rows")


@access.require_permissions("care.view")
def program_log(request: AuthenticatedHttpRequest, public_id: str) -> HttpResponse:
    care_program = _get_program(public_id)
    listing = Listing(selectors.program_runs(care_program), {"ran": ("ran_at", "pk")}, "-ran")
    page = listing.get_page(request.GET.get("sort"), request.GET.get("cursor"))
    return htmx.render_page_or_partial(
        request,
        "retention/care/program_log.html",
        {**_head_context(request, care_program, "log"), "page": page},
        partial="rows",
    )


@access.require_permissions("care.view")
def program_dry_run(request: AuthenticatedHttpRequest, public_id: str) -> HttpResponse:
    care_program = _get_program(public_id)
    dry_run = selectors.dry_run_program(care_program, request.user, clock.now())
    return htmx.render_page_or_partial(
        request,
        "retention/care/program_dry_run.html",
        {
            **_head_context(request, care_program, "build"),
            "dry_run": dry_run,
            "reasons": labels.reason_counts(dry_run.counts.suppressed),
        },
    )


@access.require_permissions("care.manage")
@require_POST
def program_settings(request: AuthenticatedHttpRequest, public_id: str) -> HttpResponse:
    care_program = _get_program(public_id)
    form = forms.build_settings_form(care_program, request.POST)
    if not form.is_valid():
        return _render_program(request, care_program, form, status=422)
    services.change_program_settings(
        program=care_program,
        share=form.holdout_share,
        settings=forms.submitted_settings(care_program, form),
        at=clock.now(),
        by=request.user,
    )
    messages.success(request, _("Saved. It holds for who enters from now on."))
    return htmx.redirect_to(request, flow_diagram.program_url("program", care_program))


@access.require_permissions("care.manage")
def program_texts(request: AuthenticatedHttpRequest, public_id: str) -> HttpResponse:
    care_program = _get_program(public_id)
    step = services.step_with_texts(care_program)
    form = forms.build_texts_form(
        care_program.kind, step.texts if step else {}, request.POST if request.method == "POST" else None
    )
    if request.method == "POST" and form.is_valid():
        services.publish_version(
            program=care_program, settings=care_program.settings, texts=form.texts(), at=clock.now(), by=request.user
        )
        messages.success(request, _("The texts are published for who enters from now on."))
        return htmx.redirect_to(request, flow_diagram.program_url("program", care_program))
    context = {
        **_head_context(request, care_program, "build"),
        "form": form,
        "variables": message_preview.variable_labels(care_program.kind),
    }
    return htmx.render_page_or_partial(
        request, "retention/care/program_texts.html", context, status=422 if form.is_bound else 200
    )


@access.require_permissions("care.manage")
def program_start(request: AuthenticatedHttpRequest, public_id: str) -> HttpResponse:
    care_program, now = _get_program(public_id), clock.now()
    expected = forecast.forecast_program(care_program, now)
    suggested = {"smallest_effect": round(100 * expected.smallest_effect, 1) if expected.smallest_effect else None}
    form = forms.ProgramStartForm(request.POST or None, initial=suggested)
    if request.method == "POST" and form.is_valid():
        try:
            services.start_program(
                program=care_program, at=now, by=request.user, smallest_effect=form.smallest_effect_share
            )
        except (services.ProgramNotReady, services.WrongProgramState) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The programme is on. It looks every minute who is due."))
            return htmx.redirect_to(request, flow_diagram.program_url("program", care_program))
    dry_run = selectors.dry_run_program(care_program, request.user, now)
    context = {
        **_head_context(request, care_program, "build"),
        "form": form,
        "forecast": expected,
        "dry_run": dry_run,
        "reasons": labels.reason_counts(dry_run.counts.suppressed),
    }
    return htmx.render_page_or_partial(
        request, "retention/care/program_start.html", context, status=422 if form.is_bound else 200
    )


@access.require_permissions("care.manage")
@require_POST
def program_move(request: AuthenticatedHttpRequest, public_id: str, move: str) -> HttpResponse:
    """Pause, resume or stop: each can be undone by its counterpart."""
    care_program = _get_program(public_id)
    change_state, notice = {
        "pause": (services.pause_program, _("Paused. Nobody enters until you resume.")),
        "resume": (services.resume_program, _("The programme goes on.")),
        "stop": (services.stop_program, _("The programme is off. What had not been sent was taken back.")),
    }[move]
    try:
        change_state(program=care_program, at=clock.now(), by=request.user)
    except (services.ProgramNotReady, services.WrongProgramState) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, notice)
    return htmx.redirect_to(request, flow_diagram.program_url("program", care_program))


@access.require_permissions("care.manage")
@require_POST
def program_recall(request: AuthenticatedHttpRequest, public_id: str) -> HttpResponse:
    care_program = _get_program(public_id)
    count = services.recall_messages(program=care_program, at=clock.now(), by=request.user)
    messages.success(
        request,
        ngettext("%(count)d unsent message was taken back.", "%(count)d unsent messages were taken back.", count)
        % {"count": count},
    )
    return htmx.redirect_to(request, flow_diagram.program_url("program", care_program))


@access.require_permissions("care.manage")
@require_POST
def program_test(request: AuthenticatedHttpRequest, public_id: str) -> HttpResponse:
    care_program = _get_program(public_id)
    try:
        message_preview.send_test_mail(
            request.user,
            care_program,
            services.step_with_texts(care_program),
            language=request.POST.get("language", ""),
            now=clock.now(),
        )
    except message_preview.PreviewNotSent as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("A test was sent to %(address)s.") % {"address": request.user.email})
    return htmx.redirect_to(request, flow_diagram.program_url("program", care_program))


def _head_context(request: AuthenticatedHttpRequest, care_program: CareProgram, tab: str) -> dict[str, Any]:
    return {
        "program": care_program,
        "tab": tab,
        "entered": selectors.count_visible_enrollments(care_program, request.user, at_most=1001),
    }
