"""The summary per customer: recomputed from the orders of just the customers touched, in one statement."""

from collections.abc import Iterable
from datetime import datetime

from django.db import connection

from crm.kernel.db.prepared_statements import cursor_for_keys

# Σ (goods − refunds) × the rate of the day, over orders that stand; the gap is the mean over n − 1 gaps, in days.
SUMMARY_FIGURES = """
SELECT customer_id, count(*)::int AS orders,
       round(sum((goods_total - refunded_total) * base_rate), 4) AS net_spend,
       round(sum((goods_total - refunded_total) * base_rate) / count(*), 4) AS average_order,
       min(placed_at) AS first_order_at, max(placed_at) AS last_order_at,
       CASE WHEN count(*) > 1
            THEN round((extract(epoch FROM max(placed_at) - min(placed_at)) / 86400 / (count(*) - 1))::numeric, 2) END AS gap_days
FROM customers_order WHERE status <> 'cancelled' {only} GROUP BY customer_id
"""
UPSERT_SUMMARIES = f"""
INSERT INTO customers_customersummary AS s
       (customer_id, orders, net_spend, average_order, first_order_at, last_order_at, gap_days, updated_at)
SELECT c.id, coalesce(f.orders, 0), coalesce(f.net_spend, 0), coalesce(f.average_order, 0),
       f.first_order_at, f.last_order_at, f.gap_days, %(at)s
FROM unnest(%(ids)s::bigint[]) AS c(id)
LEFT JOIN ({SUMMARY_FIGURES.format(only="AND customer_id = ANY(%(ids)s)")}) f ON f.customer_id = c.id
ORDER BY c.id
ON CONFLICT (customer_id) DO UPDATE
SET orders = excluded.orders, net_spend = excluded.net_spend, average_order = excluded.average_order,
    first_order_at = excluded.first_order_at, last_order_at = excluded.last_order_at, gap_days = excluded.gap_days,
    updated_at = excluded.updated_at
WHERE (s.orders, s.net_spend, s.average_order, s.first_order_at, s.last_order_at, s.gap_days) IS DISTINCT FROM
      (excluded.orders, excluded.net_spend, excluded.average_order, excluded.first_order_at, excluded.last_order_at, excluded.gap_days)
"""
LOCK_CUSTOMERS = """
SELECT id FROM customers_customer
WHERE id = ANY(ARRAY(
  SELECT unnest(%(ids)s::bigint[])
  UNION SELECT o.customer_id FROM unnest(%(sources)s::text[], %(numbers)s::text[]) AS asked(source, number)
        JOIN customers_order o USING (source, number)))
ORDER BY id FOR NO KEY UPDATE
"""
WRONG_SUMMARIES = f"""
SELECT coalesce(s.customer_id, f.customer_id)
FROM customers_customersummary s FULL JOIN ({SUMMARY_FIGURES.format(only="")}) f ON f.customer_id = s.customer_id
WHERE (coalesce(s.orders, 0), coalesce(s.net_spend, 0), coalesce(s.average_order, 0), s.first_order_at, s.last_order_at, s.gap_days)
      IS DISTINCT FROM
      (coalesce(f.orders, 0), coalesce(f.net_spend, 0), coalesce(f.average_order, 0), f.first_order_at, f.last_order_at, f.gap_days)
ORDER BY 1
"""


def lock_customers(customer_ids: Iterable[int], orders: Iterable[tuple[str, str]] = ()) -> list[int]:
    """Lock customers in the order of their ids, before anything of theirs is read: so no summary misses an order.

    With them those to whom orders, named by source and number, belong until now. Returns all their ids. One statement.
    """
    sources, numbers = zip(*orders, strict=True) if orders else ((), ())
    ids = list(set(customer_ids))
    with cursor_for_keys(len(ids)) as cursor:
        cursor.execute(LOCK_CUSTOMERS, {"ids": ids, "sources": list(sources), "numbers": list(numbers)})
        return [pk for (pk,) in cursor.fetchall()]


def refresh_summaries(customer_ids: Iterable[int], at: datetime) -> int:
    """Recompute the summaries of these (locked) customers; returns how many changed."""
    ids = sorted(set(customer_ids))
    with cursor_for_keys(len(ids)) as cursor:
        cursor.execute(UPSERT_SUMMARIES, {"ids": ids, "at": at})
        return int(cursor.rowcount)


def customers_with_wrong_summary() -> list[int]:
    """Customers whose summary is not what their orders say: empty when all is well. One query over everything."""
    with connection.cursor() as cursor:
        cursor.execute(WRONG_SUMMARIES)
        return [customer_id for (customer_id,) in cursor.fetchall()]
