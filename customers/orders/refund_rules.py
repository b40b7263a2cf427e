"""Refunds on plain values: into which parts money given back falls, and what a later content of the order leaves out.

Amounts are in the order's currency. A *part* of an order is its paid goods, its gift cards, its shipping or its tax.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

ZERO = Decimal(0)
# How a sum falls into parts: one that stands alone, and what a refund gives back beyond the lines that it names.
PLAIN_ORDER = ("goods", "shipping", "tax", "gift_cards")
BEYOND_LINES_ORDER = ("tax", "shipping", "goods", "gift_cards")


class ContentLine(NamedTuple):
    """A line as refunds see it; `key` finds it again in another content of the order."""

    key: str
    net: Decimal
    is_gift_card: bool


class PartAmounts(NamedTuple):
    """Money by part of an order."""

    goods: Decimal = ZERO
    gift_cards: Decimal = ZERO
    shipping: Decimal = ZERO
    tax: Decimal = ZERO

    @property
    def total(self) -> Decimal:
        return sum(self, ZERO)

    def plus(self, other: "PartAmounts") -> "PartAmounts":
        """The sums, part by part."""
        return PartAmounts(*(one + another for one, another in zip(self, other, strict=True)))

    def less(self, other: "PartAmounts") -> "PartAmounts":
        """What remains, part by part; never below 0."""
        return PartAmounts(*(max(one - another, ZERO) for one, another in zip(self, other, strict=True)))


@dataclass(frozen=True)
class OrderContent:
    """What of an order was paid for: its lines' shares of the paid goods, by line key, and the other parts."""

    goods: Mapping[str, Decimal]
    gift_cards: Decimal = ZERO
    shipping: Decimal = ZERO
    tax: Decimal = ZERO

    @property
    def parts(self) -> PartAmounts:
        return PartAmounts(sum(self.goods.values(), ZERO), self.gift_cards, self.shipping, self.tax)

    def as_json(self) -> dict[str, Any]:
        """As it is stored with a refund."""
        goods = {key: str(share) for key, share in self.goods.items()}
        return {"goods": goods, **{name: str(getattr(self, name)) for name in ("gift_cards", "shipping", "tax")}}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "OrderContent":
        goods = {key: Decimal(share) for key, share in stored.get("goods", {}).items()}
        return cls(goods, *(Decimal(stored.get(name, 0)) for name in ("gift_cards", "shipping", "tax")))


@dataclass(frozen=True)
class PastRefund:
    """A refund that was recorded: its parts, what of its goods names lines (by key), and the content that it found."""

    parts: PartAmounts
    content: OrderContent
    goods_by_line: Mapping[str, Decimal] = field(default_factory=dict)

    @property
    def goods_without_line(self) -> Decimal:
        return self.parts.goods - sum(self.goods_by_line.values(), ZERO)


def line_key(line_ref: str, sku: str) -> str:
    """What finds a line in every content of its order: the source's own line id, or the product."""
    return f"ref:{line_ref}" if line_ref else f"sku:{sku}"


def order_content(
    lines: Iterable[ContentLine], *, paid_goods: Decimal, shipping: Decimal, tax: Decimal
) -> OrderContent:
    """The content of an order; its lines share the paid goods in proportion to their net, gift cards apart."""
    net_by_key: dict[str, Decimal] = {}
    gift_cards = ZERO
    for line in lines:
        if line.is_gift_card:
            gift_cards += line.net
        else:
            net_by_key[line.key] = net_by_key.get(line.key, ZERO) + line.net
    return OrderContent(_shares_of_paid(net_by_key, paid_goods), gift_cards, shipping, tax)


def _shares_of_paid(net_by_key: Mapping[str, Decimal], paid_goods: Decimal) -> dict[str, Decimal]:
    """Shares that sum to the paid goods: each is rounded on the sum so far."""
    goods = sum(net_by_key.values(), ZERO)
    shares, net_so_far, paid_so_far = {}, ZERO, ZERO
    for key, net in net_by_key.items():
        net_so_far += net
        paid = share_of_paid(net_so_far, goods, paid_goods)
        shares[key], paid_so_far = paid - paid_so_far, paid
    return shares


def share_of_paid(net: Decimal, goods: Decimal, paid_goods: Decimal) -> Decimal:
    """What was paid for goods of `net`, of an order whose goods cost `goods` before rewards and points."""
    return (net * paid_goods / goods).quantize(Decimal("0.0001")) if goods else ZERO


def split_sum(amount: Decimal, left: PartAmounts, order: Sequence[str] = PLAIN_ORDER) -> PartAmounts:
    """A sum by part, each up to what is left of it, in this order: for a plain sum goods, shipping, tax, gift cards.

    More than all that is left stays unassigned: the total of the result is then below the amount.
    """
    parts: dict[str, Decimal] = {}
    for name in order:
        parts[name] = min(amount, getattr(left, name))
        amount -= parts[name]
    return PartAmounts(**parts)


