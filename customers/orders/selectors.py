"""Reads of the order list, the order page and the products."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.core.cache import cache
from django.db import connection
from django.db.models import Count, F, Q, QuerySet, Sum

from customers.orders.choices import OrderStatus
from customers.orders.models import Order, OrderLine, Product, Refund
from customers.profiles.models import Customer

CACHE_SECONDS, NEWEST_COUNT = 300, 7
ORDER_SORTS = {"placed": ("placed_at", "id")}
# From one value to the next by the index: as many steps as there are values, however many orders.
DISTINCT_VALUES = """
WITH RECURSIVE found AS (
  SELECT min({column}) AS value FROM customers_order WHERE {column} <> ''
  UNION ALL
  SELECT (SELECT min({column}) FROM customers_order WHERE {column} > found.value AND {column} <> '')
  FROM found WHERE value IS NOT NULL)
SELECT value FROM found WHERE value IS NOT NULL LIMIT 300
"""
PRODUCT_SORTS = {"name": ("name", "id"), "sku": ("sku", "id"), "category": ("category", "name", "id")}


@dataclass(frozen=True)
class ProductFigures:
    """How a product sold: orders that stand, pieces, revenue in the base currency, and what came back."""

    orders: int
    buyers: int
    pieces: Decimal
    revenue: Decimal
    returned: int
    refunded: Decimal

    @property
    def return_rate(self) -> Decimal | None:
        """Orders with money given back for this product, of all its orders; None without orders."""
        return Decimal(self.returned) / self.orders if self.orders else None


def visible_orders(*, chosen: dict[str, Any], user: Any) -> QuerySet[Order]:
    """Orders of the customers in the person's scope that the filters let through."""
    found = Order.objects.select_related("customer").defer("content_digest")
    if user.scope != "all":
        found = found.filter(customer__in=Customer.objects.visible_to(user))
    if q := chosen.get("q"):
        found = found.filter(Q(number__startswith=q) | Q(number__startswith=q.upper()))
    for name in ("channel", "store", "status"):
        if chosen.get(name):
            found = found.filter(**{name: chosen[name]})
    if chosen.get("customer"):
        found = found.filter(customer__public_id=chosen["customer"])
    if chosen.get("product"):
        found = found.filter(pk__in=OrderLine.objects.filter(product__public_id=chosen["product"]).values("order"))
    if chosen.get("placed_from"):
        found = found.filter(placed_at__gte=_start_of_day(chosen["placed_from"], user))
    if chosen.get("placed_to"):
        found = found.filter(placed_at__lt=_start_of_day(chosen["placed_to"] + timedelta(days=1), user))
    return found


def get_visible_order(user: Any, public_id: str) -> Order | None:
    """One order of a customer in the person's scope, with what its page shows of it."""
    seen = Order.objects.filter(public_id=public_id, customer__in=Customer.objects.visible_to(user))
    return seen.select_related("customer").first()


def order_lines(order: Order) -> list[OrderLine]:
    """The order's lines with their products."""
    return list(order.lines.select_related("product").order_by("position"))


def order_refunds(order: Order) -> list[Refund]:
    """What was given back, oldest first."""
    return list(order.refunds.select_related("line__product").order_by("refunded_at", "pk"))


def matching_products(q: str, category: str) -> QuerySet[Product]:
    """Products by part of name or by sku, of one category."""
    found = Product.objects.all()
    if q:
        found = found.filter(Q(name__icontains=q) | Q(sku__istartswith=q))
    return found.filter(category=category) if category else found


def product_figures(product: Product) -> ProductFigures:
    """How the product sold, in two queries."""
    standing = OrderLine.objects.filter(product=product).exclude(order__status=OrderStatus.CANCELLED)
    sold = standing.aggregate(
        orders=Count("order", distinct=True),
        buyers=Count("order__customer", distinct=True),
        pieces=Sum("quantity"),
        revenue=Sum(F("total") * F("order__base_rate")),
    )
    back = Refund.objects.filter(line__product=product).exclude(order__status=OrderStatus.CANCELLED)
    returned = back.aggregate(orders=Count("order", distinct=True), refunded=Sum(F("amount") * F("order__base_rate")))
    zero = Decimal(0)
    return ProductFigures(
        sold["orders"], sold["buyers"], sold["pieces"] or zero, sold["revenue"] or zero, returned["orders"],
        returned["refunded"] or zero,
    )  # fmt: skip


def newest_orders_with_product(product: Product, user: Any) -> list[Order]:
    """The newest orders with a product, of the customers in the person's scope. One query."""
    return list(
        visible_orders(chosen={"product": product.public_id}, user=user).order_by("-placed_at", "-pk")[:NEWEST_COUNT]
    )


def buyer_ids_of_product(product_id: str, returned: bool = False) -> QuerySet[Any]:
    """Ids of the customers who bought a product, or who got money back for it."""
    kept = ~Q(order__status=OrderStatus.CANCELLED)
    if returned:
        return Refund.objects.filter(kept, line__product__public_id=product_id).values("order__customer")
    return OrderLine.objects.filter(kept, product__public_id=product_id).values("order__customer")


def order_stores() -> list[str]:
    """The stores of orders by name; remembered for five minutes."""
    return _distinct_values("store")


def order_channels() -> list[str]:
    """The channels of orders by name; remembered for five minutes."""
    return _distinct_values("channel")


def product_categories() -> list[str]:
    """The categories of products by name."""
    named = Product.objects.exclude(category="").values_list("category", flat=True)
    return list(named.distinct().order_by("category"))


def _distinct_values(column: str) -> list[str]:
    found: list[str] | None = cache.get(f"orders:{column}")
    if found is None:
        with connection.cursor() as cursor:
            cursor.execute(DISTINCT_VALUES.format(column=column))
            found = [value for (value,) in cursor.fetchall()]
        cache.set(f"orders:{column}", found, CACHE_SECONDS)
    return found


def _start_of_day(day: Any, user: Any) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(user.time_zone)).astimezone(UTC)
