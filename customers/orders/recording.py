"""Recording orders, set-based: new ones are added, changed ones replaced, the same again changes nothing."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from crm.kernel import company, money
from crm.kernel.background import events
from crm.kernel.db import sql_rows as many
from crm.kernel.db.prepared_statements import cursor_for_keys
from customers.orders import exchange_rates, rules, summaries
from customers.orders.choices import OrderOutcome, OrderStatus
from customers.orders.events import OrderChanged, OrderRecorded
from customers.orders.models import Order, OrderLine, Product
from customers.orders.rules import IncomingOrder
from customers.profiles import timeline

INCOMING_COLUMNS = [
    "customer_id", "placed_at", "status", "channel", "store", "fulfilment", "currency", "goods_total", "shipping_total",
    "tax_total", "reward_discount", "points_discount", "total",
]  # fmt: skip
ORDER_COLUMNS = [*INCOMING_COLUMNS, "base_rate", "rate_is_known", "content_digest", "cancelled_at", "updated_at"]
OrderKey = tuple[str, str]  # source and number
RatesByInstant = dict[tuple[str, datetime], exchange_rates.OrderRate]  # by currency and instant
KNOWN_ORDERS_JOIN = "JOIN unnest(%s::text[], %s::text[]) AS asked(source, number) USING (source, number)"
LINE_COLUMNS = ["line_ref", "product_id", "quantity", "unit_price", "discount", "tax", "total"]
ORDER_ON_CONFLICT = (
    f"ON CONFLICT (source, number) DO UPDATE SET {many.excluded_assignments(ORDER_COLUMNS)} RETURNING id"
)
LINE_ON_CONFLICT = (
    f"ON CONFLICT (order_id, position) DO UPDATE SET {many.excluded_assignments(LINE_COLUMNS)} RETURNING id"
)
# Lines of orders that have fewer now.
SURPLUS_LINES = """
SELECT l.id FROM customers_orderline l JOIN unnest(%s::bigint[], %s::int[]) AS kept(order_id, lines) USING (order_id)
WHERE l.position > kept.lines
"""


@dataclass
class RecordingResult:
    """What became of a batch: orders by (source, number) with their outcome, and how many products were made."""

    orders: dict[OrderKey, Order] = field(default_factory=dict)
    outcomes: dict[OrderKey, OrderOutcome] = field(default_factory=dict)
    products_created: int = 0
    lines: dict[OrderOutcome, int] = field(default_factory=dict)

    def ids(self, outcome: OrderOutcome) -> list[int]:
        return sorted(self.orders[key].pk for key, what in self.outcomes.items() if what is outcome)


def record_orders(
    *, orders: Sequence[IncomingOrder], at: datetime, live: bool = True, earn: bool = False
) -> RecordingResult:
    """Add or update a batch of orders with lines and products; summaries, timeline and listeners follow in the same commit.

    Refuses a contradictory order, or one of more than a day ahead, with BadOrder before anything is written. About a
    dozen statements per batch.
    `earn` lets history earn points.
    """
    refused_from = rules.first_refused_instant(at, ZoneInfo(company.get_company().time_zone))
    for order in orders:
        rules.check_order(order)
        rules.check_placed_at(order.placed_at, refused_from)
    return _record_batch({(order.source, order.number): order for order in orders}, at, live, earn)


@transaction.atomic(savepoint=False)
def _record_batch(wanted: dict[OrderKey, IncomingOrder], at: datetime, live: bool, earn: bool) -> RecordingResult:
    touched = summaries.lock_customers({order.customer_id for order in wanted.values()}, wanted)
    known = _known_orders(wanted)
    recorded = RecordingResult()
    fresh = [order for key, order in wanted.items() if key not in known]
    changed = [
        order
        for key, order in wanted.items()
        if key in known and bytes(known[key].content_digest) != rules.order_digest(order)
    ]
    products, recorded.products_created = _ensure_products(
        [line for order in fresh + changed for line in order.lines], at
    )
    found = exchange_rates.rates_by_instant((order.currency, order.placed_at) for order in fresh + changed)
    before = [known[order.source, order.number].placed_at for order in changed]
    moved = min([*before, *(order.placed_at for order in changed)], default=at)
    _add_orders(recorded, fresh, products, found, at, live)
    _replace_orders(recorded, changed, known, products, found, at)
    for key in wanted.keys() - recorded.orders.keys():
        recorded.orders[key], recorded.outcomes[key] = known[key], OrderOutcome.UNCHANGED

    summaries.refresh_summaries(touched, at)
    earliest = min([order.placed_at for order in fresh], default=at)
    events.announce_event(
        OrderRecorded(ids=recorded.ids(OrderOutcome.CREATED), live=live, at=at, earliest=earliest, earn=earn)
    )
    events.announce_event(
        OrderChanged(ids=recorded.ids(OrderOutcome.UPDATED), live=live, at=at, earliest=moved, earn=earn)
    )
    return recorded


def _known_orders(wanted: Mapping[OrderKey, IncomingOrder]) -> dict[OrderKey, Order]:
    sources, numbers = zip(*wanted, strict=True) if wanted else ((), ())
    return {
        (row.source, row.number): row
        for row in many.load_instances(Order, KNOWN_ORDERS_JOIN, [list(sources), list(numbers)])
    }


def _ensure_products(lines: list[rules.IncomingOrderLine], at: datetime) -> tuple[dict[str, int], int]:
    """Sku → id of the products that the lines name, made where missing; an existing product keeps its name."""
    named = {line.sku: line for line in reversed(lines)}
    known = _product_ids(named)
    missing = [
        Product(sku=sku, name=line.name or sku, category=line.category, created_at=at)
        for sku, line in sorted(named.items())
        if sku not in known
    ]
    if missing:
        Product.objects.bulk_create(missing, ignore_conflicts=True)
        known = _product_ids(named)
    return known, len(missing)


def _product_ids(skus: Collection[str]) -> dict[str, int]:
    with cursor_for_keys(len(skus)) as cursor:
        cursor.execute("SELECT sku, id FROM customers_product WHERE sku = ANY(%s)", [list(skus)])
        return dict(cursor.fetchall())


def _order_values(order: IncomingOrder, valued: RatesByInstant, at: datetime) -> dict[str, Any]:
    rate = valued[order.currency, order.placed_at]
    return {
        **{name: getattr(order, name) for name in INCOMING_COLUMNS},
        "base_rate": rate.value,
        "rate_is_known": rate.is_known,
        "content_digest": rules.order_digest(order),
        "cancelled_at": at if order.status == OrderStatus.CANCELLED else None,
        "updated_at": at,
    }


def _line_values(row: Order, order: IncomingOrder, products: dict[str, int]) -> list[dict[str, Any]]:
    return [
        {
            "order_id": row.pk,
            "position": position,
            "line_ref": line.line_ref,
            "product_id": products[line.sku],
            "quantity": line.quantity,
            "unit_price": line.unit_price,
            "discount": line.discount,
            "tax": line.tax,
            "total": line.net,
        }
        for position, line in enumerate(order.lines, start=1)
    ]


def _add_orders(
    recorded: RecordingResult,
    orders: list[IncomingOrder],
    products: dict,
    valued: RatesByInstant,
    at: datetime,
    live: bool,
) -> None:
    rows = many.create_instances(
        Order(source=order.source, number=order.number, live=live, created_at=at, **_order_values(order, valued, at))
        for order in orders
    )
    pairs = list(zip(rows, orders, strict=True))
    lines = [line for row, order in pairs for line in _line_values(row, order, products)]
    recorded.lines[OrderOutcome.CREATED] = len(many.insert_rows(OrderLine, lines))
    for row in rows:
        recorded.orders[row.source, row.number], recorded.outcomes[row.source, row.number] = row, OrderOutcome.CREATED
    timeline.write_timeline(
        _timeline_entry("order_placed", row, row.placed_at, products=_first_product_names(order))
        for row, order in pairs
    )


def _replace_orders(
    recorded: RecordingResult,
    orders: list[IncomingOrder],
    known: dict,
    products: dict,
    valued: RatesByInstant,
    at: datetime,
) -> None:
    """Write the new content over the old; a line keeps its row, so refunds keep their line."""
    rows = [known[order.source, order.number] for order in orders]
    for row, order in zip(rows, orders, strict=True):
        for name, value in _order_values(order, valued, at).items():
            setattr(row, name, value)
        recorded.orders[row.source, row.number], recorded.outcomes[row.source, row.number] = row, OrderOutcome.UPDATED
    recorded.lines[OrderOutcome.UPDATED] = 0
    if not rows:
        return
    many.insert_rows_with_ending(Order, many.instances_as_rows(rows), ORDER_ON_CONFLICT)
    lines = [line for row, order in zip(rows, orders, strict=True) for line in _line_values(row, order, products)]
    recorded.lines[OrderOutcome.UPDATED] = len(many.insert_rows_with_ending(OrderLine, lines, LINE_ON_CONFLICT))
    left_over = OrderLine.objects.raw(SURPLUS_LINES, [[row.pk for row in rows], [len(order.lines) for order in orders]])
    if gone := [line.pk for line in left_over]:
        OrderLine.objects.filter(pk__in=gone).delete()
    timeline.write_timeline(_timeline_entry("order_changed", row, at) for row in rows)


def _first_product_names(order: IncomingOrder) -> list[str]:
    return [line.name or line.sku for line in order.lines[:3]]


def _timeline_entry(kind: str, row: Order, at: datetime, **data: object) -> timeline.NewTimelineEntry:
    shown = {
        "number": row.number,
        "total": str(money.round_amount(row.goods_total, row.currency)),
        "currency": row.currency,
        **data,
    }
    return timeline.NewTimelineEntry(row.customer_id, kind, at, shown, "order", row.public_id)
