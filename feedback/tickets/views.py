"""The ticket workspace of the staff: views, list, conversation, customer."""

from typing import Any, cast

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from crm.kernel.auth import access
from crm.kernel.auth.models import User
from crm.kernel.http import htmx
from crm.kernel.time import clock
from crm.kernel.ui.listing import cursors
from customers.workspace.sockets import CustomerPanel
from feedback.tickets import lifecycle, opening, selectors, services, ticket_workspace
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

PAGE = "feedback/tickets/ticket.html"


@access.require_permissions("tickets.view")
@require_safe
def ticket_list(request: HttpRequest) -> HttpResponse:
    """A view's tickets; with htmx only the list."""
    try:
        context = ticket_workspace.ticket_list_context(request.GET, request.user)
    except cursors.BadCursor as error:
        raise BadRequest(str(error)) from error
    return htmx.render_page_or_partial(request, PAGE, context, partial="rows")


@access.require_permissions("tickets.view")
@require_safe
def ticket(request: HttpRequest, public_id: str) -> HttpResponse:
    """One ticket in the workspace; with htmx only its own panes."""
    found = _get_ticket(request, public_id)
    return _ticket_page(request, found)


@access.require_permissions("tickets.work")
def ticket_new(request: HttpRequest) -> HttpResponse:
    """Write down a request that came by phone, mail or chat."""
    form = NewTicketForm(
        _signed_in_staff(request), request.POST or None, initial={"customer": request.GET.get("customer", "")}
    )
    if request.method == "POST" and form.is_valid():
        wanted = opening.TicketRequest(**form.cleaned_data, assignee=_signed_in_staff(request))
        found = opening.open_ticket(request=wanted, at=clock.now(), by=_signed_in_staff(request))
        return redirect("feedback:ticket", found.public_id)
    status = 422 if form.is_bound else 200
    return render(request, "feedback/tickets/ticket_new.html", {"form": form}, status=status)


@access.require_permissions("tickets.work")
@require_POST
def ticket_reply(request: HttpRequest, public_id: str) -> HttpResponse:
    """Answer in public; held back where somebody wrote meanwhile."""
    found, form = _get_ticket(request, public_id), TicketReplyForm(request.POST)
    if not form.is_valid():
        return _reloaded_page(request, found, status=422, refusal=_("Write something first."))
    words = form.cleaned_data
    try:
        services.reply_to_ticket(
            ticket=found,
            body=words["body"],
            by=_signed_in_staff(request),
            at=clock.now(),
            seen=words["seen"],
            solve=words["solve"],
        )
    except (services.ReplyOvertaken, services.TicketClosed) as refusal:
        return _reloaded_page(request, found, status=409, refusal=str(refusal), draft=words["body"])
    return _changed_page(request, found, _("Sent and solved") if words["solve"] else _("Sent"))


@access.require_permissions("tickets.work")
@require_POST
def ticket_note(request: HttpRequest, public_id: str) -> HttpResponse:
    """Write a note among ourselves."""
    found, form = _get_ticket(request, public_id), TicketMessageForm(request.POST)
    if not form.is_valid():
        return _reloaded_page(request, found, status=422, refusal=_("Write something first."), noting=True)
    services.add_note(ticket=found, body=form.cleaned_data["body"], by=_signed_in_staff(request), at=clock.now())
    return _changed_page(request, found, _("Note added"))


@access.require_permissions("tickets.work")
@require_POST
def ticket_assign(request: HttpRequest, public_id: str) -> HttpResponse:
    """Give the ticket to somebody, or back to everybody."""
    found, form = _get_ticket(request, public_id), TicketAssignForm(_posted_values(request))
    if not form.is_valid():
        return _reloaded_page(request, found, status=422, refusal=_("There is no such person."))
    before = found.assignee.public_id if found.assignee else ""
    lifecycle.assign_ticket(
        ticket=found, assignee=form.cleaned_data["assignee"], by=_signed_in_staff(request), at=clock.now()
    )
    return _changed_page(request, found, _("Assigned"), undo=("feedback:ticket_assign", f"assignee={before}"))


@access.require_permissions("tickets.work")
@require_POST
def ticket_priority(request: HttpRequest, public_id: str) -> HttpResponse:
    """Make the ticket more or less urgent."""
    found, form = _get_ticket(request, public_id), TicketPriorityForm(_posted_values(request))
    if not form.is_valid():
        return _reloaded_page(request, found, status=422, refusal=_("There is no such priority."))
    before = found.priority
    lifecycle.change_priority(
        ticket=found, priority=form.cleaned_data["priority"], by=_signed_in_staff(request), at=clock.now()
    )
    return _changed_page(request, found, _("Priority changed"), undo=("feedback:ticket_priority", f"priority={before}"))


