"""The follow-ups: open loops, whose they are, until when."""

from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from crm.kernel import company
from crm.kernel.auth import access
from crm.kernel.http import htmx
from crm.kernel.time import clock
from crm.kernel.ui.listing import Listing, cursors
from feedback.loops import selectors, services
from feedback.loops.choices import State
from feedback.loops.forms import MoveForm
from feedback.loops.models import FollowUp
from feedback.loops.rules import ORDER, may_move
from feedback.surveys.timeline_lines import scored

PAGE = "feedback/loops/follow_up_list.html"
SORTS = {"due": ("due_on", "id"), "moved": ("-moved_at", "-id")}


@access.require("surveys.view")
@require_safe
def follow_up_list(request: HttpRequest) -> HttpResponse:
    """Everybody who gave a bad answer and is not won back yet; by deadline."""
    state = request.GET.get("state", "")
    rows = Listing(selectors.of_state(state, request.user), SORTS, default="moved" if state in ORDER[2:] else "due")
    try:
        page = rows.page(request.GET.get("sort"), request.GET.get("cursor"))
    except cursors.BadCursor as error:
        raise BadRequest(str(error)) from error
    counts = selectors.counts(request.user)
    names = dict(State.choices)
    context = {
        "page": page,
        "rows": [(row, scored(row.response.scale, row.response.score), _moves(row, names)) for row in page.rows],
        "state": state,
        "waiting": counts[State.OPEN] + counts[State.CONTACTED],
        "tabs": [(each, names[each], counts[each]) for each in ORDER],
        "today": clock.today(company.get().time_zone),
    }
    return htmx.render(request, PAGE, context, partial="rows")


@access.require("tickets.work")
@require_POST
def follow_up_move(request: HttpRequest, public_id: str) -> HttpResponse:
    """Say how far it is."""
    found = access.get_visible_or_404(FollowUp.objects, request.user, public_id=public_id)
    form = MoveForm(request.POST or request.GET)
    if not form.is_valid():
        raise BadRequest(_("There is no such state."))
    before = found.state
    try:
        services.move(follow_up=found, state=form.cleaned_data["state"], by=request.user, at=clock.now())  # type: ignore[arg-type]
    except services.NotAllowed as refusal:
        return htmx.toast(HttpResponse(status=204), str(refusal), kind="bad")
    if not htmx.is_htmx(request):
        return redirect("feedback:follow_up_list")
    response = HttpResponse(status=204)
    undo = f"{request.path}?state={before}" if may_move(form.cleaned_data["state"], before) else None
    response = htmx.toast(response, _("State changed"), undo_url=undo)
    response["HX-Trigger-After-Settle"] = "follow-ups-changed"
    return response


def _moves(row: FollowUp, names: dict[str, Any]) -> list[tuple[str, Any]]:
    return [(state, names[state]) for state in ORDER if may_move(row.state, state)]
