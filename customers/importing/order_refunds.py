"""Money given back, as an order file tells it: returns as rows, and orders that are refunded wholly or in part."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from crm.kernel import money
from customers.importing import return_rows
from customers.importing.cell_parsing import RejectedCell
from customers.importing.choices import RowOutcome
from customers.importing.models import Import, StagedRow
from customers.importing.order_rows import OrderHeader
from customers.importing.order_state_cells import OrderStateCells
from customers.importing.row_outcomes import reject_rows, warn_row
from customers.orders import refund_history, refund_rules, selectors
from customers.orders import services as orders
from customers.orders.choices import OrderState, OrderStatus
from customers.orders.models import Order, OrderLine, Refund
from customers.orders.rules import IncomingOrderLine


@dataclass(frozen=True)
class OrderRows:
    """Rows of orders by group: those that sell, those that give goods back, and by row what they say."""

    sales: dict[int, list[StagedRow]]
    returns: dict[int, list[StagedRow]]
    headers: dict[int, OrderHeader]
    lines: dict[int, IncomingOrderLine]

    def header_of(self, group: int) -> OrderHeader:
        """What the order's first row says of the order itself."""
        return self.headers[self.sales[group][0].row_no]


@dataclass(frozen=True)
class ReturnedGoods:
    """A row that gives goods of a stored order back: `line` is what it names, with amounts above zero."""

    row: StagedRow
    order: Order
    reference: str
    line: IncomingOrderLine
    returned_at: datetime


def record_refunds_of_rows(batch: Import, rows: OrderRows, stored: Mapping[int, Order], at: datetime) -> None:
    """Record what rows return of orders of this file (`stored`, by group) or of known ones, then what orders say was given
    back in all. A return that is refused is rejected; an order stays, with a warning."""
    returns = _returns_of_known_orders(batch, rows, stored)
    _record_returns(returns, at, batch.live)
    refunded = {group: order for group, order in stored.items() if _tells_refund(rows.header_of(group))}
    if returns and refunded:
        current = selectors.orders_by_number(batch.source, {order.number for order in refunded.values()})
        refunded = {group: current[order.number] for group, order in refunded.items()}
    _record_refunded_orders(rows, refunded, at, batch.live)


def _returns_of_known_orders(batch: Import, rows: OrderRows, stored: Mapping[int, Order]) -> list[ReturnedGoods]:
    numbers = {
        group: return_rows.order_number_of(returned[0].values)
        for group, returned in rows.returns.items()
        if group not in rows.sales
    }
    known = selectors.orders_by_number(batch.source, set(numbers.values())) if numbers else {}
    found: list[ReturnedGoods] = []
    for group, returned in rows.returns.items():
        order = known.get(numbers[group]) if group in numbers else stored.get(group)
        if order is None:
            target = "returned_order" if returned[0].values.get("returned_order", "").strip() else "order_number"
            reject_rows(returned, RejectedCell(target, _("the order that this returns is not known")))
            continue
        references = return_rows.return_references(returned, rows.lines)
        found += [
            ReturnedGoods(
                row, order, references[row.row_no], rows.lines[row.row_no], rows.headers[row.row_no].fields["placed_at"]
            )
            for row in returned
        ]
    return found


def _record_returns(returns: Sequence[ReturnedGoods], at: datetime, live: bool) -> None:
    if not returns:
        return
    lines = refund_history.lines_of_orders({one.order.pk for one in returns})
    refunds = [_refund_of_return(one, lines[one.order.pk]) for one in returns]
    for one, outcome in zip(returns, _record_each(refunds, at, live), strict=True):
        if isinstance(outcome, RejectedCell):
            reject_rows([one.row], outcome)
            continue
        one.row.outcome = RowOutcome.CREATED if outcome[1] else RowOutcome.UNCHANGED
        one.row.customer_id, one.row.customer_outcome = one.order.customer_id, RowOutcome.UNCHANGED


