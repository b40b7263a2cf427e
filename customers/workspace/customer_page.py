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

CATEGORIES = 4
OF_ORDERS = """
WITH own AS (SELECT id, channel, store FROM customers_order WHERE customer_id = %(customer)s AND status <> 'cancelled')
SELECT * FROM (
  SELECT 'category' AS what, p.category AS name, count(DISTINCT own.id) AS orders
  FROM own JOIN customers_orderline l ON l.order_id = own.id JOIN customers_product p ON p.id = l.product_id GROUP BY p.category
  UNION ALL SELECT 'channel', channel, count(*) FROM own GROUP BY channel
  UNION ALL SELECT 'store', store, count(*) FROM own GROUP BY store
) said WHERE name <> '' ORDER BY what, orders DESC, name
"""
AT_A_GLANCE = ("tier", "risk", "open_tickets", "nps")
# A bare number says nothing: its name goes before it.
NAMED = ("risk", "nps")


@dataclass(frozen=True)
class Shown:
    """A panel with what its template needs."""

    panel: sockets.Panel
    context: dict[str, Any]


@dataclass(frozen=True)
class Habits:
    """The categories bought most often, with the number of orders, and the channel and the store of most orders."""

    categories: list[tuple[str, int]]
    channel: str
    store: str


def panels(customer: Customer, user: Any) -> dict[str, list[Shown]]:
    """The panels that this person may see and that have something to say, by place and in order."""
    found: dict[str, list[Shown]] = defaultdict(list)
    for panel in sorted(sockets.panels, key=lambda each: (each.order, each.key)):
        if access.may(user, panel.permission) and (context := panel.load(customer, user)) is not None:
            found[panel.place].append(Shown(panel, context))
    return found


def badges(customer: Customer) -> list[tuple[str, Any]]:
    """What upper apps know of the customer at a glance: tier, risk, open tickets, last NPS."""
    known = {kind: facts.known(customer, kind) for kind in AT_A_GLANCE}
    drawn = [(kind, list_columns.drawn(facts.show(kind, *fact))) for kind, fact in known.items() if fact]
    return [
        (str(facts.kinds[kind]) if kind in NAMED else "", html) for kind, html in drawn if html != list_columns.NOTHING
    ]


def customers() -> QuerySet[Customer]:
    """Customers with what the page needs of their rows: owner, team, summary, facts, belongings, and who was merged into them."""
    merged = Customer.objects.filter(merged_into=OuterRef("pk")).values("pk")
    return Customer.objects.select_related("owner", "team", "summary").annotate(
        merged_ids=ArraySubquery(merged),
        fact_list=facts.beside(),
        contact_list=_beside(ContactPoint, "kind", "id"),
        date_list=_beside(ImportantDate, "month", "day"),
        id_list=_beside(ExternalId, "source", "value"),
    )


def _beside(model: type[Model], *order: str) -> ArraySubquery:
    """The rows of a customer's small table, whole, so that they need no query of their own."""
    own = model._default_manager.filter(customer=OuterRef("pk")).order_by(*order)
    return ArraySubquery(
        own.values(json=JSONObject(**{field.attname: field.attname for field in model._meta.concrete_fields}))
    )


def belongings(customer: Any) -> dict[str, list[Any]]:
    """Further contacts, yearly dates and ids of other systems, of a customer out of `customers()`."""
    return {
        "contacts": [ContactPoint(**row) for row in customer.contact_list],
        "dates": [ImportantDate(**row) for row in customer.date_list],
        "ids": [ExternalId(**row) for row in customer.id_list],
    }


def summary(customer: Customer) -> CustomerSummary | None:
    """Orders, spend, first, last and usual gap, with the time of computation."""
    return getattr(customer, "summary", None)


def habits(customer: Customer) -> Habits:
    """What the customer's orders have in common. One query."""
    found: dict[str, list[tuple[str, int]]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(OF_ORDERS, {"customer": customer.pk})
        for what, name, orders in cursor.fetchall():
            found[what].append((name, orders))
    channels, stores = found["channel"], found["store"]
    return Habits(found["category"][:CATEGORIES], channels[0][0] if channels else "", stores[0][0] if stores else "")


def meta(customer: Customer) -> str:
    """The line under the name: since when, where, owner."""
    since = _("Customer since %(day)s") % {"day": written.day(customer.created_at)}
    owner = _("Owner %(name)s") % {"name": customer.owner.name} if customer.owner else ""
    place = " ".join(part for part in (customer.city, customer.home_store) if part)
    return " · ".join(part for part in (since, place, owner) if part)
