"""The ticket workspace of the staff: views, list, conversation, customer."""

from typing import Any

from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from crm.kernel.auth import access
from crm.kernel.auth.access import AuthenticatedHttpRequest
from crm.kernel.http import htmx
from crm.kernel.time import clock
from crm.kernel.ui.listing import cursors
from customers.workspace.sockets import CustomerPanel
from feedback.tickets import selectors, services, ticket_workspace
from feedback.tickets.forms import (
    NewTicketForm,
    TicketAssignForm,
    TicketCustomerForm,
    TicketMessageForm,
    TicketPriorityForm,
    TicketReplyForm,
    TicketStateForm,
)
from feedback.tickets.models import Ticket
from feedback.tickets.ticket_messages import words_digest

PAGE = "feedback/tickets/ticket.html"


@access.require_permissions("tickets.view")
@require_safe
def ticket_list(request: AuthenticatedHttpRequest) -> HttpResponse:
    """The tickets of a view; with htmx only the list."""
    try:
        context = ticket_workspace.ticket_list_context(request.GET, request.user)
    except cursors.BadCursor as error:
        raise BadRequest(str(error)) from error
    return htmx.render_page_or_partial(request, PAGE, context, partial="rows")


@access.require_permissions("tickets.view")
@require_safe
def ticket(request: AuthenticatedHttpRequest, public_id: str) -> HttpResponse:
    """One ticket in the workspace; with htmx only its own panes."""
    row = _get_ticket(request, public_id)
    services.mark_ticket_read(ticket=row, by=request.user)
    return _ticket_page(request, row)


