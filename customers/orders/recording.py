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
from crm.kernel.db.prepared_statements import by_keys
from customers.orders import exchange_rates, rules, summaries
from customers.orders.choices import OrderStatus, Outcome
from customers.orders.events import ORDER_CHANGED, ORDER_RECORDED
from customers.orders.models import Order, OrderLine, Product
from customers.orders.rules import OrderData
from customers.profiles import timeline

GIVEN = [
    "customer_id", "placed_at", "status", "channel", "store", "fulfilment", "currency", "goods_total", "shipping_total",
    "tax_total", "reward_discount", "points_discount", "total",
]  # fmt: skip
CONTENT = [*GIVEN, "base_rate", "rate_is_known", "content_digest", "cancelled_at", "updated_at"]
Key = tuple[str, str]  # source and number
Rates = dict[tuple[str, datetime], exchange_rates.Rate]  # by currency and instant
KNOWN = "JOIN unnest(%s::text[], %s::text[]) AS asked(source, number) USING (source, number)"
LINE_CONTENT = ["line_ref", "product_id", "quantity", "unit_price", "discount", "tax", "total"]
OVER_THE_OLD = f"ON CONFLICT (source, number) DO UPDATE SET {many.taken_over(CONTENT)} RETURNING id"
LINE_OVER_THE_OLD = f"ON CONFLICT (order_id, position) DO UPDATE SET {many.taken_over(LINE_CONTENT)} RETURNING id"
# Lines of orders that have fewer now.
LEFT_OVER = """
SELECT l.id FROM customers_orderline l JOIN unnest(%s::bigint[], %s::int[]) AS kept(order_id, lines) USING (order_id)
WHERE l.position > kept.lines
"""


@dataclass
class Recorded:
    """What became of a batch: orders by (source, number) with their outcome, and how many products were made."""

    orders: dict[Key, Order] = field(default_factory=dict)
    outcomes: dict[Key, Outcome] = field(default_factory=dict)
    products_created: int = 0
    lines: dict[Outcome, int] = field(default_factory=dict)

    def ids(self, outcome: Outcome) -> list[int]:
        return sorted(self.orders[key].pk for key, what in self.outcomes.items() if what is outcome)


def record_orders(*, orders: Sequence[OrderData], at: datetime, live: bool = True, **data: object) -> Recorded:
    """Add or update a batch of orders with lines and products; summaries, timeline and listeners follow in the same commit.

    Refuses a contradictory order, or one of more than a day ahead, with BadOrder before anything is written. About a
    dozen statements per batch.
    `data` goes to the listeners (`earn=True` lets history earn points).
    """
    refused_from = rules.first_refused(at, ZoneInfo(company.get().time_zone))
    for order in orders:
        rules.check(order)
        rules.check_placed(order.placed_at, refused_from)
    return _record({(order.source, order.number): order for order in orders}, at, live, data)


@transaction.atomic(savepoint=False)
def _record(wanted: dict[Key, OrderData], at: datetime, live: bool, data: dict[str, Any]) -> Recorded:
    touched = summaries.lock_customers({order.customer_id for order in wanted.values()}, wanted)
    known = _known(wanted)
    recorded = Recorded()
    fresh = [order for key, order in wanted.items() if key not in known]
    changed = [
        order
        for key, order in wanted.items()
        if key in known and bytes(known[key].content_digest) != rules.digest(order)
    ]
    products, recorded.products_created = _products([line for order in fresh + changed for line in order.lines], at)
    found = exchange_rates.of_day((order.currency, order.placed_at) for order in fresh + changed)
    before = [known[order.source, order.number].placed_at for order in changed]
    moved = min([*before, *(order.placed_at for order in changed)], default=at).isoformat()
    _add(recorded, fresh, products, found, at, live)
    _replace(recorded, changed, known, products, found, at)
    for key in wanted.keys() - recorded.orders.keys():
        recorded.orders[key], recorded.outcomes[key] = known[key], Outcome.UNCHANGED

    summaries.refresh(touched, at)
    earliest = min([order.placed_at for order in fresh], default=at).isoformat()
    events.announce(ORDER_RECORDED, recorded.ids(Outcome.CREATED), live=live, at=at, earliest=earliest, **data)
    events.announce(ORDER_CHANGED, recorded.ids(Outcome.UPDATED), live=live, at=at, earliest=moved, **data)
    return recorded


