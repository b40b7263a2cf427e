"""What the SQL of upper apps may read of orders: relations with named columns, to stand in a FROM.

What a purchase is, and what it is worth, is said here once. PostgreSQL plans a statement as if the text of the relation
stood in it, so a condition on `placed_at` or `customer_id` still finds the index. Amounts are in the base currency.
"""

# An order that is not cancelled; a refund does not unmake it. `goods` is what was bought, `net_goods` less what was
# given back.
PURCHASES = """(
  SELECT id, customer_id, placed_at, goods_total * base_rate AS goods,
         (goods_total - refunded_total) * base_rate AS net_goods
  FROM customers_order WHERE status <> 'cancelled')"""

# Every order, also a cancelled one, which is worth nothing.
ORDER_WORTHS = """(
  SELECT id, customer_id, placed_at,
         CASE WHEN status = 'cancelled' THEN 0 ELSE (goods_total - refunded_total) * base_rate END AS net_goods
  FROM customers_order)"""

# Money given back on purchases.
PURCHASE_REFUNDS = """(
  SELECT r.id, r.order_id, o.customer_id, r.refunded_at, r.amount * o.base_rate AS amount
  FROM customers_refund r JOIN customers_order o ON o.id = r.order_id WHERE o.status <> 'cancelled')"""

# A line per customer who ever bought: first and last purchase, their number, the usual days between them and what one
# was worth on average.
PURCHASE_SUMMARIES = """(
  SELECT customer_id, orders, first_order_at, last_order_at, gap_days, average_order FROM customers_customersummary)"""

# Lines with what is known of their product.
PRODUCT_LINES = """(
  SELECT l.order_id, l.total, l.tax, p.category, p.is_gift_card
  FROM customers_orderline l JOIN customers_product p ON p.id = l.product_id)"""