@access.require_permissions("tickets.work")
@require_POST
def ticket_move(request: HttpRequest, public_id: str) -> HttpResponse:
    """Put the ticket into another state."""
    found = _get_ticket(request, public_id)
    form = TicketStateForm(found, _posted_values(request))
    if not form.is_valid():
        return _reloaded_page(request, found, status=409, refusal=_("The ticket cannot go there."))
    try:
        lifecycle.change_ticket_state(
            ticket=found, state=form.cleaned_data["state"], by=_signed_in_staff(request), at=clock.now()
        )
    except lifecycle.TicketMoveRefused as refusal:
        return _reloaded_page(request, found, status=409, refusal=str(refusal))
    return _changed_page(request, found, _("State changed"))


@access.require_permissions("tickets.work")
@require_POST
def ticket_customer(request: HttpRequest, public_id: str) -> HttpResponse:
    """Say which customer a stranger is."""
    found, form = _get_ticket(request, public_id), TicketCustomerForm(_signed_in_staff(request), request.POST)
    if not form.is_valid():
        return _reloaded_page(request, found, status=422, refusal=form.errors["customer"][0])
    try:
        lifecycle.link_customer(
            ticket=found, customer=form.cleaned_data["customer"], by=_signed_in_staff(request), at=clock.now()
        )
    except lifecycle.TicketMoveRefused as refusal:
        return _reloaded_page(request, found, status=409, refusal=str(refusal))
    return _changed_page(request, found, _("The ticket has its customer"))


@access.require_permissions("tickets.work", "customers.edit")
@require_POST
def ticket_customer_new(request: HttpRequest, public_id: str) -> HttpResponse:
    """Add a stranger to the customers, with what he said of himself."""
    found = _get_ticket(request, public_id)
    try:
        lifecycle.create_ticket_customer(ticket=found, by=_signed_in_staff(request), at=clock.now())
    except lifecycle.TicketMoveRefused as refusal:
        return _reloaded_page(request, found, status=409, refusal=str(refusal))
    return _changed_page(request, found, _("Added to the customers"))


def _signed_in_staff(request: HttpRequest) -> User:
    """The signed-in person."""
    return cast(User, request.user)


def _get_ticket(request: HttpRequest, public_id: str) -> Ticket:
    return access.get_visible_or_404(selectors.tickets_with_relations(), request.user, public_id=public_id)


def _posted_values(request: HttpRequest) -> Any:
    """What was posted; Undo posts in the address."""
    return request.POST or request.GET


def _reloaded_page(request: HttpRequest, found: Ticket, status: int = 200, **more: Any) -> HttpResponse:
    """The ticket as it is now, with what was refused and what the person had written."""
    return _ticket_page(request, _get_ticket(request, found.public_id), status, **more)


def _ticket_page(request: HttpRequest, found: Ticket, status: int = 200, **more: Any) -> HttpResponse:
    context = {**ticket_workspace.ticket_context(found, request.user), **more}
    context["panels"] = [(panel, _drawn_panel(request, panel, found, own)) for panel, own in context["panels"]]
    if not htmx.is_htmx(request):
        context = {**ticket_workspace.ticket_list_context(request.GET, request.user), **context}
    return htmx.render_page_or_partial(request, PAGE, context, partial="ticket", status=status)


def _drawn_panel(request: HttpRequest, panel: CustomerPanel, found: Ticket, own: dict[str, Any]) -> str:
    return render_to_string(panel.template, {**own, "customer": found.customer, "panel": panel}, request)


def _changed_page(request: HttpRequest, found: Ticket, text: str, undo: tuple[str, str] | None = None) -> HttpResponse:
    """The changed ticket and a toast; without htmx back to its page."""
    if not htmx.is_htmx(request):
        return redirect("feedback:ticket", found.public_id)
    visible = selectors.tickets_with_relations().visible_to(request.user).filter(pk=found.pk).exists()
    response = (
        _reloaded_page(request, found) if visible else htmx.redirect_to(request, ticket_workspace.ticket_list_url())
    )
    undo_url = ticket_workspace.undo_url(undo, found) if undo else None
    response["HX-Trigger-After-Settle"] = "tickets-changed"
    return htmx.add_toast(response, text, undo_url=undo_url)
