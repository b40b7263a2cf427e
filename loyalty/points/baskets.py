"""What of an order earns points, read for many orders at once."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.db.models import Q, Sum

from customers.orders.models import Order, OrderLine, Refund
from loyalty.points import rules
from loyalty.points.models import EarningRule
from loyalty.points.rules import ZERO, Basis


@dataclass(frozen=True)
class Basket:
    """An order as the rules see it."""

    order: Order
    excluded: tuple[
        tuple[str, bool, Decimal, Decimal], ...
    ] = ()  # (category, gift card, total, tax) of lines that may be left out
    refunded: Decimal = ZERO  # for goods that earn

    def basis(self, rule: EarningRule) -> Basis:
        """The earning base under a rule's version, in the order's currency."""
        out = [line for line in self.excluded if line[1] or line[0] in rule.excluded_categories]
        return rules.basis(
            goods=self.order.goods_total,
            gift_cards=sum((total for _category, _gift, total, _tax in out), ZERO),
            rewards=self.order.reward_discount,
            paid_with_points=self.order.points_discount,
            tax=self.order.tax_total - sum((tax for _category, _gift, _total, tax in out), ZERO),
            with_tax=rule.with_tax,
        )


def of_orders(orders: Sequence[Order], excluded_categories: set[str]) -> dict[int, Basket]:
    """Baskets by order id, in one query over the lines that a rule may leave out."""
    baskets = {order.pk: Basket(order) for order in orders}
    lines = OrderLine.objects.filter(
        Q(product__is_gift_card=True) | Q(product__category__in=sorted(excluded_categories)), order__in=list(baskets)
    )
    sums = lines.values_list("order_id", "product__category", "product__is_gift_card").annotate(
        Sum("total"), Sum("tax")
    )
    for order_id, *line in sums.order_by():
        basket = baskets[order_id]
        baskets[order_id] = replace(basket, excluded=(*basket.excluded, tuple(line)))
    return baskets


def with_refunds(baskets: dict[int, Basket]) -> dict[int, Basket]:
    """The same with what was refunded so far; what was given back for a gift card takes no points away. One query."""
    rows = Refund.objects.filter(order__in=list(baskets)).exclude(line__product__is_gift_card=True)
    sums = dict(rows.values_list("order_id").annotate(Sum("amount")).order_by())
    return {order_id: replace(basket, refunded=sums.get(order_id, ZERO)) for order_id, basket in baskets.items()}
