"""SQL of orders: recording and its summaries run with every sale, so each step is one statement for a whole batch."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection

from crm.kernel.db import sql_rows
from crm.kernel.db.prepared_statements import cursor_for_keys
from customers.orders import rules
from customers.orders.models import Order, OrderLine
from customers.orders.relations import COUNTS

OrderKey = tuple[str, str]  # source and number


class StoredProduct(NamedTuple):
    """What recording needs to know of a product."""

    id: int
    is_gift_card: bool
    name: str
    names: dict[str, str]  # by language


class OrderToRevalue(NamedTuple):
    """An order that does not have the rate of its day, and that rate."""

    id: int
    customer_id: int
    rate: Decimal
    placed_at: datetime
    live: bool


# Those who are touched by a batch, and those to whom its orders belong until now.
LOCK_CUSTOMERS = """
SELECT id FROM customers_customer
WHERE id = ANY(ARRAY(
  SELECT unnest(%(ids)s::bigint[])
  UNION SELECT o.customer_id FROM unnest(%(sources)s::text[], %(numbers)s::text[]) AS wanted(source, number)
        JOIN customers_order o USING (source, number)))
ORDER BY id FOR NO KEY UPDATE
"""
KNOWN_ORDERS_JOIN = "JOIN unnest(%s::text[], %s::text[]) AS wanted(source, number) USING (source, number)"
PRODUCTS_BY_SKU = "SELECT sku, id, is_gift_card, name, names::text FROM customers_product WHERE sku = ANY(%s)"
# Lines of orders that have fewer now.
SURPLUS_LINES = """
SELECT l.id FROM customers_orderline l JOIN unnest(%s::bigint[], %s::int[]) AS current(order_id, lines) USING (order_id)
WHERE l.position > current.lines
"""
PURCHASE_DAY = "(placed_at AT TIME ZONE %(zone)s)::date"
# Σ (paid goods − refunded ones) × the rate of the day, over orders that count. The rhythm is of local days, not of
# orders: two in an hour are one visit. The gap is the mean over the n − 1 gaps between n days, where they are enough.
SUMMARY_FIGURES = """
SELECT customer_id, count(*)::int AS orders,
       round(sum((paid_goods - refunded_goods) * base_rate), 4) AS net_spend,
       round(sum((paid_goods - refunded_goods) * base_rate) / count(*), 4) AS average_order,
       min(placed_at) AS first_order_at, max(placed_at) AS last_order_at,
       count(DISTINCT {day})::int AS purchase_days,
       CASE WHEN count(DISTINCT {day}) >= %(least_days)s
            THEN round((max({day}) - min({day}))::numeric / (count(DISTINCT {day}) - 1), 2) END AS gap_days
FROM customers_order WHERE {counts} {only} GROUP BY customer_id
"""
UPSERT_SUMMARIES = f"""
INSERT INTO customers_customersummary AS s
       (customer_id, orders, net_spend, average_order, first_order_at, last_order_at, purchase_days, gap_days, updated_at)
SELECT c.id, coalesce(f.orders, 0), coalesce(f.net_spend, 0), coalesce(f.average_order, 0),
       f.first_order_at, f.last_order_at, coalesce(f.purchase_days, 0), f.gap_days, %(at)s
FROM unnest(%(ids)s::bigint[]) AS c(id)
LEFT JOIN ({SUMMARY_FIGURES.format(counts=COUNTS, day=PURCHASE_DAY, only="AND customer_id = ANY(%(ids)s)")}) f
  ON f.customer_id = c.id
ORDER BY c.id
ON CONFLICT (customer_id) DO UPDATE
SET orders = excluded.orders, net_spend = excluded.net_spend, average_order = excluded.average_order,
    first_order_at = excluded.first_order_at, last_order_at = excluded.last_order_at,
    purchase_days = excluded.purchase_days, gap_days = excluded.gap_days, updated_at = excluded.updated_at
WHERE (s.orders, s.net_spend, s.average_order, s.first_order_at, s.last_order_at, s.purchase_days, s.gap_days)
      IS DISTINCT FROM
      (excluded.orders, excluded.net_spend, excluded.average_order, excluded.first_order_at, excluded.last_order_at,
       excluded.purchase_days, excluded.gap_days)
