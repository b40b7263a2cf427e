"""What stands on the customer page: his figures, what he usually buys, and what upper apps offer."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import Model, OuterRef, QuerySet
from django.db.models.functions import JSONObject
from django.utils.translation import gettext as _

from crm.kernel.auth import access
from crm.kernel.templatetags import crm as written
from customers.orders.models import CustomerSummary
from customers.profiles import facts
from customers.profiles.models import ContactPoint, Customer, ExternalId, ImportantDate
from customers.workspace import list_columns, sockets

MAX_CATEGORIES = 4
COUNT_HABITS = """
WITH own AS (SELECT id, channel, store FROM customers_order WHERE customer_id = %(customer)s AND status <> 'cancelled')
SELECT * FROM (
  SELECT 'category' AS what, p.category AS name, count(DISTINCT own.id) AS orders
  FROM own JOIN customers_orderline l ON l.order_id = own.id JOIN customers_product p ON p.id = l.product_id GROUP BY p.category
  UNION ALL SELECT 'channel', channel, count(*) FROM own GROUP BY channel
  UNION ALL SELECT 'store', store, count(*) FROM own GROUP BY store
) said WHERE name <> '' ORDER BY what, orders DESC, name
"""
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


def panels_by_place(customer: Customer, user: Any) -> dict[str, list[PanelContent]]:
    """The panels that this person may see and that have something to say, by place and in order."""
    found: dict[str, list[PanelContent]] = defaultdict(list)
    for panel in sorted(sockets.customer_panels, key=lambda each: (each.order, each.key)):
        if access.has_permission(user, panel.permission) and (context := panel.load(customer, user)) is not None:
            found[panel.place].append(PanelContent(panel, context))
    return found


def fact_badges(customer: Customer) -> list[tuple[str, Any]]:
    """What upper apps know of the customer at a glance: tier, risk, open tickets, last NPS."""
    known = {kind: facts.get_fact(customer, kind) for kind in BADGE_FACTS}
    drawn = [(kind, list_columns.fact_markup(facts.format_fact(kind, *fact))) for kind, fact in known.items() if fact]
    return [
        (str(facts.fact_label(kind)) if kind in LABELED_FACTS else "", html)
        for kind, html in drawn
        if html != list_columns.NOTHING
    ]


def customers_for_page() -> QuerySet[Customer]:
    """Customers with what the page needs of their rows: owner, team, summary, facts, belongings, and who was merged into them."""
    merged = Customer.objects.filter(merged_into=OuterRef("pk")).values("pk")
    return Customer.objects.select_related("owner", "team", "summary").annotate(
        merged_ids=ArraySubquery(merged),
        fact_list=facts.facts_subquery(),
        contact_list=_related_rows(ContactPoint, "kind", "id"),
        date_list=_related_rows(ImportantDate, "month", "day"),
        id_list=_related_rows(ExternalId, "source", "value"),
    )


def _related_rows(model: type[Model], *order: str) -> ArraySubquery:
    """The rows of a customer's small table, whole, so that they need no query of their own."""
    own = model._default_manager.filter(customer=OuterRef("pk")).order_by(*order)
    return ArraySubquery(
        own.values(json=JSONObject(**{field.attname: field.attname for field in model._meta.concrete_fields}))
    )


def profile_details(customer: Any) -> dict[str, list[Any]]:
    """Further contacts, yearly dates and ids of other systems, of a customer out of `customers()`."""
    return {
        "contacts": [ContactPoint(**row) for row in customer.contact_list],
        "dates": [ImportantDate(**row) for row in customer.date_list],
        "ids": [ExternalId(**row) for row in customer.id_list],
    }


def order_summary(customer: Customer) -> CustomerSummary | None:
    """Orders, spend, first, last and usual gap, with the time of computation."""
    return getattr(customer, "summary", None)


def buying_habits(customer: Customer) -> BuyingHabits:
    """What the customer's orders have in common. One query."""
    found: dict[str, list[tuple[str, int]]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(COUNT_HABITS, {"customer": customer.pk})
        for what, name, orders in cursor.fetchall():
            found[what].append((name, orders))
    channels, stores = found["channel"], found["store"]
    return BuyingHabits(
        found["category"][:MAX_CATEGORIES], channels[0][0] if channels else "", stores[0][0] if stores else ""
    )


def subtitle_text(customer: Customer) -> str:
    """The line under the name: since when, where, owner."""
    since = _("Customer since %(day)s") % {"day": written.day(customer.created_at)}
    owner = _("Owner %(name)s") % {"name": customer.owner.name} if customer.owner else ""
    place = " ".join(part for part in (customer.city, customer.home_store) if part)
    return " · ".join(part for part in (since, place, owner) if part)
