"""What of an order earns points, and what is left of it after refunds, read for many orders at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from crm.kernel.db.prepared_statements import cursor_for_keys
from customers.orders import refund_history, refund_rules
from customers.orders.choices import OrderStatus
from customers.orders.models import Order, OrderLine
from customers.orders.refund_history import RefundedOrder
from loyalty.points import rules
from loyalty.points.models import EarningRule
from loyalty.points.queries import EXCLUDABLE_LINES_SQL
from loyalty.points.rules import ZERO, EarningBasis, LineRefunds


class ExcludableLines(NamedTuple):
    """Lines of an order that a rule may leave out, summed by category."""

    category: str
    is_gift_card: bool
    total: Decimal
    tax: Decimal


class LineRefund(NamedTuple):
    """A line that refunds name: its category, its share of the paid goods, and what was given back for it."""

    category: str
    paid: Decimal
    refunded: Decimal


@dataclass(frozen=True)
class StandingRefunds:
    """What was given back for an order, as far as its present content still holds it."""

    lines: tuple[LineRefund, ...] = ()
    unnamed: Decimal = ZERO  # goods of no certain line
    tax: Decimal = ZERO


@dataclass(frozen=True)
class EarnableOrder:
    """An order with the sums that decide what of it earns."""

    order: Order
    excludable_lines: tuple[ExcludableLines, ...] = ()
    refunds: StandingRefunds = StandingRefunds()

    def earning_basis(self, rule: EarningRule) -> EarningBasis:
        """What earns under a version of a rule, in the order's currency; gift cards never do."""
        order = self.order
        excluded = [
            lines
            for lines in self.excludable_lines
            if not lines.is_gift_card and lines.category in rule.excluded_categories
        ]
        gift_cards = [lines for lines in self.excludable_lines if lines.is_gift_card]
        tax_left_out = sum((lines.tax for lines in (*excluded, *gift_cards)), ZERO)
        return rules.earning_basis(
            paid_goods=order.paid_goods,
            goods=order.goods_total,
            gift_cards=order.gift_card_total,
            excluded=sum((lines.total for lines in excluded), ZERO),
            rewards=order.reward_discount,
            paid_with_points=order.points_discount,
            tax=order.tax_total - tax_left_out if rule.with_tax else ZERO,
        )

    def remaining_share(self, rule: EarningRule) -> Fraction:
        """Which part of what earned is left after the refunds; shipping never had earned, tax only where the rule counts it."""
        basis, refunds = self.earning_basis(rule), self.refunds
        if basis.amount <= 0:
            return Fraction(0)
        lines = [
            LineRefunds(line.paid, line.refunded, line.category not in rule.excluded_categories)
            for line in refunds.lines
        ]
        goods = rules.remaining_base(
            base=basis.goods,
            paid=self.order.paid_goods,
            refunded=rules.refunded_goods(lines, unnamed=refunds.unnamed, total=self.order.refunded_goods),
        )
        tax = rules.remaining_base(
            base=basis.tax,
            paid=self.order.tax_total,
            refunded=rules.refunded_goods([], unnamed=refunds.tax, total=refunds.tax),
        )
        return (goods + tax) / Fraction(basis.amount)


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
    """The same with what was given back so far. Four queries if there is any, else none."""
    with_refunds = {pk: one.order for pk, one in earnable.items() if one.order.refunded_total}
    if not with_refunds:
        return earnable
    lines = refund_history.lines_of_orders(list(with_refunds))
    contents = [
        (order, refund_history.get_order_content(order, map(refund_history.content_line, lines[pk])))
        for pk, order in with_refunds.items()
    ]
    loaded = refund_history.load_refunds(contents)
    return earnable | {
        pk: replace(earnable[pk], refunds=_order_refunds(refunded, lines[pk])) for pk, refunded in loaded.items()
    }


def _order_refunds(refunded: RefundedOrder, lines: Iterable[OrderLine]) -> StandingRefunds:
    categories = {refund_history.content_line(line).key: line.product.category for line in lines}
    by_line = refund_rules.standing_line_goods(refunded.past_refunds, refunded.content)
    return StandingRefunds(
        lines=tuple(
            LineRefund(categories.get(key, ""), refunded.content.goods.get(key, ZERO), amount)
            for key, amount in by_line.items()
            if amount > 0
        ),
        unnamed=max(refunded.order.refunded_goods - sum(by_line.values(), ZERO), ZERO),
        tax=refunded.content.tax - refunded.left.tax,
    )


def is_order_undone(order: Order) -> bool:
    """Whether nothing is left of an order: it was cancelled, or all its goods or all the money were refunded."""
    goods_are_back = 0 < order.paid_goods <= order.refunded_goods
    return order.status == OrderStatus.CANCELLED or goods_are_back or is_money_back(order)


def is_money_back(order: Order) -> bool:
    """Whether all that was paid in money was given back."""
    return order.refunded_total > 0 and order.refundable_amount <= 0


def has_no_worth(order: Order) -> bool:
    """Whether an order earns nothing any more: it is undone, or not paid after all."""
    return order.status == OrderStatus.PLACED or is_order_undone(order)
