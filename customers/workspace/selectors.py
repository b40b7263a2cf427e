"""What the customer list shows: one query of rows, one of their count."""

from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import F, FilteredRelation, OuterRef, Q, QuerySet, Subquery
from django.db.models.fields.json import JSONField
from django.db.models.functions import JSONObject

from crm.kernel.http.request_memo import RequestMemo
from crm.kernel.ui.listing.keyset import Listing
from customers.messaging.choices import MessageTopic
from customers.messaging.models import Consent
from customers.orders.choices import OrderStatus
from customers.orders.models import Order
from customers.profiles.models import Customer, CustomerFact
from customers.workspace import filter_conditions
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
    *, chosen: dict[str, Any], behind: CustomerDrilldown | None, user: Any, now: datetime
) -> QuerySet[Customer]:
    """The customers inside the person's scope that the filters let through; behind a number archived ones count too."""
    seen = Customer.objects.visible_to(user)
    if behind:
        seen = seen.filter(pk__in=behind.ids)
    elif not chosen.get("archived"):
        seen = seen.filter(archived_at=None)
    else:
        seen = seen.exclude(archived_at=None)
    return filter_conditions.filter_customers(seen, chosen, user=user, now=now)


def customer_list_rows(found: QuerySet[Customer]) -> QuerySet[Customer]:
    """What a line of the list needs, in the one query that reads the page."""
    facts = CustomerFact.objects.filter(customer=OuterRef("pk"))
    said = Consent.objects.filter(customer=OuterRef("pk"), topic=MessageTopic.CARE)
    last = Order.objects.filter(customer=OuterRef("pk")).exclude(status=OrderStatus.CANCELLED).order_by("-placed_at")
    return (
        found.select_related("owner")
        .only(*LIST_FIELDS, "owner_id")
        .annotate(
            summary_pk=F("summary__customer_id"),
            order_count=F("summary__orders"),
            net_spend=F("summary__net_spend"),
            last_order_at=F("summary__last_order_at"),
            fact_list=ArraySubquery(facts.values(json=JSONObject(kind="kind", value="value", number="number"))),
            said=ArraySubquery(said.values(json=JSONObject(channel="channel", state="state"))),
            last_order=Subquery(
                last.values(json=JSONObject(store="store", channel="channel"))[:1], output_field=JSONField()
            ),
        )
    )


def customer_listing(found: QuerySet[Customer], sort: str, size: int = 50) -> Listing:
    """The list, sortable by the columns of the customer and of his summary; by risk where that is asked for."""
    shown = customer_list_rows(found)
    if sort.lstrip("-") == "risk":
        risk = FilteredRelation("facts", condition=Q(facts__kind="risk"))
        shown = shown.annotate(risk=risk, risk_number=F("risk__number"), risk_pk=F("risk__customer_id"))
    return Listing(shown, CUSTOMER_SORTS, default=DEFAULT_SORT, size=size)


def _estimate_customer_count() -> int:
    """About how many customers there are, as PostgreSQL keeps it for planning; counting a million takes too long."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = 'customers_customer'::regclass")
        return int(cursor.fetchone()[0])


estimated_customer_count = RequestMemo(_estimate_customer_count, seconds=60)


def palette_customers(query: str, user: Any) -> list[Customer]:
    """Up to eight people: the best by name where something is typed, else the newest."""
    visible = Customer.objects.visible_to(user).filter(archived_at=None)
    order = ("sort_key", "id") if query else ("-created_at", "-id")
    seen = filter_conditions.search_customers(visible, query).order_by(*order)
    shown = CustomerFact.objects.filter(customer=OuterRef("pk"), kind="tier")
    tier = ArraySubquery(shown.values(json=JSONObject(kind="kind", value="value", number="number")))
    return list(seen.annotate(fact_list=tier).only("public_id", "display_name", "language", "home_store")[:8])


def palette_orders(query: str, user: Any) -> list[Order]:
    """Up to three orders whose number begins with what is typed."""
    if len(query) < filter_conditions.LONG_ORDER_NUMBER or not any(sign.isdigit() for sign in query):
        return []
    begins = Q(number__startswith=query) | Q(number__startswith=query.upper())
    visible = Order.objects.filter(begins, customer__in=Customer.objects.visible_to(user))
    return list(visible.select_related("customer").order_by("number")[:3])
