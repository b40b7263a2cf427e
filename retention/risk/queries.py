"""The SQL that finds customers at risk in one look at the summaries."""

from customers.orders.relations import PURCHASE_SUMMARIES
from customers.profiles.relations import CURRENT_CUSTOMERS

# Still active by the company's definition, but quiet for at least twice their own usual gap; at least two orders are
# needed: without a gap of his own nobody is late.
LATE_CUSTOMERS_SQL = f"""
SELECT s.customer_id, extract(epoch FROM %(at)s - s.last_order_at) / 86400 AS quiet, s.last_order_at, s.gap_days,
       s.average_order
FROM {PURCHASE_SUMMARIES} s JOIN {CURRENT_CUSTOMERS} c ON c.id = s.customer_id
WHERE s.orders >= 2 AND s.last_order_at >= %(since)s AND s.last_order_at < %(at)s
  AND extract(epoch FROM %(at)s - s.last_order_at) / 86400 >= %(times)s * greatest(s.gap_days, %(shortest)s) {{only}}
"""