def parts_left_out(refunds: Sequence[PastRefund], now: OrderContent, tolerance: Decimal = ZERO) -> list[PartAmounts]:
    """What of each refund (oldest first) the order's present content already leaves out, so that nothing counts twice.

    Goods that name a line: as far as that line's share has become smaller since. Goods without a line: as far as any
    lines have, less what stands in lines that are new. Shipping, tax, gift cards: as far as the part has become smaller.
    A content in which the line is back leaves nothing out. What still stands never passes what the content holds.
    """
    by_line, used = _line_goods_left_out(refunds, now, tolerance)
    plain = _plain_goods_left_out(refunds, now, used)
    others = [_part_left_out(refunds, now, name) for name in PartAmounts._fields[1:]]
    goods = [one + another for one, another in zip(by_line, plain, strict=True)]
    left_out = [PartAmounts(*amounts) for amounts in zip(goods, *others, strict=True)]
    return _without_excess(refunds, left_out, now.parts)


def _line_goods_left_out(
    refunds: Sequence[PastRefund], now: OrderContent, tolerance: Decimal
) -> tuple[list[Decimal], dict[str, Decimal]]:
    """By refund, and by line key what of the line's loss that uses; the newest refund of a line has the first claim on it."""
    found: list[Decimal] = []
    used: dict[str, Decimal] = {}
    for refund in reversed(refunds):
        left_out = ZERO
        for key, amount in refund.goods_by_line.items():
            lost = _loss(refund.content, now, key) - used.get(key, ZERO)
            part = amount if lost > 0 and amount - lost <= tolerance else min(amount, max(lost, ZERO))
            used[key] = used.get(key, ZERO) + part
            left_out += part
        found.append(left_out)
    return found[::-1], used


def _plain_goods_left_out(
    refunds: Sequence[PastRefund], now: OrderContent, used_by_lines: Mapping[str, Decimal]
) -> list[Decimal]:
    """By refund, of its goods without a line; losses that refunds of lines account for are used up."""
    found: list[Decimal] = []
    used = ZERO
    for refund in reversed(refunds):
        losses = (_loss(refund.content, now, key) - used_by_lines.get(key, ZERO) for key in refund.content.goods)
        lost = sum((max(loss, ZERO) for loss in losses), ZERO)
        new = sum((share for key, share in now.goods.items() if key not in refund.content.goods), ZERO)
        found.append(min(refund.goods_without_line, max(lost - new - used, ZERO)))
        used += found[-1]
    return found[::-1]


def standing_line_goods(refunds: Sequence[PastRefund], now: OrderContent) -> dict[str, Decimal]:
    """Line key → what was given back for the line and is not left out by the order's present content."""
    _by_refund, used = _line_goods_left_out(refunds, now, ZERO)
    given_back: dict[str, Decimal] = {}
    for refund in refunds:
        for key, amount in refund.goods_by_line.items():
            given_back[key] = given_back.get(key, ZERO) + amount
    return {key: amount - used.get(key, ZERO) for key, amount in given_back.items()}


def _loss(before: OrderContent, now: OrderContent, key: str) -> Decimal:
    """What a line's share has lost."""
    return max(before.goods.get(key, ZERO) - now.goods.get(key, ZERO), ZERO)


def _part_left_out(refunds: Sequence[PastRefund], now: OrderContent, name: str) -> list[Decimal]:
    """By refund, of its shipping, tax or gift cards."""
    found: list[Decimal] = []
    used = ZERO
    for refund in reversed(refunds):
        lost = getattr(refund.content, name) - getattr(now, name) - used
        found.append(min(getattr(refund.parts, name), max(lost, ZERO)))
        used += found[-1]
    return found[::-1]


def _without_excess(
    refunds: Sequence[PastRefund], left_out: Sequence[PartAmounts], held: PartAmounts
) -> list[PartAmounts]:
    """The same, with what would still pass the content's parts left out too, of the newest refunds first."""
    standing = [refund.parts.less(gone) for refund, gone in zip(refunds, left_out, strict=True)]
    excess = sum_parts(standing).less(held)
    found: list[PartAmounts] = []
    for stands, gone in reversed(list(zip(standing, left_out, strict=True))):
        cut = PartAmounts(*map(min, stands, excess))
        found.append(gone.plus(cut))
        excess = excess.less(cut)
    return found[::-1]


def sum_parts(amounts: Iterable[PartAmounts]) -> PartAmounts:
    """The sums by part."""
    total = PartAmounts()
    for one in amounts:
        total = total.plus(one)
    return total
