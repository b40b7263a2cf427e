"""Refunds, cancellations and new content of an order bring its earned points to what the order now deserves.

Everything is computed from the entries and the rule version by which the order earned; running it again changes nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from crm.kernel.db import sql_rows
from crm.kernel.db.prepared_statements import cursor_for_keys
from customers.orders.choices import OrderStatus
from customers.orders.models import Order
from customers.orders.services import TooMuchRefunded
from loyalty.points import accounts, debts, earnable_orders, earning, rule_versions, rules
from loyalty.points.choices import EntryKind, RefundPolicy
from loyalty.points.earnable_orders import EarnableOrder
from loyalty.points.models import Allocation, EarningRule, LedgerEntry, PointsAccount, PointsLot
from loyalty.points.posting import DEBT, LedgerPosting, debit_allocations, post_entries
from loyalty.points.queries import EARNING_CUSTOMERS_SQL, ORDER_EARNINGS_SQL
from loyalty.points.rules import SpendableLot

REFUND_PREFIX = "refund:"
AccountLots = dict[int, SpendableLot]  # lots with points left, by id


class RefundBlocked(TooMuchRefunded):
    """The programme refuses a refund whose points are already spent; it is answered like any refund of too much."""


@dataclass
class OrderEarning:
    """What one order earned by one rule on one account: the figures it earned by, and the entries since."""

    order: Order
    rule: EarningRule
    account: PointsAccount
    figures: dict[str, Any]
    entries: list[LedgerEntry] = field(default_factory=list)
    expired_by_lot: dict[int, int] = field(default_factory=dict)  # lot id → points of it that have expired

    @property
    def points_kept(self) -> int:
        """Points that the order still has, whether or not they were spent or have expired since."""
        earned = sum(entry.points for entry in self.entries if entry.kind == EntryKind.EARN)
        return earned - sum(entry.data["reversed"] for entry in self.reversals)

    @property
    def reversals(self) -> list[LedgerEntry]:
        return [entry for entry in self.entries if entry.kind == EntryKind.REVERSE]


@transaction.atomic(savepoint=False)
def reconcile_order_points(
    *, order_ids: Iterable[int], source: str, at: datetime, content_changed: bool = False
) -> int:
    """Bring the points of orders to what they now deserve; `source` names the cause, as in `refund:17`.

    Refused with RefundBlocked if the rule blocks refunds whose points are spent. Cancellations and new content are facts
    of the shop and are never refused: the account goes below zero. Returns the change of points.
    """
    orders = {order.pk: order for order in sql_rows.load_instances(Order, "WHERE id = ANY(%s)", [list(order_ids)])}
    earnings = _order_earnings(orders, at)
    if not earnings:
        return 0
    contents = _earnable_orders(orders)
    remaining = accounts.remaining_lots({order_earning.account.pk for order_earning in earnings})
    lots = {account_id: {lot.id: lot for lot in account_lots} for account_id, account_lots in remaining.items()}
    postings: list[LedgerPosting] = []
    for order_earning in earnings:
        figures, content = order_earning.figures, contents[order_earning.order.pk]
        if content_changed:
            figures = earning.earning_figures(content, order_earning.rule, Decimal(figures["multiplier"]))
        change = _points_deserved(order_earning, figures, content.refunded) - order_earning.points_kept
        if change > 0:
            postings.append(_earn_more_posting(order_earning, figures, change, source))
        elif change < 0:
            account_lots = lots.get(order_earning.account.pk, {})
            posting = _reversal_posting(order_earning, -change, account_lots, source=source, at=at)
            if content_changed:
                posting = replace(posting, data={**figures, **posting.data})
            postings.append(posting)
            _debit_account_lots(account_lots, posting)
    post_entries(postings, now=at)
    debts.settle_debts({posting.account_id for posting in postings if posting.lots}, at)
    return sum(posting.points for posting in postings)


def _earnable_orders(orders: dict[int, Order]) -> dict[int, EarnableOrder]:
    excluded = rule_versions.RuleVersions.load_for_orders().excluded_categories
    return earnable_orders.add_refunds(earnable_orders.load_earnable_orders(list(orders.values()), excluded))


def _order_earnings(orders: dict[int, Order], at: datetime) -> list[OrderEarning]:
    """Earnings by order, rule and account, oldest first, with the accounts locked.

    An order that moved to another customer has a second, empty earning on that customer's account.
    """
    accounts_by_customer = _lock_accounts_of_orders(orders, at)
    accounts_by_id = {account.pk: account for account in accounts_by_customer.values()}
    earnings: dict[tuple[int, str, int], OrderEarning] = {}
    newest: dict[tuple[int, str], LedgerEntry] = {}  # the entry whose figures count, by order and rule
    for entry in sql_rows.load_instances(LedgerEntry, ORDER_EARNINGS_SQL, [list(orders)], related="rule"):
        order = orders[entry.order_id or 0]
        account = accounts_by_id[entry.account_id]
        _earning_on(account, order, entry, earnings).entries.append(entry)
        if "exact" in entry.data:
            newest[order.pk, entry.rule_code] = entry
    for (order_id, _code), entry in newest.items():
        order = orders[order_id]
        _earning_on(accounts_by_customer[order.customer_id], order, entry, earnings)
    for (order_id, code, _account_id), order_earning in earnings.items():
        order_earning.figures = newest[order_id, code].data
    _add_expired_points(earnings.values())
    return list(earnings.values())


def _lock_accounts_of_orders(orders: dict[int, Order], at: datetime) -> dict[int, PointsAccount]:
    """Lock the accounts on which the orders earned and those of their present customers: customer id → account."""
    with cursor_for_keys(len(orders)) as cursor:
        cursor.execute(EARNING_CUSTOMERS_SQL, [list(orders)])
        rows = cursor.fetchall()
    earned_by = {customer_id for _order_id, customer_id in rows}
    return accounts.lock_accounts(earned_by | {orders[order_id].customer_id for order_id, _customer_id in rows}, at)


def _earning_on(
    account: PointsAccount, order: Order, entry: LedgerEntry, earnings: dict[tuple[int, str, int], OrderEarning]
) -> OrderEarning:
    assert entry.rule is not None  # entries of orders always have one
    key = (order.pk, entry.rule_code, account.pk)
    return earnings.setdefault(key, OrderEarning(order, entry.rule, account, {}))


def _add_expired_points(earnings: Iterable[OrderEarning]) -> None:
    """Note which lots each earning made, and how many points of each have expired. Two queries."""
    earning_of_entry = {entry.pk: order_earning for order_earning in earnings for entry in order_earning.entries}
    lots = PointsLot.objects.filter(entry__in=list(earning_of_entry)).values_list("id", "entry_id")
    expired_of_lot = {lot_id: earning_of_entry[entry_id].expired_by_lot for lot_id, entry_id in lots}
    for lot_id, expired_by_lot in expired_of_lot.items():
        expired_by_lot[lot_id] = 0
    expired = Allocation.objects.filter(lot__in=list(expired_of_lot), entry__kind=EntryKind.EXPIRE)
    for lot_id, points in expired.values_list("lot_id", "points"):
        expired_of_lot[lot_id][lot_id] -= points


def _points_deserved(order_earning: OrderEarning, figures: dict[str, Any], refunded: Decimal) -> int:
    order = order_earning.order
    if order.status == OrderStatus.CANCELLED or order.customer_id != order_earning.account.customer_id:
        return 0
    original = int(figures["points"])
    base = Decimal(figures["base"])
    return original - rules.points_to_reverse(
        original=original, base=base, refunded=refunded, rounding=figures["rounding"]
    )


def _earn_more_posting(order_earning: OrderEarning, figures: dict[str, Any], points: int, source: str) -> LedgerPosting:
    placed_at = order_earning.order.placed_at
    return LedgerPosting(
        **_posting_fields(order_earning, source, placed_at),
        kind=EntryKind.EARN,
        lots=(earning.build_earned_lot(order_earning.rule, points, placed_at),),
        data={**figures, "change": points},
    )


def _reversal_posting(
    order_earning: OrderEarning, points: int, account_lots: AccountLots, *, source: str, at: datetime
) -> LedgerPosting:
    """Take points from the order's own lots; what expired is gone anyway; then from other lots; the rest is owed.

    Refused with RefundBlocked if something would be owed after a refund and the rule blocks that.
    """
    own = [account_lots[lot_id] for lot_id in order_earning.expired_by_lot if lot_id in account_lots]
    parts = rules.debit_lots(rules.lots_to_reverse(own, [], at), points)
    missing = points - sum(part for _lot, part in parts)
    lapsed = min(missing, _unreversed_expired_points(order_earning))
    if missing > lapsed:
        others = [lot for lot in account_lots.values() if lot.id not in order_earning.expired_by_lot]
        parts += rules.debit_lots(rules.lots_to_reverse([], others, at), missing - lapsed)
    missing = points - lapsed - sum(part for _lot, part in parts)

    policy = order_earning.rule.refund_policy
    if missing and policy == RefundPolicy.BLOCK and source.startswith(REFUND_PREFIX):
        raise RefundBlocked(
            _("%(points)s points of this order are already spent, and the programme does not go below zero.")
            % {"points": missing}
        )
    owed = 0 if policy == RefundPolicy.WRITE_OFF else missing
    return LedgerPosting(
        **_posting_fields(order_earning, source, at),
        kind=EntryKind.REVERSE,
        original_id=order_earning.entries[0].pk,
        allocations=(*debit_allocations(parts), *([(DEBT, -owed)] if owed else [])),
        data={
            "order": order_earning.order.number,
            "reversed": points,
            "lapsed": lapsed,
            "owed": owed,
            "written_off": missing - owed,
        },
    )


def _unreversed_expired_points(order_earning: OrderEarning) -> int:
    """Expired points of the order's lots that no earlier reversal has counted."""
    counted = sum(entry.data.get("lapsed", 0) for entry in order_earning.reversals)
    return max(sum(order_earning.expired_by_lot.values()) - counted, 0)


def _posting_fields(order_earning: OrderEarning, source: str, at: datetime) -> dict[str, Any]:
    system, _colon, cause = source.partition(":")
    order, account, rule = order_earning.order, order_earning.account, order_earning.rule
    return {
        "account_id": account.pk,
        "at": at,
        "source_system": system,
        "source_id": f"{cause}:{order.pk}:{account.pk}",
        "rule_code": rule.code,
        "rule_id": rule.pk,
        "order_id": order.pk,
    }


def _debit_account_lots(account_lots: AccountLots, posting: LedgerPosting) -> None:
    """Take the posting's points from the lots in memory: the next order of the account in this batch finds the rest."""
    for lot_id, points in posting.allocations:
        if lot_id is not None:
            lot = account_lots[lot_id]
            account_lots[lot_id] = lot._replace(remaining=lot.remaining + points)
