"""What the customer list and the palette show."""

from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, FilteredRelation, OuterRef, Q, QuerySet, Subquery
from django.db.models.fields.json import JSONField
from django.db.models.functions import JSONObject

from crm.kernel.auth.models import User
from crm.kernel.http.request_memo import RequestMemo
from crm.kernel.ui.listing.keyset import Listing
from customers.messaging.choices import MessageTopic
from customers.messaging.models import Consent
from customers.orders.models import Order, counting_orders
from customers.profiles.models import Customer, CustomerFact
from customers.workspace import filter_conditions, queries
from customers.workspace.drilldown import CustomerDrilldown

CUSTOMER_SORTS = {
    "name": ("sort_key", "id"),
    "created": ("created_at", "id"),
    "spend": ("net_spend?", "summary_pk|id"),
    "orders": ("order_count?", "summary_pk|id"),
    "last": ("last_order_at?", "summary_pk|id"),
    "risk": ("risk_number?", "risk_pk|id"),
}
DEFAULT_SORT = "-last"
LIST_FIELDS = (
    "public_id", "display_name", "email", "phone", "language", "city", "home_store", "tags", "value_grade", "sort_key",
    "created_at", "archived_at", "owner__name",
)  # fmt: skip


def filtered_customers(
    *, chosen: dict[str, Any], drilldown: CustomerDrilldown | None, user: User, now: datetime
) -> QuerySet[Customer]:
    """The customers of the user's scope that match the filters; behind a number archived ones count too.

    A search queries its hits at once; otherwise no query.
    """
    customers = Customer.objects.visible_to(user)
    if drilldown:
        customers = customers.filter(pk__in=drilldown.ids)
    elif not chosen.get("archived"):
        customers = customers.filter(archived_at=None)
    else:
        customers = customers.exclude(archived_at=None)
    return filter_conditions.filter_customers(customers, chosen, user=user, now=now)


def customer_list_rows(customers: QuerySet[Customer]) -> QuerySet[Customer]:
    """Customers with what a row of the list shows, all in the one query that reads the page."""
    facts = CustomerFact.objects.filter(customer=OuterRef("pk"))
    consents = Consent.objects.filter(customer=OuterRef("pk"), topic=MessageTopic.CARE)
    last = Order.objects.filter(counting_orders(), customer=OuterRef("pk")).order_by("-placed_at")
    return (
        customers.select_related("owner")
        .only(*LIST_FIELDS, "owner_id")
        .annotate(
            summary_pk=F("summary__customer_id"),
            order_count=F("summary__orders"),
            net_spend=F("summary__net_spend"),
            last_order_at=F("summary__last_order_at"),
            usual_gap=F("summary__gap_days"),
            fact_list=ArraySubquery(facts.values(json=JSONObject(kind="kind", value="value", number="number"))),
            care_consents=ArraySubquery(consents.values(json=JSONObject(channel="channel", state="state"))),
            last_order=Subquery(
                last.values(json=JSONObject(store="store", channel="channel"))[:1], output_field=JSONField()
            ),
        )
    )


def customer_listing(customers: QuerySet[Customer], sort: str, size: int = 50) -> Listing:
    """The list, sortable by columns of the customer and of their summary; by risk where that sort is asked for."""
    rows = customer_list_rows(customers)
    if sort.lstrip("-") == "risk":
        risk = FilteredRelation("facts", condition=Q(facts__kind="risk"))
        rows = rows.annotate(risk=risk, risk_number=F("risk__number"), risk_pk=F("risk__customer_id"))
    return Listing(rows, CUSTOMER_SORTS, default=DEFAULT_SORT, size=size)


estimated_customer_count = RequestMemo(queries.estimate_customer_count, seconds=60)


def palette_customers(query: str, user: User) -> list[Customer]:
    """Up to eight customers of the user's scope: those that match by name, or the newest where nothing is typed.

    Two queries, or one where nothing is typed.
    """
    visible = Customer.objects.visible_to(user).filter(archived_at=None)
    order = ("sort_key", "id") if query else ("-created_at", "-id")
    customers = filter_conditions.search_customers(visible, query).order_by(*order)
    facts = CustomerFact.objects.filter(customer=OuterRef("pk"), kind="tier")
    tier = ArraySubquery(facts.values(json=JSONObject(kind="kind", value="value", number="number")))
    return list(customers.annotate(fact_list=tier).only("public_id", "display_name", "language", "home_store")[:8])


def palette_orders(query: str, user: User) -> list[Order]:
    """Up to three orders of the user's scope whose number begins with what is typed. One query at most."""
    if len(query) < filter_conditions.LONG_ORDER_NUMBER or not any(character.isdigit() for character in query):
        return []
    begins = Q(number__startswith=query) | Q(number__startswith=query.upper())
    visible = Order.objects.filter(begins, customer__in=Customer.objects.visible_to(user))
    return list(visible.select_related("customer").order_by("number")[:3])