"""
WRONG_SUMMARIES = f"""
SELECT coalesce(s.customer_id, f.customer_id)
FROM customers_customersummary s
FULL JOIN ({SUMMARY_FIGURES.format(counts=COUNTS, day=PURCHASE_DAY, only="")}) f ON f.customer_id = s.customer_id
WHERE (coalesce(s.orders, 0), coalesce(s.net_spend, 0), coalesce(s.average_order, 0), s.first_order_at, s.last_order_at,
       coalesce(s.purchase_days, 0), s.gap_days)
      IS DISTINCT FROM
      (coalesce(f.orders, 0), coalesce(f.net_spend, 0), coalesce(f.average_order, 0), f.first_order_at, f.last_order_at,
       coalesce(f.purchase_days, 0), f.gap_days)
ORDER BY 1
"""
# Orders whose stored sums are not those of their lines and refunds.
WRONG_ORDERS = """
SELECT o.number FROM customers_order o
LEFT JOIN (SELECT l.order_id, sum(l.total) AS total FROM customers_orderline l
           JOIN customers_product p ON p.id = l.product_id AND p.is_gift_card GROUP BY l.order_id) gift_card
  ON gift_card.order_id = o.id
LEFT JOIN (SELECT order_id, sum(amount) AS total, sum(goods_amount - left_out_goods) AS goods
           FROM customers_refund GROUP BY order_id) refund
  ON refund.order_id = o.id
WHERE o.gift_card_total <> coalesce(gift_card.total, 0)
   OR o.paid_goods <> greatest(o.goods_total - o.gift_card_total - o.reward_discount - o.points_discount, 0)
   OR o.refunded_total <> coalesce(refund.total, 0)
   OR o.refunded_goods <> coalesce(refund.goods, 0)
ORDER BY o.id
"""
# Each order's newest rate by the index over (currency, day); a chunk goes on behind the last order of the one before.
ORDERS_TO_REVALUE = """
SELECT o.id, o.customer_id, r.rate, o.placed_at, o.live FROM customers_order o
CROSS JOIN LATERAL (SELECT rate FROM customers_exchangerate r
                    WHERE r.currency = o.currency AND r.day <= (o.placed_at AT TIME ZONE %(zone)s)::date
                    ORDER BY day DESC LIMIT 1) r
WHERE o.currency = %(currency)s AND o.id > %(after)s AND (o.base_rate <> r.rate OR NOT o.rate_is_known)
ORDER BY o.id LIMIT %(limit)s
"""
REVALUE_ORDERS = """
UPDATE customers_order o SET base_rate = t.rate, rate_is_known = true, updated_at = %(at)s
FROM unnest(%(ids)s::bigint[], %(rates)s::numeric[]) AS t(id, rate) WHERE o.id = t.id
"""
# From one value to the next by the index: as many steps as there are values, however many orders.
DISTINCT_VALUES = """
WITH RECURSIVE found AS (
  SELECT min({column}) AS value FROM customers_order WHERE {column} <> ''
  UNION ALL
  SELECT (SELECT min({column}) FROM customers_order WHERE {column} > found.value AND {column} <> '')
  FROM found WHERE value IS NOT NULL)
SELECT value FROM found WHERE value IS NOT NULL LIMIT 300
"""


def lock_customers(customer_ids: Collection[int], orders: Iterable[OrderKey]) -> list[int]:
    """Ids of these customers and of the orders' present ones, locked in the order of their ids."""
    sources, numbers = _columns_of_keys(orders)
    with cursor_for_keys(len(customer_ids)) as cursor:
        cursor.execute(LOCK_CUSTOMERS, {"ids": list(customer_ids), "sources": sources, "numbers": numbers})
        return [customer_id for (customer_id,) in cursor.fetchall()]


def orders_by_key(keys: Iterable[OrderKey]) -> dict[OrderKey, Order]:
    """Those of the orders that are stored, by source and number."""
    rows = sql_rows.load_instances(Order, KNOWN_ORDERS_JOIN, _columns_of_keys(keys))
    return {(order.source, order.number): order for order in rows}


