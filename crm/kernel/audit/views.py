"""The audit log: who did what, when and from where."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from crm.kernel.audit import labels, seal_chain, selectors
from crm.kernel.audit.forms import AuditFilterForm
from crm.kernel.auth import access
from crm.kernel.http import htmx
from crm.kernel.ui.listing.cursors import BadCursor
from crm.kernel.ui.listing.keyset import Listing

PAGE = "kernel/audit/audit_list.html"


@access.require_permissions("audit.view")
@require_safe
def audit_list(request: HttpRequest) -> HttpResponse:
    """The newest acts first, narrowed as the address says; with htmx only the table."""
    form = AuditFilterForm(request.GET)
    if not form.is_valid():
        return _refuse(request, form, form.first_error_text)
    zone = timezone.get_current_timezone_name()
    listing = Listing(selectors.audit_entries(zone=zone, **form.chosen_filters), selectors.AUDIT_SORTS, "-at")
    try:
        page = listing.get_page("-at", request.GET.get("cursor"))
    except BadCursor as error:
        return _refuse(request, form, str(error))
    context = {
        "form": form,
        "page": page,
        "swap": "#list",
        "narrowed": bool(form.chosen_filters),
        "seal": seal_chain.get_newest_seal(),
        "acts": labels.action_labels,
    }
    return htmx.render_page_or_partial(request, PAGE, context, partial="rows")


def _refuse(request: HttpRequest, form: AuditFilterForm, why: str) -> HttpResponse:
    return render(request, PAGE, {"form": form, "refusal": why}, status=400)
