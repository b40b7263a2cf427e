"""The contexts of the workspace: the list of a view, and one ticket with everything around it."""

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from django.urls import reverse

from crm.kernel.auth import access
from crm.kernel.auth.models import User
from crm.kernel.ui.listing.keyset import Listing
from customers.orders.models import Order
from customers.profiles import facts
from customers.profiles.models import Customer
from customers.workspace.sockets import customer_panels
from feedback.tickets import emails, history, reply_delivery, selectors
from feedback.tickets.choices import TicketPriority, TicketState
from feedback.tickets.models import Ticket
from feedback.tickets.rules import NEXT_STATES

PAGE_SIZE, NEWEST_ORDERS = 40, 3
SORTS = {
    "waiting": ("waiting_since?", "id"),
    "newest": ("-last_message_at", "-id"),
    "urgent": ("-priority", "-last_message_at", "-id"),
    "solved": ("-solved_at?", "-id"),
}
# Shown here in another way, or of no use while answering a ticket.
HIDDEN_PANELS = {"tickets", "consent", "care"}
PANEL_PLACES = ("head", "left", "right")


def ticket_list_context(params: Mapping[str, str], user: User) -> dict[str, Any]:
    """The list of a view, its neighbours with their counts. Two queries."""
    view = selectors.get_ticket_view(params.get("view", "mine"))
    rows = Listing(selectors.tickets_in_view(view.key, user), SORTS, default=view.sort, size=PAGE_SIZE)
    page = rows.get_page(params.get("sort"), params.get("cursor"))
    counts = selectors.view_counts(user)
    views = [(other, counts.get(other.key), other.key == view.key) for other in selectors.TICKET_VIEWS]
    return {"view": view, "views": views, "page": page, "view_count": counts.get(view.key)}


def ticket_context(ticket: Ticket, user: User) -> dict[str, Any]:
    """One ticket: its conversation, what may be done with it, and its customer where the user may see them."""
    entries = selectors.ticket_conversation(ticket)
    lines = [(entry, history.history_line(entry.event) if entry.event else "") for entry in entries]
    replies = [entry.message for entry in entries if entry.message and entry.message.message_id and entry.message.user]
    notes = reply_delivery.delivery_notes(ticket, replies) if replies else {}
    customer = _customer(ticket, user)
    names = dict(TicketState.choices)
    return {
        "ticket": ticket,
        "entries": [
            (entry, text, notes.get(entry.message.pk) if entry.message else None)
            for entry, text in lines
            if entry.message or text
        ],
        "seen": selectors.last_public_message_id(entries),
        "states": [(state, names[state]) for state in (ticket.state, *NEXT_STATES[ticket.state])],
        "priorities": TicketPriority.choices,
        "agents": selectors.ticket_agents() if access.has_permission(user, "tickets.work") else [],
        "customer": customer,
        "mail_to": emails.reply_recipient(ticket),
        "possible_customers": _possible_customers(ticket, user),
        "other_tickets": list(selectors.customer_tickets(ticket.customer_id, user, without=ticket)[:5])
        if ticket.customer_id
        else [],
        "orders": _orders(customer, user) if customer else [],
        "summary": getattr(customer, "summary", None),
        "panels": _panels(customer, user) if customer else [],
    }


def ticket_list_url() -> str:
    return reverse("feedback:ticket_list")


def undo_url(undo: tuple[str, str], ticket: Ticket) -> str:
    """The address that takes a change back."""
    name, query = undo
    return f"{reverse(name, args=[ticket.public_id])}?{QueryDict(query).urlencode()}"


def _customer(ticket: Ticket, user: User) -> Customer | None:
    if ticket.customer_id is None or not access.has_permission(user, "customers.view"):
        return None
    visible = Customer.objects.visible_to(user).select_related("summary").annotate(fact_list=facts.facts_subquery())
    return visible.filter(pk=ticket.customer_id).first()


def _orders(customer: Customer, user: User) -> list[Order]:
    """The customer's newest orders, where the user may see orders: most requests are about one of them."""
    if not access.has_permission(user, "orders.view"):
        return []
    return list(Order.objects.filter(customer=customer).order_by("-placed_at", "-pk")[:NEWEST_ORDERS])


def _possible_customers(ticket: Ticket, user: User) -> list[Customer]:
    """Customers who use the address of a stranger. Staff decide whether it is one of them."""
    if ticket.customer_id or not ticket.contact_email or not access.has_permission(user, "customers.view"):
        return []
    customers = Customer.objects.current().visible_to(user)
    return list(customers.filter(email__lower=ticket.contact_email.lower())[:3])


def _panels(customer: Customer, user: User) -> list[tuple[Any, dict[str, Any]]]:
    """The panels of the customer page that are shown here too, with their contexts."""
    shown = [
        panel
        for panel in sorted(customer_panels, key=lambda panel: panel.order)
        if panel.key not in HIDDEN_PANELS
        and panel.place in PANEL_PLACES
        and access.has_permission(user, panel.permission)
    ]
    loaded = [(panel, panel.load(customer, user)) for panel in shown]
    return [(panel, context) for panel, context in loaded if context is not None]
