"""What of an order earns points, read for many orders at once."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.db.models import Sum

from crm.kernel.db.prepared_statements import cursor_for_keys
from customers.orders.models import Order, Refund
from loyalty.points import rules
from loyalty.points.models import EarningRule
from loyalty.points.rules import ZERO, EarningBasis


@dataclass(frozen=True)
class EarnableOrder:
    """An order as the rules see it."""

    order: Order
    excluded: tuple[
        tuple[str, bool, Decimal, Decimal], ...
    ] = ()  # (category, gift card, total, tax) of lines that may be left out
    refunded: Decimal = ZERO  # for goods that earn

    def basis(self, rule: EarningRule) -> EarningBasis:
        """The earning base under a rule's version, in the order's currency."""
        out = [line for line in self.excluded if line[1] or line[0] in rule.excluded_categories]
        return rules.earning_basis(
            goods=self.order.goods_total,
            gift_cards=sum((total for _category, _gift, total, _tax in out), ZERO),
            rewards=self.order.reward_discount,
            paid_with_points=self.order.points_discount,
            tax=self.order.tax_total - sum((tax for _category, _gift, _total, tax in out), ZERO),
            with_tax=rule.with_tax,
        )


# What a rule may leave out, summed per order.
EXCLUDED_SQL = """
SELECT l.order_id, p.category, p.is_gift_card, sum(l.total), sum(l.tax)
FROM customers_orderline l JOIN customers_product p ON p.id = l.product_id
WHERE l.order_id = ANY(%s) AND (p.is_gift_card OR p.category = ANY(%s))
GROUP BY l.order_id, p.category, p.is_gift_card
"""


def load_earnable_orders(orders: Sequence[Order], excluded_categories: set[str]) -> dict[int, EarnableOrder]:
    """Baskets by order id, in one query over the lines that a rule may leave out."""
    baskets = {order.pk: EarnableOrder(order) for order in orders}
    with cursor_for_keys(len(baskets)) as cursor:
        cursor.execute(EXCLUDED_SQL, [list(baskets), list(excluded_categories)])
        for order_id, *line in cursor.fetchall():
            basket = baskets[order_id]
            baskets[order_id] = replace(basket, excluded=(*basket.excluded, tuple(line)))
    return baskets


def add_refunds(baskets: dict[int, EarnableOrder]) -> dict[int, EarnableOrder]:
    """The same with what was refunded so far; what was given back for a gift card takes no points away. One query."""
    rows = Refund.objects.filter(order__in=list(baskets)).exclude(line__product__is_gift_card=True)
    sums = dict(rows.values_list("order_id").annotate(Sum("amount")).order_by())
    return {order_id: replace(basket, refunded=sums.get(order_id, ZERO)) for order_id, basket in baskets.items()}
