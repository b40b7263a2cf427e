"""What the customer page shows: figures, buying habits, and the panels that upper apps plug in."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Model, OuterRef, QuerySet
from django.db.models.functions import JSONObject
from django.utils.translation import gettext as _

from crm.kernel.auth import access
from crm.kernel.auth.models import User
from crm.kernel.templatetags import crm as formats
from customers.orders.models import CustomerSummary, Order
from customers.orders.selectors import orders_that_wait
from customers.profiles import facts
from customers.profiles.models import ContactPoint, Customer, ExternalId, ImportantDate
from customers.workspace import list_columns, queries, sockets

MAX_CATEGORIES = 4
MAX_WAITING = 5
BADGE_FACTS = ("tier", "risk", "open_tickets", "nps")
# A bare number says nothing: its name goes before it.
LABELED_FACTS = ("risk", "nps")


@dataclass(frozen=True)
class PanelContent:
    """A panel with what its template needs."""

    panel: sockets.CustomerPanel
    context: dict[str, Any]


@dataclass(frozen=True)
class BuyingHabits:
    """The categories bought most often, with the number of orders, and the channel and the store of most orders."""

    categories: list[tuple[str, int]]
    channel: str
    store: str


def panels_by_place(customer: Customer, user: User) -> dict[str, list[PanelContent]]:
    """The panels that the user may see and that have something to show, by place and in order."""
    panels: dict[str, list[PanelContent]] = defaultdict(list)
    for panel in sorted(sockets.customer_panels, key=lambda panel: (panel.order, panel.key)):
        if access.has_permission(user, panel.permission) and (context := panel.load(customer, user)) is not None:
            panels[panel.place].append(PanelContent(panel, context))
    return panels


def fact_badges(customer: Customer) -> list[tuple[str, Any]]:
    """(label, markup) of what upper apps know of the customer: tier, risk, open tickets, last NPS. No query for customers
    out of `customers_for_page`."""
    known = {kind: facts.get_fact(customer, kind) for kind in BADGE_FACTS}
    badges = [(kind, list_columns.fact_markup(facts.format_fact(kind, *fact))) for kind, fact in known.items() if fact]
    return [
        (str(facts.fact_label(kind)) if kind in LABELED_FACTS else "", html)
        for kind, html in badges
        if html != list_columns.NOTHING
    ]


def customers_for_page() -> QuerySet[Customer]:
    """Customers with what the page needs: owner, team, summary, facts, profile details, and who was merged into them.

    All in one query.
    """
    merged = Customer.objects.filter(merged_into=OuterRef("pk")).values("pk")
    return Customer.objects.select_related("owner", "team", "summary").annotate(
        merged_ids=ArraySubquery(merged),
        fact_list=facts.facts_subquery(),
        contact_list=_related_rows(ContactPoint, "kind", "id"),
        date_list=_related_rows(ImportantDate, "month", "day"),
        id_list=_related_rows(ExternalId, "source", "value"),
        waiting_list=_waiting_orders(),
    )


def _waiting_orders() -> ArraySubquery:
    """The customer's newest orders that do not count yet."""
    waiting = orders_that_wait(Order.objects.filter(customer=OuterRef("pk"))).order_by("-placed_at", "-pk")
    columns = ("public_id", "number", "currency", "total", "status", "rate_is_known")
    return ArraySubquery(waiting.values(json=JSONObject(**{name: name for name in columns}))[:MAX_WAITING])


def _related_rows(model: type[Model], *order: str) -> ArraySubquery:
    """The customer's rows of a small table, with all their columns, so that they need no query of their own."""
    rows = model._default_manager.filter(customer=OuterRef("pk")).order_by(*order)
    return ArraySubquery(
        rows.values(json=JSONObject(**{field.attname: field.attname for field in model._meta.concrete_fields}))
    )


def profile_details(customer: Any) -> dict[str, list[Any]]:
    """Further contacts, yearly dates and ids of other systems, of a customer out of `customers_for_page`. No query."""
    return {
        "contacts": [ContactPoint(**row) for row in customer.contact_list],
        "dates": [ImportantDate(**row) for row in customer.date_list],
        "ids": [ExternalId(**row) for row in customer.id_list],
    }


def has_waiting_orders(customer: Any) -> bool:
    """False where `customers_for_page` found no order that waits; of any other customer nobody knows. No query."""
    return bool(getattr(customer, "waiting_list", True))


def waiting_orders(customer: Any) -> list[Order]:
    """The newest orders that wait to be paid or for a rate, of a customer out of `customers_for_page`. No query."""
    return [Order(**{**row, "total": Decimal(str(row["total"]))}) for row in customer.waiting_list]


def order_summary(customer: Customer) -> CustomerSummary | None:
    """Orders, spend, first, last and usual gap, with the time of computation."""
    return getattr(customer, "summary", None)


def buying_habits(customer: Customer) -> BuyingHabits:
    """What the customer usually buys, and where. One query."""
    counts: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for habit, name, orders in queries.count_habits(customer.pk):
        counts[habit].append((name, orders))
    channels, stores = counts["channel"], counts["store"]
    return BuyingHabits(
        counts["category"][:MAX_CATEGORIES], channels[0][0] if channels else "", stores[0][0] if stores else ""
    )


def subtitle_text(customer: Customer) -> str:
    """The line under the customer's name: since when, where, owner."""
    since = _("Customer since %(day)s") % {"day": formats.day(customer.created_at)}
    owner = _("Owner %(name)s") % {"name": customer.owner.name} if customer.owner else ""
    place = " ".join(part for part in (customer.city, customer.home_store) if part)
    return " · ".join(part for part in (since, place, owner) if part)
