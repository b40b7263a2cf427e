"""Bulk actions on customers: tag, owner, export, and the undo."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from crm.kernel.auth import access
from crm.kernel.auth.access import AuthenticatedHttpRequest
from crm.kernel.background.jobs.models import Job
from crm.kernel.http import htmx
from crm.kernel.time import clock
from customers.workspace import bulk_actions, exporting, filter_choices, forms
from customers.workspace.list_query import BadFilter

REFRESH_EVENTS = ("close-dialog", "list-changed")


@access.require_permissions("customers.view", "customers.edit")
@require_http_methods(["GET", "POST"])
def bulk_tag(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Give the selected customers a tag, or take one off."""
    form = forms.BulkTagForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _start_bulk_action(request, form.cleaned_data["action"], form.cleaned_data["word"])
    return _dialog_page(request, "customers/workspace/bulk_tag.html", form, tags=filter_choices.common_tags())


@access.require_permissions("customers.view", "customers.edit")
@require_http_methods(["GET", "POST"])
def bulk_owner(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Assign the selected customers to a member of staff, or to nobody."""
    form = forms.BulkOwnerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _start_bulk_action(request, "assign", form.cleaned_data["owner"])
    return _dialog_page(request, "customers/workspace/bulk_owner.html", form)


@access.require_permissions("customers.view", "customers.export")
@require_POST
def customer_export(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Start the export of the selected customers."""
    return _job_response(
        request, lambda: exporting.start_export(selection=_posted_selection(request), user=request.user, at=clock.now())
    )


@access.require_permissions("customers.view", "customers.edit")
@require_POST
def bulk_undo(request: AuthenticatedHttpRequest, public_id: str) -> HttpResponse:
    """Revert what one's own bulk action changed."""
    job = access.get_own_or_404(Job.objects.filter(kind=bulk_actions.KIND), request.user, public_id=public_id)
    try:
        count = bulk_actions.undo_bulk_action(job=job, at=clock.now())
    except bulk_actions.NotUndoable as error:
        return htmx.add_toast(HttpResponse(status=409), str(error), kind="bad")
    text = ngettext("%(n)s customer put back.", "%(n)s customers put back.", count) % {"n": f"{count:,}"}
    return htmx.add_toast(HttpResponse(status=204), text, also=REFRESH_EVENTS)


def _dialog_page(request: AuthenticatedHttpRequest, template: str, form: Any, **context: Any) -> HttpResponse:
    return render(request, template, {"form": form, **context}, status=422 if form.is_bound else 200)


def _posted_selection(request: AuthenticatedHttpRequest) -> bulk_actions.CustomerSelection:
    params = request.POST
    return bulk_actions.CustomerSelection(
        params.getlist("ids")[: bulk_actions.MAX_AT_ONCE], params.get("query", "")[:2000], bool(params.get("all"))
    )


def _start_bulk_action(request: AuthenticatedHttpRequest, action: str, value: str) -> HttpResponse:
    return _job_response(
        request,
        lambda: bulk_actions.start_bulk_action(
            selection=_posted_selection(request), action=action, value=value, user=request.user, at=clock.now()
        ),
    )


def _job_response(request: AuthenticatedHttpRequest, start_job: Callable[[], Job]) -> HttpResponse:
    try:
        job = start_job()
    except (bulk_actions.NobodySelected, BadFilter) as error:
        return htmx.add_toast(HttpResponse(status=400), str(error), kind="bad")
    if not job.is_over:
        return render(request, "customers/workspace/bulk_job.html", {"job": job})
    undo = reverse("customers:bulk_undo", args=[job.public_id]) if job.result and job.result["changed"] else None
    count = (job.result or {}).get("changed", 0)
    text = ngettext("%(n)s customer changed.", "%(n)s customers changed.", count) % {"n": f"{count:,}"}
    return htmx.add_toast(
        HttpResponse(status=204), text if count else _("Nothing to change."), undo_url=undo, also=REFRESH_EVENTS
    )