def lock_order(order_id: int) -> Order:
    """The order, locked; half a millisecond sooner than by a query set, in a till's answer time."""
    (order,) = sql_rows.load_instances(Order, "WHERE id = %s FOR NO KEY UPDATE", [order_id])
    return order


def lock_orders(order_ids: Collection[int]) -> list[Order]:
    """The orders by id, locked in that order."""
    return sql_rows.load_instances(Order, "WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE", [list(order_ids)])


def products_by_sku(skus: Collection[str]) -> dict[str, StoredProduct]:
    """Those of the products that are stored, by SKU."""
    with cursor_for_keys(len(skus)) as cursor:
        cursor.execute(PRODUCTS_BY_SKU, [list(skus)])
        rows = cursor.fetchall()
    return {
        sku: StoredProduct(pk, is_gift_card, name, json.loads(names)) for sku, pk, is_gift_card, name, names in rows
    }


def replace_orders(orders: Sequence[Order], columns: Sequence[str]) -> None:
    """Write these columns of stored orders over what stands there."""
    ending = f"ON CONFLICT (source, number) DO UPDATE SET {sql_rows.excluded_assignments(columns)} RETURNING id"
    sql_rows.insert_rows_with_ending(Order, sql_rows.instances_as_rows(orders), ending)


def replace_lines(lines: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> int:
    """Write lines over those of the same order and position, or add them; returns how many."""
    ending = f"ON CONFLICT (order_id, position) DO UPDATE SET {sql_rows.excluded_assignments(columns)} RETURNING id"
    return len(sql_rows.insert_rows_with_ending(OrderLine, lines, ending))


def surplus_line_ids(line_counts: Mapping[int, int]) -> list[int]:
    """Ids of lines beyond the number that each order (by its id) has now."""
    rows = OrderLine.objects.raw(SURPLUS_LINES, [list(line_counts), list(line_counts.values())])
    return [line.pk for line in rows]


def upsert_summaries(customer_ids: Sequence[int], at: datetime, zone: str) -> int:
    """Recompute the summaries of these customers, with days as the zone has them; returns how many changed."""
    params = {"ids": customer_ids, "at": at, "zone": zone, "least_days": rules.RHYTHM_DAYS}
    with cursor_for_keys(len(customer_ids)) as cursor:
        cursor.execute(UPSERT_SUMMARIES, params)
        return int(cursor.rowcount)


def customers_with_wrong_summary(zone: str) -> list[int]:
    """Ids of customers whose summary differs from their orders. One statement over all orders."""
    with connection.cursor() as cursor:
        cursor.execute(WRONG_SUMMARIES, {"zone": zone, "least_days": rules.RHYTHM_DAYS})
        return [customer_id for (customer_id,) in cursor.fetchall()]


def orders_with_wrong_sums() -> list[str]:
    """Numbers of orders whose stored sums differ from their lines and refunds. One statement over all orders."""
    with connection.cursor() as cursor:
        cursor.execute(WRONG_ORDERS)
        return [number for (number,) in cursor.fetchall()]


def orders_to_revalue(currency: str, *, after: int, limit: int, zone: str) -> list[OrderToRevalue]:
    """The next orders that do not have the rate of their day, by id."""
    with connection.cursor() as cursor:
        cursor.execute(ORDERS_TO_REVALUE, {"currency": currency, "after": after, "limit": limit, "zone": zone})
        return [OrderToRevalue(*row) for row in cursor.fetchall()]


def revalue_orders(order_ids: Sequence[int], rates: Sequence[Decimal], at: datetime) -> None:
    """Give each order its rate."""
    with connection.cursor() as cursor:
        cursor.execute(REVALUE_ORDERS, {"at": at, "ids": list(order_ids), "rates": list(rates)})


def distinct_order_values(column: str) -> list[str]:
    """The values of an indexed column of orders, by name, up to 300."""
    with connection.cursor() as cursor:
        cursor.execute(DISTINCT_VALUES.format(column=column))
        return [value for (value,) in cursor.fetchall()]


def _columns_of_keys(keys: Iterable[OrderKey]) -> list[list[str]]:
    pairs = list(keys)
    return [[source for source, _number in pairs], [number for _source, number in pairs]]
