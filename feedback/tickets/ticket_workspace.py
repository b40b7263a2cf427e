"""What the workspace shows: the list of a view, and one ticket with everything around it."""

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
from feedback.tickets import emails, history_text, selectors
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
# Shown here in another way, or of no use while answering: what care sends, and why not, stands on the customer page.
HIDDEN_PANELS = {"tickets", "consent", "care"}
PANEL_PLACES = ("head", "left", "right")


def ticket_list_context(params: Mapping[str, str], user: Any) -> dict[str, Any]:
    """The list of a view, its neighbours with their counts. Two queries."""
    chosen = selectors.get_ticket_view(params.get("view", "mine"))
    rows = Listing(selectors.tickets_in_view(chosen.key, user), SORTS, default=chosen.sort, size=PAGE_SIZE)
    page = rows.page(params.get("sort"), params.get("cursor"))
    counts = selectors.view_counts(user)
    views = [(each, counts.get(each.key), each.key == chosen.key) for each in selectors.TICKET_VIEWS]
    return {"view": chosen, "views": views, "page": page, "view_count": counts.get(chosen.key)}


def ticket_context(ticket: Ticket, user: Any) -> dict[str, Any]:
    """One ticket: its conversation, what may be done with it, and its customer where the person may see him."""
    entries = selectors.ticket_conversation(ticket)
    told = [(entry, history_text.history_line(entry.event) if entry.event else "") for entry in entries]
    customer = _customer(ticket, user)
    names = dict(TicketState.choices)
    return {
        "ticket": ticket,
        "entries": [(entry, text) for entry, text in told if entry.message or text],
        "seen": selectors.last_public_message_id(entries),
        "states": [(state, names[state]) for state in (ticket.state, *NEXT_STATES[ticket.state])],
        "priorities": TicketPriority.choices,
        "agents": selectors.ticket_agents() if access.has_permission(user, "tickets.work") else [],
        "customer": customer,
        "mail_to": emails.reply_recipient(ticket),
        "suspects": _possible_customers(ticket, user),
        "others": list(selectors.customer_tickets(ticket.customer_id, user, without=ticket)[:5])
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


def _customer(ticket: Ticket, user: Any) -> Customer | None:
    if ticket.customer_id is None or not access.has_permission(user, "customers.view"):
        return None
    seen = Customer.objects.visible_to(user).select_related("summary").annotate(fact_list=facts.facts_subquery())
    return seen.filter(pk=ticket.customer_id).first()


def _orders(customer: Customer, user: Any) -> list[Order]:
    """The customer's newest orders, for who may see them: most requests are about one of them."""
    if not access.has_permission(user, "orders.view"):
        return []
    return list(Order.objects.filter(customer=customer).order_by("-placed_at", "-pk")[:NEWEST_ORDERS])


def _possible_customers(ticket: Ticket, user: User) -> list[Customer]:
    """Customers who use the address of a stranger; only staff see them, and only they decide."""
    if ticket.customer_id or not ticket.contact_email or not access.has_permission(user, "customers.view"):
        return []
    people = Customer.objects.current().visible_to(user)
    return list(people.filter(email__lower=ticket.contact_email.lower())[:3])


def _panels(customer: Customer, user: Any) -> list[tuple[Any, dict[str, Any]]]:
    """What the other areas show of this customer, by the sockets of the customer page."""
    wanted = [
        each
        for each in customer_panels
        if each.key not in HIDDEN_PANELS and each.place in PANEL_PLACES and access.has_permission(user, each.permission)
    ]
    shown = [(each, each.load(customer, user)) for each in sorted(wanted, key=lambda each: each.order)]
    return [(each, context) for each, context in shown if context is not None]
