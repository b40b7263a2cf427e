"""What the SQL of upper apps may read of orders: relations with named columns, to stand in a FROM.

What a purchase is, and what it is worth, is said here once. PostgreSQL plans a statement as if the text of the relation
stood in it, so a condition on `placed_at` or `customer_id` still finds the index. Amounts are in the base currency.
"""

# An order counts when it is paid and the rate of its day is known (`Order.counts`).
COUNTS = "status IN ('paid', 'delivered') AND rate_is_known"

# An order that counts; a refund does not unmake it. `goods` is what was paid for goods, `net_goods` less what was
# given back for them.
PURCHASES = f"""(
  SELECT id, customer_id, placed_at, channel, store, paid_goods * base_rate AS goods,
         (paid_goods - refunded_goods) * base_rate AS net_goods
  FROM customers_order WHERE {COUNTS})"""

# Every order, also one that does not count, which is worth nothing.
ORDER_WORTHS = f"""(
  SELECT id, customer_id, placed_at,
         CASE WHEN {COUNTS} THEN (paid_goods - refunded_goods) * base_rate ELSE 0 END AS net_goods
  FROM customers_order)"""

# What was given back of the goods of purchases, less what the order's content leaves out since.
PURCHASE_REFUNDS = f"""(
  SELECT r.id, r.order_id, o.customer_id, r.refunded_at, (r.goods_amount - r.left_out_goods) * o.base_rate AS amount
  FROM customers_refund r JOIN customers_order o ON o.id = r.order_id WHERE {COUNTS})"""

# A line per customer who ever bought: first and last purchase, their number, the local days on which there was one, the
# usual days from one to the next (NULL below three) and what was spent.
PURCHASE_SUMMARIES = """(
  SELECT customer_id, orders, first_order_at, last_order_at, purchase_days, gap_days, net_spend
  FROM customers_customersummary)"""

# Lines with what is known of their product.
PRODUCT_LINES = """(
  SELECT l.order_id, l.total, l.tax, p.category, p.is_gift_card
  FROM customers_orderline l JOIN customers_product p ON p.id = l.product_id)"""
