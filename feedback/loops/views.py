"""The follow-ups: whose they are, until when, and how far."""

from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from crm.kernel import company
from crm.kernel.auth import access
from crm.kernel.auth.access import AuthenticatedHttpRequest
from crm.kernel.http import htmx
from crm.kernel.time import clock
from crm.kernel.ui.listing import cursors
from crm.kernel.ui.listing.keyset import Listing
from feedback.loops import selectors, services
from feedback.loops.choices import FollowUpState
from feedback.loops.forms import FollowUpStateForm
from feedback.loops.models import FollowUp
from feedback.loops.rules import ORDER, may_change_state

PAGE = "feedback/loops/follow_up_list.html"
SORTS = {"due": ("due_on", "id"), "moved": ("-moved_at", "-id")}


@access.require_permissions("surveys.view")
@require_safe
def follow_up_list(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Follow-ups in a state, those that wait by deadline."""
    state = request.GET.get("state", "")
    rows = Listing(
        selectors.follow_ups_in_state(state, request.user), SORTS, default="moved" if state in ORDER[2:] else "due"
    )
    try:
        page = rows.get_page(request.GET.get("sort"), request.GET.get("cursor"))
    except cursors.BadCursor as error:
        raise BadRequest(str(error)) from error
    counts = selectors.follow_up_counts(request.user)
    names = dict(FollowUpState.choices)
    context = {
        "page": page,
        "rows": [(row, _state_changes(row, names)) for row in page.rows],
        "state": state,
        "waiting": counts[FollowUpState.OPEN] + counts[FollowUpState.CONTACTED],
        "tabs": [(name, names[name], counts[name]) for name in ORDER],
        "today": clock.today(company.get_company().time_zone),
    }
    return htmx.render_page_or_partial(request, PAGE, context, partial="rows")


@access.require_permissions("tickets.work")
@require_POST
def follow_up_move(request: AuthenticatedHttpRequest, public_id: str) -> HttpResponse:
    """Change the state."""
    follow_up = access.get_visible_or_404(selectors.follow_ups_with_relations(), request.user, public_id=public_id)
    form = FollowUpStateForm(request.POST or request.GET)
    if not form.is_valid():
        raise BadRequest(_("There is no such state."))
    before = follow_up.state
    try:
        services.change_follow_up_state(
            follow_up=follow_up, state=form.cleaned_data["state"], by=request.user, at=clock.now()
        )
    except services.FollowUpStateRefused as refusal:
        return htmx.add_toast(HttpResponse(status=204), str(refusal), kind="bad")
    if not htmx.is_htmx(request):
        return redirect("feedback:follow_up_list")
    response = HttpResponse(status=204)
    undo = f"{request.path}?state={before}" if may_change_state(form.cleaned_data["state"], before) else None
    response = htmx.add_toast(response, _("State changed"), undo_url=undo)
    response["HX-Trigger-After-Settle"] = "follow-ups-changed"
    return response


def _state_changes(row: FollowUp, names: dict[str, Any]) -> list[tuple[str, Any]]:
    return [(state, names[state]) for state in ORDER if may_change_state(row.state, state)]
