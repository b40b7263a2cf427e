"""Pages of care: the programmes, one programme with its flow and sums, who is in it, its log."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from crm.kernel.auth import access
from crm.kernel.http import htmx
from crm.kernel.time import clock
from crm.kernel.ui.listing.keyset import Listing, format_count
from retention.care import flow_diagram, forms, message_preview, reconciliation, selectors, services, sockets
from retention.care.choices import EnrollmentOutcome
from retention.care.models import CareProgram, Enrollment


def _get_program(public_id: str) -> CareProgram:
    return get_object_or_404(
        CareProgram.objects.select_related("current__program", "current__created_by"), public_id=public_id
    )


@access.require_permissions("care.view")
def program_list(request: HttpRequest) -> HttpResponse:
    rows = selectors.program_rows()
    results = sockets.evaluation_results([row.program for row in rows], clock.now())
    lines = [{"row": row, "result": results.get(row.program.pk)} for row in rows]
    return htmx.render_page_or_partial(request, "retention/care/program_list.html", {"lines": lines})


@access.require_permissions("care.view")
def program(request: HttpRequest, public_id: str) -> HttpResponse:
    return _render_program(request, _get_program(public_id))


def _render_program(
    request: HttpRequest, found: CareProgram, form: forms.ProgramSettingsForm | None = None, status: int = 200
) -> HttpResponse:
    now = clock.now()
    sums = reconciliation.reconcile_enrollments(Enrollment.objects.filter(program=found))
    asked = {name: request.GET.get(name, "") for name in ("language", "customer")}
    letter = message_preview.build_preview(found, selectors.message_step(found), request.user, now=now, **asked)
    context = {
        **_head_context(request, found, "build"),
        "sums": sums,
        "steps": flow_diagram.flow_boxes(
            found, sums, letter, is_linked=access.may_see_all_records(request.user, "customers.view")
        ),
        "lines": flow_diagram.reconciliation_lines(sums),
        "settings": found.settings,
        "form": form or forms.build_settings_form(found),
        "prospect": selectors.forecast_program(found, now),
        "letter": letter,
        "readers": selectors.customer_counts_by_language(),
        **sockets.evaluation_context(found, now),
    }
    return htmx.render_page_or_partial(request, "retention/care/program.html", context, status=status)


@access.require_permissions("care.view")
def program_people(request: HttpRequest, public_id: str) -> HttpResponse:
    found = _get_program(public_id)
    chosen = {name: request.GET.get(name, "") for name in ("outcome", "why", "run")}
    listing = Listing(
        selectors.program_enrollments(found, request.user, **chosen), {"entered": ("entered_at", "pk")}, "-entered"
    )
    page = listing.page(request.GET.get("sort"), request.GET.get("cursor"))
    context = {
        **_head_context(request, found, "people"),
        **chosen,
        "outcomes": EnrollmentOutcome.choices,
        "page": page,
        "count_text": format_count(listing.count(page)),
        "reason": flow_diagram.reason_text(chosen["why"]),
    }
    return htmx.render_page_or_partial(request, "retention/care/program_people.html", context, partial="rows")


@access.require_permissions("care.view")
def program_log(request: HttpRequest, public_id: str) -> HttpResponse:
    found = _get_program(public_id)
    listing = Listing(selectors.program_runs(found), {"ran": ("ran_at", "pk")}, "-ran")
    page = listing.page(request.GET.get("sort"), request.GET.get("cursor"))
    return htmx.render_page_or_partial(
        request,
        "retention/care/program_log.html",
        {**_head_context(request, found, "log"), "page": page},
        partial="rows",
    )


@access.require_permissions("care.view")
def program_dry_run(request: HttpRequest, public_id: str) -> HttpResponse:
    found = _get_program(public_id)
    dry = selectors.dry_run_program(found, request.user, clock.now())
    return htmx.render_page_or_partial(
        request,
        "retention/care/program_dry_run.html",
        {
            **_head_context(request, found, "build"),
            "dry": dry,
            "reasons": flow_diagram.reason_counts(dry.entered.suppressed),
        },
    )


@access.require_permissions("care.manage")
@require_POST
def program_settings(request: HttpRequest, public_id: str) -> HttpResponse:
    found = _get_program(public_id)
    form = forms.build_settings_form(found, request.POST)
    if not form.is_valid():
        return _render_program(request, found, form, status=422)
    services.change_program_settings(
        program=found, share=form.share, settings=form.settings(found.kind), at=clock.now(), by=request.user
    )
    messages.success(request, _("Saved. It holds for who enters from now on."))
    return htmx.redirect_to(request, flow_diagram.program_url("program", found))


@access.require_permissions("care.manage")
def program_texts(request: HttpRequest, public_id: str) -> HttpResponse:
    found = _get_program(public_id)
    step = selectors.message_step(found)
    form = forms.build_texts_form(
        found.kind, step.texts if step else {}, request.POST if request.method == "POST" else None
    )
    if request.method == "POST" and form.is_valid():
        services.publish_version(
            program=found, settings=found.settings, texts=form.texts(), at=clock.now(), by=request.user
        )
        messages.success(request, _("The texts are published for who enters from now on."))
        return htmx.redirect_to(request, flow_diagram.program_url("program", found))
    context = {
        **_head_context(request, found, "build"),
        "form": form,
        "variables": message_preview.variable_labels(found.kind),
    }
    return htmx.render_page_or_partial(
        request, "retention/care/program_texts.html", context, status=422 if form.is_bound else 200
    )


@access.require_permissions("care.manage")
def program_start(request: HttpRequest, public_id: str) -> HttpResponse:
    found, now = _get_program(public_id), clock.now()
    prospect = selectors.forecast_program(found, now)
    suggested = {"smallest_effect": round(100 * prospect.smallest_effect, 1) if prospect.smallest_effect else None}
    form = forms.ProgramStartForm(request.POST or None, initial=suggested)
    if request.method == "POST" and form.is_valid():
        try:
            services.start_program(program=found, at=now, by=request.user, smallest_effect=form.effect)
        except (services.ProgramNotReady, services.WrongProgramState) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The programme is on. It looks every minute who is due."))
            return htmx.redirect_to(request, flow_diagram.program_url("program", found))
    dry = selectors.dry_run_program(found, request.user, now)
    context = {
        **_head_context(request, found, "build"),
        "form": form,
        "prospect": prospect,
        "dry": dry,
        "reasons": flow_diagram.reason_counts(dry.entered.suppressed),
    }
    return htmx.render_page_or_partial(
        request, "retention/care/program_start.html", context, status=422 if form.is_bound else 200
    )


@access.require_permissions("care.manage")
@require_POST
def program_move(request: HttpRequest, public_id: str, move: str) -> HttpResponse:
    """Pause, resume or stop: each can be undone by its counterpart."""
    found = _get_program(public_id)
    act, said = {
        "pause": (services.pause_program, _("Paused. Nobody enters until you resume.")),
        "resume": (services.resume_program, _("The programme goes on.")),
        "stop": (services.stop_program, _("The programme is off. What had not been sent was taken back.")),
    }[move]
    try:
        act(program=found, at=clock.now(), by=request.user)
    except (services.ProgramNotReady, services.WrongProgramState) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, said)
    return htmx.redirect_to(request, flow_diagram.program_url("program", found))


@access.require_permissions("care.manage")
@require_POST
def program_recall(request: HttpRequest, public_id: str) -> HttpResponse:
    found = _get_program(public_id)
    count = services.recall_messages(program=found, at=clock.now(), by=request.user)
    messages.success(
        request,
        ngettext("%(count)d unsent message was taken back.", "%(count)d unsent messages were taken back.", count)
        % {"count": count},
    )
    return htmx.redirect_to(request, flow_diagram.program_url("program", found))


@access.require_permissions("care.manage")
@require_POST
def program_test(request: HttpRequest, public_id: str) -> HttpResponse:
    found = _get_program(public_id)
    try:
        message_preview.send_test_mail(
            request.user,
            found,
            selectors.message_step(found),
            language=request.POST.get("language", ""),
            now=clock.now(),
        )
    except message_preview.PreviewNotSent as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request, _("A test was sent to %(address)s.") % {"address": getattr(request.user, "email", "")}
        )
    return htmx.redirect_to(request, flow_diagram.program_url("program", found))


def _head_context(request: HttpRequest, found: CareProgram, tab: str) -> dict[str, Any]:
    return {
        "program": found,
        "tab": tab,
        "entered": selectors.count_visible_enrollments(found, request.user, at_most=1001),
    }
