"""What stands on the customer page: his figures, what he usually buys, and what upper apps offer."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, F, OuterRef, QuerySet
from django.utils.translation import gettext as _

from crm.kernel import access
from crm.kernel.templatetags import crm as written
from customers.desk import columns, sockets
from customers.orders.choices import OrderStatus
from customers.orders.models import CustomerSummary, OrderLine
from customers.profiles import facts
from customers.profiles.models import Customer

HABITS = 4
AT_A_GLANCE = ("tier", "risk", "open_tickets", "nps")
# A bare number says nothing: its name goes before it.
NAMED = ("risk", "nps")


@dataclass(frozen=True)
class Shown:
    """A panel with what its template needs."""

    panel: sockets.Panel
    context: dict[str, Any]


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
    drawn = [(kind, columns.drawn(facts.show(kind, *fact))) for kind, fact in known.items() if fact]
    return [(str(facts.kinds[kind]) if kind in NAMED else "", html) for kind, html in drawn if html != columns.NOTHING]


def customers() -> QuerySet[Customer]:
    """Customers with what the page needs of their rows: owner, team, summary, facts, and who was merged into them."""
    merged = Customer.objects.filter(merged_into=OuterRef("pk")).values("pk")
    return Customer.objects.select_related("owner", "team", "summary").annotate(
        merged_ids=ArraySubquery(merged), fact_list=facts.beside()
    )


def summary(customer: Customer) -> CustomerSummary | None:
    """Orders, spend, first, last and usual gap, with the time of computation."""
    return getattr(customer, "summary", None)


def habits(customer: Customer) -> list[dict[str, Any]]:
    """The categories that the customer buys most often, with the number of orders."""
    lines = OrderLine.objects.filter(order__customer=customer).exclude(order__status=OrderStatus.CANCELLED)
    named: Any = lines.exclude(product__category="").values(category=F("product__category"))
    return list(named.annotate(orders=Count("order", distinct=True)).order_by("-orders", "category")[:HABITS])


def usual(customer: Customer) -> dict[str, str]:
    """The channel and the store of most orders."""
    orders = customer.orders.exclude(status=OrderStatus.CANCELLED)
    channels: dict[str, int] = defaultdict(int)
    stores: dict[str, int] = defaultdict(int)
    for channel, store, n in orders.values_list("channel", "store").annotate(n=Count("pk")):
        channels[channel] += n
        stores[store] += n
    return {"channel": _most(channels), "store": _most(stores)}


def _most(counts: dict[str, int]) -> str:
    named = {name: n for name, n in counts.items() if name}
    return max(named, key=lambda name: (named[name], name)) if named else ""


def meta(customer: Customer) -> str:
    """The line under the name: since when, where, owner."""
    since = _("Customer since %(day)s") % {"day": written.day(customer.created_at)}
    owner = _("Owner %(name)s") % {"name": customer.owner.name} if customer.owner else ""
    place = " ".join(part for part in (customer.city, customer.home_store) if part)
    return " · ".join(part for part in (since, place, owner) if part)
