"""What the workspace shows: the list of a view, and one ticket with everything around it."""

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from django.urls import reverse

from crm.kernel.auth import access
from crm.kernel.auth.models import User
from crm.kernel.ui.listing import Listing
from customers.orders.models import Order
from customers.profiles import facts
from customers.profiles.models import Customer
from customers.workspace.sockets import panels
from feedback.tickets import emails, history_text, selectors
from feedback.tickets.choices import Priority, State
from feedback.tickets.models import Ticket
from feedback.tickets.rules import MOVES

SIZE, NEWEST_ORDERS = 40, 3
SORTS = {
    "waiting": ("waiting_since?", "id"),
    "newest": ("-last_message_at", "-id"),
    "urgent": ("-priority", "-last_message_at", "-id"),
    "solved": ("-solved_at?", "-id"),
}
# Shown here in another way, or of no use while answering: what care sends, and why not, stands on the customer page.
OWN_PANELS = {"tickets", "consent", "care"}
PLACES = ("head", "left", "right")


def listing(params: Mapping[str, str], user: Any) -> dict[str, Any]:
    """The list of a view, its neighbours with their counts. Two queries."""
    chosen = selectors.view(params.get("view", "mine"))
    rows = Listing(selectors.of_view(chosen.key, user), SORTS, default=chosen.sort, size=SIZE)
    page = rows.page(params.get("sort"), params.get("cursor"))
    counts = selectors.counts(user)
    views = [(each, counts.get(each.key), each.key == chosen.key) for each in selectors.VIEWS]
    return {"view": chosen, "views": views, "page": page, "view_count": counts.get(chosen.key)}


def opened(ticket: Ticket, user: Any) -> dict[str, Any]:
    """One ticket: its conversation, what may be done with it, and its customer where the person may see him."""
    entries = selectors.conversation(ticket)
    told = [(entry, history_text.told(entry.event) if entry.event else "") for entry in entries]
    customer = _customer(ticket, user)
    names = dict(State.choices)
    return {
        "ticket": ticket,
        "entries": [(entry, text) for entry, text in told if entry.message or text],
        "seen": selectors.last_seen(entries),
        "states": [(state, names[state]) for state in (ticket.state, *MOVES[ticket.state])],
        "priorities": Priority.choices,
        "agents": selectors.agents() if access.may(user, "tickets.work") else [],
        "customer": customer,
        "mail_to": emails.address(ticket),
        "suspects": _suspects(ticket, user),
        "others": list(selectors.of_customer(ticket.customer_id, user, without=ticket)[:5])
        if ticket.customer_id
        else [],
        "orders": _orders(customer, user) if customer else [],
        "summary": getattr(customer, "summary", None),
        "panels": _panels(customer, user) if customer else [],
    }


def list_url() -> str:
    return reverse("feedback:ticket_list")


def undo_url(undo: tuple[str, str], ticket: Ticket) -> str:
    """The address that takes a change back."""
    name, query = undo
    return f"{reverse(name, args=[ticket.public_id])}?{QueryDict(query).urlencode()}"


def _customer(ticket: Ticket, user: Any) -> Customer | None:
    if ticket.customer_id is None or not access.may(user, "customers.view"):
        return None
    seen = Customer.objects.visible_to(user).select_related("summary").annotate(fact_list=facts.beside())
    return seen.filter(pk=ticket.customer_id).first()


def _orders(customer: Customer, user: Any) -> list[Order]:
    """The customer's newest orders, for who may see them: most requests are about one of them."""
    if not access.may(user, "orders.view"):
        return []
    return list(Order.objects.filter(customer=customer).order_by("-placed_at", "-pk")[:NEWEST_ORDERS])


def _suspects(ticket: Ticket, user: User) -> list[Customer]:
    """Customers who use the address of a stranger; only staff see them, and only they decide."""
    if ticket.customer_id or not ticket.contact_email or not access.may(user, "customers.view"):
        return []
    people = Customer.objects.current().visible_to(user)
    return list(people.filter(email__lower=ticket.contact_email.lower())[:3])


def _panels(customer: Customer, user: Any) -> list[tuple[Any, dict[str, Any]]]:
    """What the other areas show of this customer, by the sockets of the customer page."""
    wanted = [
        each
        for each in panels
        if each.key not in OWN_PANELS and each.place in PLACES and access.may(user, each.permission)
    ]
    shown = [(each, each.load(customer, user)) for each in sorted(wanted, key=lambda each: each.order)]
    return [(each, context) for each, context in shown if context is not None]