@access.require_permissions("tickets.work")
def ticket_new(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Open a ticket for a request that came by phone, mail or chat."""
    form = NewTicketForm(request.user, request.POST or None, initial={"customer": request.GET.get("customer", "")})
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        once = values.pop("once")
        source = ("staff", words_digest(request.user.public_id, once, values["subject"], values["body"]))
        ticket_request = services.TicketRequest(**values, assignee=request.user, source=source if once else ("", ""))
        row = services.open_ticket(request=ticket_request, at=clock.now(), by=request.user)
        return redirect("feedback:ticket", row.public_id)
    status = 422 if form.is_bound else 200
    return render(request, "feedback/tickets/ticket_new.html", {"form": form}, status=status)


@access.require_permissions("tickets.work")
@require_POST
def ticket_reply(request: AuthenticatedHttpRequest, public_id: str) -> HttpResponse:
    """Reply to the customer; refused where somebody wrote meanwhile."""
    row, form = _get_ticket(request, public_id), TicketReplyForm(request.POST)
    if not form.is_valid():
        return _reloaded_page(request, row, status=422, refusal=_("Write something first."))
    values = form.cleaned_data
    try:
        services.reply_to_ticket(
            ticket=row,
            body=values["body"],
            by=request.user,
            at=clock.now(),
            seen=values["seen"],
            solve=values["solve"],
        )
    except (services.ReplyOvertaken, services.TicketClosed) as refusal:
        return _reloaded_page(request, row, status=409, refusal=str(refusal), draft=values["body"])
    return _changed_page(request, row, _("Sent and solved") if values["solve"] else _("Sent"))


@access.require_permissions("tickets.work")
@require_POST
def ticket_resend(request: AuthenticatedHttpRequest, public_id: str, message: str) -> HttpResponse:
    """Mail a reply again that did not go out."""
    row = _get_ticket(request, public_id)
    reply = selectors.find_message(row, message)
    if reply is None:
        raise Http404
    try:
        services.resend_reply(message=reply, by=request.user, at=clock.now())
    except services.ReplyNotUnsent as refusal:
        return _reloaded_page(request, row, status=409, refusal=str(refusal))
    return _changed_page(request, row, _("Sent again"))


@access.require_permissions("tickets.work")
@require_POST
def ticket_note(request: AuthenticatedHttpRequest, public_id: str) -> HttpResponse:
    """Add a note that only staff read."""
    row, form = _get_ticket(request, public_id), TicketMessageForm(request.POST)
    if not form.is_valid():
        return _reloaded_page(request, row, status=422, refusal=_("Write something first."), noting=True)
    services.add_note(ticket=row, body=form.cleaned_data["body"], by=request.user, at=clock.now())
    return _changed_page(request, row, _("Note added"))


@access.require_permissions("tickets.work")
@require_POST
def ticket_assign(request: AuthenticatedHttpRequest, public_id: str) -> HttpResponse:
    """Assign the ticket to somebody, or to nobody."""
    row, form = _get_ticket(request, public_id), TicketAssignForm(_posted_values(request))
    if not form.is_valid():
        return _reloaded_page(request, row, status=422, refusal=_("There is no such person."))
    before = row.assignee.public_id if row.assignee else ""
    services.assign_ticket(ticket=row, assignee=form.cleaned_data["assignee"], by=request.user, at=clock.now())
    return _changed_page(request, row, _("Assigned"), undo=("feedback:ticket_assign", f"assignee={before}"))


@access.require_permissions("tickets.work")
@require_POST
def ticket_priority(request: AuthenticatedHttpRequest, public_id: str) -> HttpResponse:
    """Change the priority."""
    row, form = _get_ticket(request, public_id), TicketPriorityForm(_posted_values(request))
    if not form.is_valid():
        return _reloaded_page(request, row, status=422, refusal=_("There is no such priority."))
    before = row.priority
    services.change_priority(ticket=row, priority=form.cleaned_data["priority"], by=request.user, at=clock.now())
    return _changed_page(request, row, _("Priority changed"), undo=("feedback:ticket_priority", f"priority={before}"))


@access.require_permissions("tickets.work")
@require_POST
def ticket_move(request: AuthenticatedHttpRequest, public_id: str) -> HttpResponse:
    """Change the state."""
    row = _get_ticket(request, public_id)
    form = TicketStateForm(row, _posted_values(request))
    if not form.is_valid():
        return _reloaded_page(request, row, status=409, refusal=_("The ticket cannot go there."))
    try:
        services.change_ticket_state(ticket=row, state=form.cleaned_data["state"], by=request.user, at=clock.now())
    except services.TicketMoveRefused as refusal:
        return _reloaded_page(request, row, status=409, refusal=str(refusal))
    return _changed_page(request, row, _("State changed"))


@access.require_permissions("tickets.work")
@require_POST
def ticket_customer(request: AuthenticatedHttpRequest, public_id: str) -> HttpResponse:
    """Say which customer a stranger is."""
    row, form = _get_ticket(request, public_id), TicketCustomerForm(request.user, request.POST)
    if not form.is_valid():
        return _reloaded_page(request, row, status=422, refusal=form.errors["customer"][0])
    try:
        services.link_customer(ticket=row, customer=form.cleaned_data["customer"], by=request.user, at=clock.now())
    except services.TicketMoveRefused as refusal:
        return _reloaded_page(request, row, status=409, refusal=str(refusal))
    return _changed_page(request, row, _("The ticket has its customer"))


@access.require_permissions("tickets.work", "customers.edit")
@require_POST
def ticket_customer_new(request: AuthenticatedHttpRequest, public_id: str) -> HttpResponse:
    """Add a stranger to the customers, with the name and address of the request."""
    row = _get_ticket(request, public_id)
    try:
        services.create_ticket_customer(ticket=row, by=request.user, at=clock.now())
    except services.TicketMoveRefused as refusal:
        return _reloaded_page(request, row, status=409, refusal=str(refusal))
    return _changed_page(request, row, _("Added to the customers"))


def _get_ticket(request: AuthenticatedHttpRequest, public_id: str) -> Ticket:
    return access.get_visible_or_404(selectors.tickets_with_relations(), request.user, public_id=public_id)


def _posted_values(request: AuthenticatedHttpRequest) -> Any:
    """What was posted; the button Undo sends it in the query string."""
    return request.POST or request.GET


def _reloaded_page(request: AuthenticatedHttpRequest, row: Ticket, status: int = 200, **more: Any) -> HttpResponse:
    """The ticket as it is now, with the refusal and the draft that was refused."""
    return _ticket_page(request, _get_ticket(request, row.public_id), status, **more)


def _ticket_page(request: AuthenticatedHttpRequest, row: Ticket, status: int = 200, **more: Any) -> HttpResponse:
    context = {**ticket_workspace.ticket_context(row, request.user), **more}
    context["panels"] = [(panel, _drawn_panel(request, panel, row, own)) for panel, own in context["panels"]]
    if not htmx.is_htmx(request):
        context = {**ticket_workspace.ticket_list_context(request.GET, request.user), **context}
    return htmx.render_page_or_partial(request, PAGE, context, partial="ticket", status=status)


def _drawn_panel(request: AuthenticatedHttpRequest, panel: CustomerPanel, row: Ticket, own: dict[str, Any]) -> str:
    return render_to_string(panel.template, {**own, "customer": row.customer, "panel": panel}, request)


def _changed_page(
    request: AuthenticatedHttpRequest, row: Ticket, text: str, undo: tuple[str, str] | None = None
) -> HttpResponse:
    """The changed ticket and a toast; without htmx back to its page."""
    if not htmx.is_htmx(request):
        return redirect("feedback:ticket", row.public_id)
    visible = selectors.tickets_with_relations().visible_to(request.user).filter(pk=row.pk).exists()
    response = (
        _reloaded_page(request, row) if visible else htmx.redirect_to(request, ticket_workspace.ticket_list_url())
    )
    undo_url = ticket_workspace.undo_url(undo, row) if undo else None
    response["HX-Trigger-After-Settle"] = "tickets-changed"
    return htmx.add_toast(response, text, undo_url=undo_url)