def _record_refunded_orders(rows: OrderRows, refunded: Mapping[int, Order], at: datetime, live: bool) -> None:
    """Give back what the file says was given back in all, less what is known of; the same file twice gives nothing more."""
    wanted: list[tuple[StagedRow, orders.IncomingRefund]] = []
    for group, order in refunded.items():
        row, cells = rows.sales[group][0], rows.header_of(group).state
        amount, warning = _missing_amount(order, cells)
        if warning:
            warn_row(row, warning)
        if amount > 0:
            reference = f"file-{order.refunded_total + amount:f}"
            refunded_at = max(cells.refunded_at or order.placed_at, order.placed_at)
            wanted.append((row, orders.IncomingRefund(order, reference, amount, refunded_at=refunded_at)))
    outcomes = _record_each([refund for _row, refund in wanted], at, live)
    for (row, _refund), outcome in zip(wanted, outcomes, strict=True):
        if isinstance(outcome, RejectedCell):
            warn_row(row, RejectedCell("refund_amount", outcome.reason))


def _tells_refund(header: OrderHeader) -> bool:
    """Whether the order's own cells say that money went back."""
    return bool(header.state.refunded) or header.state.state in (OrderState.REFUNDED, OrderState.PARTLY_REFUNDED)


def _missing_amount(order: Order, cells: OrderStateCells) -> tuple[Decimal, RejectedCell | None]:
    """What is still to be recorded of an order's refunds, and what is to be warned about."""
    if order.status == OrderStatus.CANCELLED:
        return money.ZERO, None
    if order.status == OrderStatus.PLACED:
        return money.ZERO, RejectedCell("refund_amount", _("the order is not paid: what was given back is left out"))
    if cells.state == OrderState.REFUNDED:
        return order.refundable_amount, None
    if cells.refunded is None:
        reason = _("partly refunded, but no column says how much: no refund is recorded")
        return money.ZERO, None if order.refunded_total else RejectedCell("order_status", reason)
    missing = cells.refunded - order.refunded_total
    if missing > order.refundable_amount:
        reason = _("%(value)s is more than this order cost: all of it is refunded") % {"value": cells.refunded}
        return order.refundable_amount, RejectedCell("refund_amount", reason)
    return missing, None


def _refund_of_return(one: ReturnedGoods, lines: Sequence[OrderLine]) -> orders.IncomingRefund:
    """Goods of a line that the order has, at their share of what was paid; others as goods of no certain line."""
    order = one.order
    line = _find_line(one.line, lines)
    is_gift_card = line is not None and line.product.is_gift_card
    goods = order.goods_total - order.gift_card_total
    paid = one.line.net if is_gift_card else refund_rules.share_of_paid(one.line.net, goods, order.paid_goods)
    amount = money.round_amount(paid, order.currency)
    refunded_at = max(one.returned_at, order.placed_at)
    if line is None or one.line.net > line.total:
        return orders.IncomingRefund(order, one.reference, goods=amount, refunded_at=refunded_at)
    quantity = one.line.quantity if one.line.quantity <= line.quantity else None
    named = orders.RefundedLine(line, amount, quantity)
    return orders.IncomingRefund(order, one.reference, lines=[named], refunded_at=refunded_at)


def _find_line(returned: IncomingOrderLine, lines: Sequence[OrderLine]) -> OrderLine | None:
    by_ref = (line for line in lines if returned.line_ref and line.line_ref == returned.line_ref)
    by_sku = (line for line in lines if line.product.sku == returned.sku)
    return next(by_ref, None) or next(by_sku, None)


def _record_each(
    refunds: Sequence[orders.IncomingRefund], at: datetime, live: bool
) -> list[tuple[Refund, bool] | RejectedCell]:
    """Together where none is refused, else one by one, each with its refund or its refusal."""
    if not refunds:
        return []
    try:
        with transaction.atomic():
            return list(orders.record_refunds(refunds=refunds, at=at, live=live))
    except (orders.RefundRefused, orders.BadOrder):
        return [_record_or_refuse(refund, at, live) for refund in refunds]


def _record_or_refuse(refund: orders.IncomingRefund, at: datetime, live: bool) -> tuple[Refund, bool] | RejectedCell:
    try:
        with transaction.atomic():
            return orders.record_refunds(refunds=[refund], at=at, live=live)[0]
    except orders.RefundRefused as refusal:
        return RejectedCell("line_total", str(refusal))
    except orders.BadOrder as refusal:
        return RejectedCell("placed_at" if refusal.field == "refunded_at" else "line_total", refusal.reason)
