from django.db import migrations

PAID_GOODS = "UPDATE customers_order SET paid_goods = greatest(goods_total - reward_discount - points_discount, 0)"
GIFT_CARDS = """
UPDATE customers_order o
SET gift_card_total = g.total,
    paid_goods = greatest(o.goods_total - g.total - o.reward_discount - o.points_discount, 0)
FROM (SELECT l.order_id, sum(l.total) AS total FROM customers_orderline l
      JOIN customers_product p ON p.id = l.product_id AND p.is_gift_card GROUP BY l.order_id) g
WHERE o.id = g.order_id
"""
# Refunds were sums for goods; each falls, in the order given, into what is left of paid goods, shipping, tax and gift
# cards. What passes all of them is money that nobody had paid: it stays a refund of goods that are not in the order.
PARTS_OF_REFUNDS = """
UPDATE customers_refund r
SET goods_amount = part.amount - part.shipping - part.tax - part.gift_cards,
    gift_card_amount = part.gift_cards, shipping_amount = part.shipping, tax_amount = part.tax,
    left_out_goods = part.amount - part.goods - part.shipping - part.tax - part.gift_cards,
    left_out_amount = part.amount - part.goods - part.shipping - part.tax - part.gift_cards
FROM (
  SELECT id, amount,
         greatest(least(upto, paid_goods) - since, 0) AS goods,
         greatest(least(upto, to_shipping) - greatest(since, paid_goods), 0) AS shipping,
         greatest(least(upto, to_tax) - greatest(since, to_shipping), 0) AS tax,
         greatest(least(upto, to_tax + gift_card_total) - greatest(since, to_tax), 0) AS gift_cards
  FROM (SELECT r.id, r.amount, o.paid_goods, o.gift_card_total, o.paid_goods + o.shipping_total AS to_shipping,
               o.paid_goods + o.shipping_total + o.tax_total AS to_tax,
               sum(r.amount) OVER through AS upto, sum(r.amount) OVER through - r.amount AS since
        FROM customers_refund r JOIN customers_order o ON o.id = r.order_id
        WINDOW through AS (PARTITION BY r.order_id ORDER BY r.id)) interval_of_order
) part
WHERE part.id = r.id
"""
REFUNDS_OF_GIFT_CARDS = """
UPDATE customers_refund r
SET goods_amount = 0, shipping_amount = 0, tax_amount = 0, gift_card_amount = r.amount, left_out_goods = 0,
    left_out_amount = 0
FROM customers_orderline l JOIN customers_product p ON p.id = l.product_id AND p.is_gift_card
WHERE l.id = r.line_id
"""
CONTENT_AT_REFUNDS = """
UPDATE customers_refund r
SET order_content = jsonb_build_object('goods', coalesce(c.goods, '{}'), 'gift_cards', o.gift_card_total::text,
                                       'shipping', o.shipping_total::text, 'tax', o.tax_total::text)
FROM customers_order o
LEFT JOIN (
  SELECT order_id, jsonb_object_agg(key, share::text) AS goods
  FROM (SELECT l.order_id, CASE l.line_ref WHEN '' THEN 'sku:' || p.sku ELSE 'ref:' || l.line_ref END AS key,
               coalesce(round(sum(l.total) * o.paid_goods / nullif(o.goods_total - o.gift_card_total, 0), 4), 0) AS share
        FROM customers_orderline l
        JOIN customers_order o ON o.id = l.order_id
        JOIN customers_product p ON p.id = l.product_id AND NOT p.is_gift_card
        WHERE l.order_id IN (SELECT order_id FROM customers_refund)
        GROUP BY l.order_id, key, o.paid_goods, o.goods_total, o.gift_card_total) share_of_line
  GROUP BY order_id
) c ON c.order_id = o.id
WHERE o.id = r.order_id
"""
LINES_OF_REFUNDS = """
INSERT INTO customers_refundline (refund_id, line_id, line_key, product_id, amount)
SELECT r.id, l.id, CASE l.line_ref WHEN '' THEN 'sku:' || p.sku ELSE 'ref:' || l.line_ref END, p.id,
       CASE WHEN p.is_gift_card THEN r.gift_card_amount ELSE r.goods_amount END
FROM customers_refund r
JOIN customers_orderline l ON l.id = r.line_id
JOIN customers_product p ON p.id = l.product_id
WHERE r.gift_card_amount > 0 OR r.goods_amount > 0
"""
REFUNDED_ORDERS = """
UPDATE customers_order o SET refunded_goods = least(r.goods, o.paid_goods), refunds_left_out = r.left_out
FROM (SELECT order_id, sum(goods_amount - left_out_goods) AS goods, sum(left_out_amount) AS left_out
      FROM customers_refund GROUP BY order_id) r
WHERE o.id = r.order_id
"""
# Of those whose orders are now worth something else, or count no more: unpaid ones, and those without a rate.
SUMMARIES = """
UPDATE customers_customersummary s
SET orders = f.orders, net_spend = f.net_spend, average_order = f.average_order, first_order_at = f.first_order_at,
    last_order_at = f.last_order_at, gap_days = f.gap_days
FROM (
  SELECT customer_id, count(counted.id) AS orders, coalesce(round(sum(worth), 4), 0) AS net_spend,
         coalesce(round(sum(worth) / nullif(count(counted.id), 0), 4), 0) AS average_order,
         min(counted.placed_at) AS first_order_at, max(counted.placed_at) AS last_order_at,
         CASE WHEN count(counted.id) > 1
              THEN round((extract(epoch FROM max(counted.placed_at) - min(counted.placed_at)) / 86400
                          / (count(counted.id) - 1))::numeric, 2) END AS gap_days
  FROM (SELECT DISTINCT customer_id FROM customers_order
        WHERE status = 'placed' OR NOT rate_is_known OR reward_discount > 0 OR points_discount > 0
              OR gift_card_total > 0 OR refunded_goods <> refunded_total) touched
  LEFT JOIN LATERAL (
    SELECT id, placed_at, (paid_goods - refunded_goods) * base_rate AS worth FROM customers_order o
    WHERE o.customer_id = touched.customer_id AND status IN ('paid', 'delivered') AND rate_is_known) counted ON true
  GROUP BY customer_id
) f
WHERE s.customer_id = f.customer_id
"""


class Migration(migrations.Migration):
    dependencies = [("customers", "0008_paid_goods_and_parts_of_refunds")]

    operations = [
        migrations.RunSQL(statement, migrations.RunSQL.noop)
        for statement in (
            PAID_GOODS,
            GIFT_CARDS,
            PARTS_OF_REFUNDS,
            REFUNDS_OF_GIFT_CARDS,
            CONTENT_AT_REFUNDS,
            LINES_OF_REFUNDS,
            REFUNDED_ORDERS,
            SUMMARIES,
        )
    ]
