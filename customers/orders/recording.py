"""Recording orders, set-based: new ones are added, changed ones replaced, an unchanged one costs no write."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from crm.kernel import company, money
from crm.kernel.background import events
from crm.kernel.db import sql_rows
from customers.orders import exchange_rates, queries, refund_history, refund_rules, rules, summaries
from customers.orders.choices import OrderOutcome, OrderStatus
from customers.orders.events import OrderChanged, OrderRecorded
from customers.orders.models import Order, OrderLine, Product
from customers.orders.queries import OrderKey, StoredProduct
from customers.orders.rules import IncomingOrder
from customers.profiles import timeline

INCOMING_COLUMNS = [
    "customer_id", "placed_at", "status", "channel", "store", "fulfilment", "currency", "goods_total", "shipping_total",
    "tax_total", "reward_discount", "points_discount", "total",
]  # fmt: skip
ORDER_COLUMNS = [
    *INCOMING_COLUMNS, "gift_card_total", "paid_goods", "refunded_goods", "refunds_left_out", "base_rate",
    "rate_is_known", "content_digest", "cancelled_at", "updated_at",
]  # fmt: skip
LINE_COLUMNS = ["line_ref", "product_id", "quantity", "unit_price", "discount", "tax", "total"]
ProductsBySku = dict[str, StoredProduct]
RatesByInstant = dict[tuple[str, datetime], exchange_rates.OrderRate]  # by currency and instant


@dataclass
class RecordingResult:
    """What became of a batch: orders by (source, number) with their outcome, and how many products were created."""

    orders: dict[OrderKey, Order] = field(default_factory=dict)
    outcomes: dict[OrderKey, OrderOutcome] = field(default_factory=dict)
    products_created: int = 0
    lines: dict[OrderOutcome, int] = field(default_factory=dict)

    def ids_with_outcome(self, outcome: OrderOutcome) -> list[int]:
        """Ids of the orders of this outcome, in rising order."""
        return sorted(self.orders[key].pk for key, current in self.outcomes.items() if current is outcome)

    def add_order(self, order: Order, outcome: OrderOutcome) -> None:
        """Note what became of an order."""
        key = (order.source, order.number)
        self.orders[key], self.outcomes[key] = order, outcome


def record_orders(
    *, orders: Sequence[IncomingOrder], at: datetime, live: bool = True, earn: bool = False
) -> RecordingResult:
    """Add or update a batch of orders with lines and products; summaries, timeline and listeners follow in the same commit.

    Refused whole before anything is written: BadOrder, for a contradictory order or one of more than a day ahead. About
    a dozen statements per batch.
    `earn` lets history earn points.
    """
    refused_from = rules.first_refused_instant(at, ZoneInfo(company.get_company().time_zone))
    for order in orders:
        rules.check_order(order)
        rules.check_placed_at(order.placed_at, refused_from)
    return _record_batch({(order.source, order.number): order for order in orders}, at, live, earn)


@transaction.atomic(savepoint=False)
def _record_batch(incoming: dict[OrderKey, IncomingOrder], at: datetime, live: bool, earn: bool) -> RecordingResult:
    customer_ids = summaries.lock_customers({order.customer_id for order in incoming.values()}, incoming)
    stored = queries.orders_by_key(incoming)
    result = RecordingResult()
    new = [order for key, order in incoming.items() if key not in stored]
    changed = [
        order
        for key, order in incoming.items()
        if key in stored and bytes(stored[key].content_digest) != rules.order_digest(order)
    ]
    products, result.products_created = _ensure_products([line for order in new + changed for line in order.lines], at)
    rates = exchange_rates.rates_by_instant((order.currency, order.placed_at) for order in new + changed)
    former = [stored[order.source, order.number].placed_at for order in changed]
    earliest_changed = min([*former, *(order.placed_at for order in changed)], default=at)
    _add_orders(result, new, products, rates, at=at, live=live)
    _replace_orders(result, changed, stored, products, rates, at=at)
    for key in incoming.keys() - result.orders.keys():
        result.add_order(stored[key], OrderOutcome.UNCHANGED)

    summaries.refresh_summaries(customer_ids, at)
    created_ids, updated_ids = map(result.ids_with_outcome, (OrderOutcome.CREATED, OrderOutcome.UPDATED))
    earliest_new = min([order.placed_at for order in new], default=at)
    events.announce_event(OrderRecorded(ids=created_ids, live=live, at=at, earliest=earliest_new, earn=earn))
    events.announce_event(OrderChanged(ids=updated_ids, live=live, at=at, earliest=earliest_changed, earn=earn))
    return result


def _ensure_products(lines: list[rules.IncomingOrderLine], at: datetime) -> tuple[ProductsBySku, int]:
    """The products that the lines name, created where missing; an existing product keeps its name."""
    by_sku = {line.sku: line for line in reversed(lines)}
    products = queries.products_by_sku(by_sku)
    missing = [
        Product(sku=sku, name=line.name or sku, category=line.category, created_at=at)
        for sku, line in sorted(by_sku.items())
        if sku not in products
    ]
    if missing:
        Product.objects.bulk_create(missing, ignore_conflicts=True)
        products = queries.products_by_sku(by_sku)
    return products, len(missing)


def _order_values(order: IncomingOrder, products: ProductsBySku, rates: RatesByInstant, at: datetime) -> dict[str, Any]:
    rate = rates[order.currency, order.placed_at]
    gift_cards = sum((line.net for line in order.lines if products[line.sku].is_gift_card), rules.ZERO)
    return {
        **{name: getattr(order, name) for name in INCOMING_COLUMNS},
        "gift_card_total": gift_cards,
        "paid_goods": rules.paid_goods(
            goods=order.goods_total,
            gift_cards=gift_cards,
            rewards=order.reward_discount,
            points=order.points_discount,
        ),
        "base_rate": rate.value,
        "rate_is_known": rate.is_known,
        "content_digest": rules.order_digest(order),
        "cancelled_at": (order.cancelled_at or at) if order.status == OrderStatus.CANCELLED else None,
        "updated_at": at,
    }


def _line_values(order: Order, incoming: IncomingOrder, products: ProductsBySku) -> list[dict[str, Any]]:
    return [
        {
            "order_id": order.pk,
            "position": position,
            "line_ref": line.line_ref,
            "product_id": products[line.sku].id,
            "quantity": line.quantity,
            "unit_price": line.unit_price,
            "discount": line.discount,
            "tax": line.tax,
            "total": line.net,
        }
        for position, line in enumerate(incoming.lines, start=1)
    ]


def _add_orders(
    result: RecordingResult,
    incoming: list[IncomingOrder],
    products: ProductsBySku,
    rates: RatesByInstant,
    *,
    at: datetime,
    live: bool,
) -> None:
    orders = sql_rows.create_instances(
        Order(
            source=order.source,
            number=order.number,
            live=live,
            created_at=at,
            **_order_values(order, products, rates, at),
        )
        for order in incoming
    )
    pairs = list(zip(orders, incoming, strict=True))
    lines = [line for order, source in pairs for line in _line_values(order, source, products)]
    result.lines[OrderOutcome.CREATED] = len(sql_rows.insert_rows(OrderLine, lines))
    for order in orders:
        result.add_order(order, OrderOutcome.CREATED)
    timeline.write_timeline(
        _timeline_entry("order_placed", order, order.placed_at, **_first_products(source, products))
        for order, source in pairs
    )


def _replace_orders(
    result: RecordingResult,
    incoming: list[IncomingOrder],
    stored: dict[OrderKey, Order],
    products: ProductsBySku,
    rates: RatesByInstant,
    *,
    at: datetime,
) -> None:
    """Write the new content over the old; refunds of what it leaves out count no more."""
    result.lines[OrderOutcome.UPDATED] = 0
    if not incoming:
        return
    pairs = [(stored[source.source, source.number], source) for source in incoming]
    for order, source in pairs:
        for name, value in _order_values(source, products, rates, at).items():
            setattr(order, name, value)
        result.add_order(order, OrderOutcome.UPDATED)
    refunded_orders = _settle_refunds(pairs, products)
    queries.replace_orders([order for order, _source in pairs], ORDER_COLUMNS)
    lines = [line for order, source in pairs for line in _line_values(order, source, products)]
    result.lines[OrderOutcome.UPDATED] = queries.replace_lines(lines, LINE_COLUMNS)
    if surplus := queries.surplus_line_ids({order.pk: len(source.lines) for order, source in pairs}):
        OrderLine.objects.filter(pk__in=surplus).delete()
    refund_history.store_refunds(refunded_orders)
    timeline.write_timeline(_timeline_entry("order_changed", order, at) for order, _source in pairs)


def _settle_refunds(
    pairs: list[tuple[Order, IncomingOrder]], products: ProductsBySku
) -> list[refund_history.RefundedOrder]:
    """Measure what was given back before against the new content. No query where nothing was."""
    contents = [
        (order, refund_history.get_order_content(order, _content_lines(source, products)))
        for order, source in pairs
        if order.refunded_total
    ]
    refunded_orders = list(refund_history.load_refunds(contents).values())
    for refunded in refunded_orders:
        refunded.settle()
    return refunded_orders


def _content_lines(order: IncomingOrder, products: ProductsBySku) -> list[refund_rules.ContentLine]:
    return [
        refund_rules.ContentLine(
            refund_rules.line_key(line.line_ref, line.sku), line.net, products[line.sku].is_gift_card
        )
        for line in order.lines
    ]


def _first_products(order: IncomingOrder, products: ProductsBySku) -> dict[str, list[Any]]:
    """Three products as the source names them, or as we do; and their names by language, where there are some."""
    first = order.lines[:3]
    named = {"products": [line.name or products[line.sku].name for line in first]}
    names = [products[line.sku].names for line in first]
    return {**named, "names": names} if any(names) else named


def _timeline_entry(kind: str, order: Order, at: datetime, **data: object) -> timeline.NewTimelineEntry:
    entry_data = {
        "number": order.number,
        "total": str(money.round_amount(order.goods_total, order.currency)),
        "currency": order.currency,
        **data,
    }
    return timeline.NewTimelineEntry(order.customer_id, kind, at, entry_data, "order", order.public_id)