def _known(wanted: Mapping[Key, OrderData]) -> dict[Key, Order]:
    sources, numbers = zip(*wanted, strict=True) if wanted else ((), ())
    return {(row.source, row.number): row for row in many.load(Order, KNOWN, [list(sources), list(numbers)])}


def _products(lines: list[rules.LineData], at: datetime) -> tuple[dict[str, int], int]:
    """Sku → id of the products that the lines name, made where missing; an existing product keeps its name."""
    named = {line.sku: line for line in reversed(lines)}
    known = _ids_of(named)
    missing = [
        Product(sku=sku, name=line.name or sku, category=line.category, created_at=at)
        for sku, line in sorted(named.items())
        if sku not in known
    ]
    if missing:
        Product.objects.bulk_create(missing, ignore_conflicts=True)
        known = _ids_of(named)
    return known, len(missing)


def _ids_of(skus: Collection[str]) -> dict[str, int]:
    with by_keys(len(skus)) as cursor:
        cursor.execute("SELECT sku, id FROM customers_product WHERE sku = ANY(%s)", [list(skus)])
        return dict(cursor.fetchall())


def _content(order: OrderData, valued: Rates, at: datetime) -> dict[str, Any]:
    rate = valued[order.currency, order.placed_at]
    return {
        **{name: getattr(order, name) for name in GIVEN},
        "base_rate": rate.value,
        "rate_is_known": rate.is_known,
        "content_digest": rules.digest(order),
        "cancelled_at": at if order.status == OrderStatus.CANCELLED else None,
        "updated_at": at,
    }


def _lines(row: Order, order: OrderData, products: dict[str, int]) -> list[dict[str, Any]]:
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


def _add(recorded: Recorded, orders: list[OrderData], products: dict, valued: Rates, at: datetime, live: bool) -> None:
    rows = many.create(
        Order(source=order.source, number=order.number, live=live, created_at=at, **_content(order, valued, at))
        for order in orders
    )
    pairs = list(zip(rows, orders, strict=True))
    lines = [line for row, order in pairs for line in _lines(row, order, products)]
    recorded.lines[Outcome.CREATED] = len(many.insert(OrderLine, lines))
    for row in rows:
        recorded.orders[row.source, row.number], recorded.outcomes[row.source, row.number] = row, Outcome.CREATED
    timeline.write(_entry("order_placed", row, row.placed_at, products=_first_names(order)) for row, order in pairs)


def _replace(
    recorded: Recorded, orders: list[OrderData], known: dict, products: dict, valued: Rates, at: datetime
) -> None:
    """Write the new content over the old; a line keeps its row, so refunds keep their line."""
    rows = [known[order.source, order.number] for order in orders]
    for row, order in zip(rows, orders, strict=True):
        for name, value in _content(order, valued, at).items():
            setattr(row, name, value)
        recorded.orders[row.source, row.number], recorded.outcomes[row.source, row.number] = row, Outcome.UPDATED
    recorded.lines[Outcome.UPDATED] = 0
    if not rows:
        return
    many.write(Order, many.plain(rows), OVER_THE_OLD)
    lines = [line for row, order in zip(rows, orders, strict=True) for line in _lines(row, order, products)]
    recorded.lines[Outcome.UPDATED] = len(many.write(OrderLine, lines, LINE_OVER_THE_OLD))
    left_over = OrderLine.objects.raw(LEFT_OVER, [[row.pk for row in rows], [len(order.lines) for order in orders]])
    if gone := [line.pk for line in left_over]:
        OrderLine.objects.filter(pk__in=gone).delete()
    timeline.write(_entry("order_changed", row, at) for row in rows)


def _first_names(order: OrderData) -> list[str]:
    return [line.name or line.sku for line in order.lines[:3]]


def _entry(kind: str, row: Order, at: datetime, **data: object) -> timeline.Line:
    shown = {
        "number": row.number,
        "total": str(money.rounded(row.goods_total, row.currency)),
        "currency": row.currency,
        **data,
    }
    return timeline.Line(row.customer_id, kind, at, shown, "order", row.public_id)
