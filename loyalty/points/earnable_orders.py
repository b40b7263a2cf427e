"""What of an order earns points, read for many orders at once."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Sum

from crm.kernel.db.prepared_statements import cursor_for_keys
from customers.orders.models import Order, Refund
from loyalty.points import rules
from loyalty.points.models import EarningRule
from loyalty.points.queries import EXCLUDABLE_LINES_SQL
from loyalty.points.rules import ZERO, EarningBasis


class ExcludableLines(NamedTuple):
    """Lines of an order that a rule may leave out, summed by category."""

    category: str
    is_gift_card: bool
    total: Decimal
    tax: Decimal


@dataclass(frozen=True)
class EarnableOrder:
    """An order with the sums that decide what of it earns."""

    order: Order
    excludable_lines: tuple[ExcludableLines, ...] = ()
    refunded: Decimal = ZERO  # for goods that earn

    def earning_basis(self, rule: EarningRule) -> EarningBasis:
        """What earns under a version of a rule, in the order's currency; gift cards never do."""
        excluded = [
            lines for lines in self.excludable_lines if lines.is_gift_card or lines.category in rule.excluded_categories
        ]
        return rules.earning_basis(
            goods=self.order.goods_total,
            gift_cards=sum((lines.total for lines in excluded), ZERO),
            rewards=self.order.reward_discount,
            paid_with_points=self.order.points_discount,
            tax=self.order.tax_total - sum((lines.tax for lines in excluded), ZERO),
            with_tax=rule.with_tax,
        )


def load_earnable_orders(orders: Sequence[Order], excluded_categories: set[str]) -> dict[int, EarnableOrder]:
    """Order id → the order with its gift cards and lines of the categories that some rule leaves out. One query."""
    earnable = {order.pk: EarnableOrder(order) for order in orders}
    with cursor_for_keys(len(earnable)) as cursor:
        cursor.execute(EXCLUDABLE_LINES_SQL, [list(earnable), list(excluded_categories)])
        for order_id, *values in cursor.fetchall():
            lines = (*earnable[order_id].excludable_lines, ExcludableLines(*values))
            earnable[order_id] = replace(earnable[order_id], excludable_lines=lines)
    return earnable


def add_refunds(earnable: dict[int, EarnableOrder]) -> dict[int, EarnableOrder]:
    """The same with what was refunded so far; a refund of a gift card takes no points away. One query."""
    refunds = Refund.objects.filter(order__in=list(earnable))
    sums = dict(refunds.values_list("order_id").annotate(Sum("goods_amount")).order_by())
    return {pk: replace(earnable_order, refunded=sums.get(pk, ZERO)) for pk, earnable_order in earnable.items()}
