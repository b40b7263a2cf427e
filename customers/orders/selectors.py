"""Reads of the order list, the order page and the products."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.core.cache import cache
from django.db.models import Case, Count, F, Q, QuerySet, Sum, When
from django.db.models.expressions import Combinable
from django.db.models.functions import NullIf

from crm.kernel.auth.models import User
from customers.orders import queries
from customers.orders.choices import OrderStatus
from customers.orders.models import Order, OrderLine, Product, Refund, RefundLine, counting_orders
from customers.profiles.models import Customer

CACHE_SECONDS, NEWEST_COUNT = 300, 7
ORDER_SORTS = {"placed": ("placed_at", "id")}
PRODUCT_SORTS = {"name": ("name", "id"), "sku": ("sku", "id"), "category": ("category", "name", "id")}


@dataclass(frozen=True)
class ProductFigures:
    """How a product sold: orders that count, their buyers, pieces, what was paid for them in the base currency, and what was
    returned."""

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


def visible_orders(*, chosen: dict[str, Any], user: User) -> QuerySet[Order]:
    """Orders with their customers, of the customers in the user's scope, that the filters let through."""
    orders = Order.objects.select_related("customer").defer("content_digest")
    if user.scope != "all":
        orders = orders.filter(customer__in=Customer.objects.visible_to(user))
    if q := chosen.get("q"):
        orders = orders.filter(Q(number__startswith=q) | Q(number__startswith=q.upper()))
    for name in ("channel", "store", "status"):
        if chosen.get(name):
            orders = orders.filter(**{name: chosen[name]})
    if chosen.get("customer"):
        orders = orders.filter(customer__public_id=chosen["customer"])
    if chosen.get("product"):
        orders = orders.filter(pk__in=OrderLine.objects.filter(product__public_id=chosen["product"]).values("order"))
    if chosen.get("placed_from"):
        orders = orders.filter(placed_at__gte=_start_of_day(chosen["placed_from"], user))
    if chosen.get("placed_to"):
        orders = orders.filter(placed_at__lt=_start_of_day(chosen["placed_to"] + timedelta(days=1), user))
    return orders


def orders_that_wait(orders: QuerySet[Order]) -> QuerySet[Order]:
    """Those of the orders that do not count yet but may: unpaid ones, and those without a rate."""
    return orders.filter(~counting_orders()).exclude(status=OrderStatus.CANCELLED)


def orders_for_api(**filters: Any) -> QuerySet[Order]:
    """Orders with customer, lines, products and refunds with their lines: a fixed number of queries."""
    return (
        Order.objects.filter(**filters)
        .select_related("customer")
        .prefetch_related("lines__product", "refunds__lines__line__product")
    )


def orders_by_number(source: str, numbers: Collection[str]) -> dict[str, Order]:
    """Those of the orders of a source that are stored, by number. One query."""
    found = queries.orders_by_key((source, number) for number in numbers)
    return {number: order for (_source, number), order in found.items()}


def get_visible_order(user: User, public_id: str) -> Order | None:
    """One order with its customer, where the customer is in the user's scope; else None. One query."""
    visible = Order.objects.filter(public_id=public_id, customer__in=Customer.objects.visible_to(user))
    return visible.select_related("customer").first()


def order_lines(order: Order) -> list[OrderLine]:
    """The order's lines with their products, by position. One query."""
    return list(order.lines.select_related("product").order_by("position"))


def order_refunds(order: Order) -> list[Refund]:
    """What was given back, oldest first, with the lines and products named. Two queries."""
    return list(order.refunds.prefetch_related("lines__product").order_by("refunded_at", "pk"))


def matching_products(q: str, category: str) -> QuerySet[Product]:
    """Products by part of their name or the beginning of their SKU, of one category where one is named."""
    products = Product.objects.all()
    if q:
        products = products.filter(Q(name__icontains=q) | Q(sku__istartswith=q))
    return products.filter(category=category) if category else products


def product_figures(product: Product) -> ProductFigures:
    """How the product sold, in two queries."""
    counting = counting_orders("order__")
    sold = OrderLine.objects.filter(counting, product=product).aggregate(
        orders=Count("order", distinct=True),
        buyers=Count("order__customer", distinct=True),
        pieces=Sum("quantity"),
        revenue=Sum(_paid_for_line() * F("order__base_rate")),
    )
    returned = RefundLine.objects.filter(counting_orders("refund__order__"), product=product).aggregate(
        orders=Count("refund__order", distinct=True), refunded=Sum(F("amount") * F("refund__order__base_rate"))
    )
    zero = Decimal(0)
    return ProductFigures(
        sold["orders"], sold["buyers"], sold["pieces"] or zero, sold["revenue"] or zero, returned["orders"],
        returned["refunded"] or zero,
    )  # fmt: skip


def newest_orders_with_product(product: Product, user: User) -> list[Order]:
    """The newest orders with a product, of the customers in the user's scope. One query."""
    return list(
        visible_orders(chosen={"product": product.public_id}, user=user).order_by("-placed_at", "-pk")[:NEWEST_COUNT]
    )


def buyer_ids_of_product(product_id: str, returned: bool = False) -> QuerySet[Any]:
    """Ids of the customers who bought a product, or who got money back for it."""
    if returned:
        refund_lines = RefundLine.objects.filter(counting_orders("refund__order__"), product__public_id=product_id)
        return refund_lines.values("refund__order__customer")
    lines = OrderLine.objects.filter(counting_orders("order__"), product__public_id=product_id)
    return lines.values("order__customer")


def order_stores() -> list[str]:
    """The stores of orders by name; cached for five minutes."""
    return _distinct_values("store")


def order_channels() -> list[str]:
    """The channels of orders by name; cached for five minutes."""
    return _distinct_values("channel")


def product_categories() -> list[str]:
    """The categories of products by name."""
    names = Product.objects.exclude(category="").values_list("category", flat=True)
    return list(names.distinct().order_by("category"))


def _paid_for_line() -> Combinable:
    """A line's share of what was paid: its net less its part of rewards and points; a sold gift card is owed, no revenue."""
    goods = NullIf(F("order__goods_total") - F("order__gift_card_total"), Decimal(0))
    share = F("total") * F("order__paid_goods") / goods
    return Case(When(product__is_gift_card=True, then=Decimal(0)), default=share)


def _distinct_values(column: str) -> list[str]:
    values: list[str] | None = cache.get(f"orders:{column}")
    if values is None:
        values = queries.distinct_order_values(column)
        cache.set(f"orders:{column}", values, CACHE_SECONDS)
    return values


def _start_of_day(day: date, user: User) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(user.time_zone)).astimezone(UTC)
