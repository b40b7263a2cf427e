"""What was given back for orders so far, measured against what they hold now."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from crm.kernel import money
from customers.orders import refund_rules
from customers.orders.models import Order, OrderLine, Refund, RefundLine
from customers.orders.refund_rules import ContentLine, OrderContent, PartAmounts, PastRefund

LEFT_OUT_COLUMNS = ["left_out_amount", "left_out_goods"]


@dataclass
class RefundedOrder:
    """An order, what it holds now, and its refunds, oldest first, each with the lines that it names."""

    order: Order
    content: OrderContent
    refunds: list[Refund] = field(default_factory=list)
    refund_lines: dict[int, list[RefundLine]] = field(default_factory=dict)  # by the refund's place in the list

    @property
    def past_refunds(self) -> list[PastRefund]:
        return [self._past_refund(place) for place in range(len(self.refunds))]

    @property
    def refunds_by_ref(self) -> dict[str, int]:
        """The place of each refund in the list, by the source's reference."""
        return {refund.source_ref: place for place, refund in enumerate(self.refunds)}

    @property
    def left(self) -> PartAmounts:
        """What can still be given back, part by part."""
        given_back = (
            past.parts.less(gone) for past, gone in zip(self.past_refunds, self._parts_left_out(), strict=True)
        )
        return self.content.parts.less(refund_rules.sum_parts(given_back))

    def add_refund(self, refund: Refund, lines: list[RefundLine]) -> None:
        """Note a refund of the order as it stands now."""
        self.refunds.append(refund)
        self.refund_lines[len(self.refunds) - 1] = lines
        self.order.refunded_total += refund.amount
        self.settle()

    def settle(self) -> None:
        """Give the refunds and the order the sums that follow from its present content."""
        for refund, gone in zip(self.refunds, self._parts_left_out(), strict=True):
            refund.left_out_goods, refund.left_out_amount = gone.goods, gone.total
        self.order.refunded_goods = sum(
            (refund.goods_amount - refund.left_out_goods for refund in self.refunds), money.ZERO
        )
        left_out = sum((refund.left_out_amount for refund in self.refunds), money.ZERO)
        # What was given back had been paid, also where new discounts leave less to pay than that.
        self.order.refunds_left_out = max(left_out, self.order.refunded_total - self.order.total)

    def _parts_left_out(self) -> list[PartAmounts]:
        return refund_rules.parts_left_out(
            self.past_refunds, self.content, tolerance=money.minor_unit(self.order.currency)
        )

    def _past_refund(self, place: int) -> PastRefund:
        refund = self.refunds[place]
        by_line: dict[str, Decimal] = {}
        for line in self.refund_lines.get(place, ()):
            if not line.product.is_gift_card:
                by_line[line.line_key] = by_line.get(line.line_key, money.ZERO) + line.amount
        parts = PartAmounts(refund.goods_amount, refund.gift_card_amount, refund.shipping_amount, refund.tax_amount)
        return PastRefund(parts, OrderContent.from_json(refund.order_content), by_line)


def get_order_content(order: Order, lines: Iterable[ContentLine]) -> OrderContent:
    """What the order holds, from its sums and these lines."""
    return refund_rules.order_content(
        lines, paid_goods=order.paid_goods, shipping=order.shipping_total, tax=order.tax_total
    )


def content_line(line: OrderLine) -> ContentLine:
    """A stored line, as refunds see it."""
    return ContentLine(refund_rules.line_key(line.line_ref, line.product.sku), line.total, line.product.is_gift_card)


def lines_of_orders(order_ids: Collection[int]) -> dict[int, list[OrderLine]]:
    """Order id → its lines with their products, by position. One query."""
    lines: dict[int, list[OrderLine]] = {order_id: [] for order_id in order_ids}
    for line in OrderLine.objects.filter(order__in=order_ids).select_related("product").order_by("order", "position"):
        lines[line.order_id].append(line)
    return lines


def load_refunds(contents: Sequence[tuple[Order, OrderContent]]) -> dict[int, RefundedOrder]:
    """Order id → the order with its refunds; those without any cost nothing. Two queries at most."""
    found = {order.pk: RefundedOrder(order, content) for order, content in contents}
    with_refunds = [order.pk for order, _content in contents if order.refunded_total]
    if not with_refunds:
        return found
    refunds = Refund.objects.filter(order__in=with_refunds).order_by("pk").prefetch_related("lines__product")
    for refund in refunds:
        refunded = found[refund.order_id]
        refunded.refund_lines[len(refunded.refunds)] = list(refund.lines.all())
        refunded.refunds.append(refund)
    return found


def store_refunds(refunded_orders: Iterable[RefundedOrder]) -> None:
    """Write what refunds lose to a new content of their orders, and lead their lines to where these stand now."""
    with_refunds = [refunded for refunded in refunded_orders if refunded.refunds]
    if not with_refunds:
        return
    Refund.objects.bulk_update([refund for one in with_refunds for refund in one.refunds], LEFT_OUT_COLUMNS)
    refund_lines = [line for one in with_refunds for lines in one.refund_lines.values() for line in lines]
    if not refund_lines:
        return
    lines_by_order = lines_of_orders([refunded.order.pk for refunded in with_refunds])
    for refunded in with_refunds:
        keys = {line.pk: content_line(line).key for line in lines_by_order[refunded.order.pk]}
        first_with_key = {key: pk for pk, key in reversed(keys.items())}
        for lines in refunded.refund_lines.values():
            for line in lines:
                if line.line_id is None or keys.get(line.line_id) != line.line_key:
                    line.line_id = first_with_key.get(line.line_key)
    RefundLine.objects.bulk_update(refund_lines, ["line"])
