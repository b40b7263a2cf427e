"""What orders earned on which accounts, with everything that happened to it since."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from crm.kernel.db import sql_rows
from crm.kernel.db.prepared_statements import cursor_for_keys
from customers.orders.models import Order
from loyalty.points import accounts
from loyalty.points.choices import EntryKind
from loyalty.points.models import Allocation, EarningRule, LedgerEntry, PointsAccount, PointsLot
from loyalty.points.posting import Allocations
from loyalty.points.queries import EARNING_CUSTOMERS_SQL, ORDER_EARNINGS_SQL
from loyalty.points.rules import SpendableLot

AccountLots = dict[int, SpendableLot]  # lots with points left, by id


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

    @property
    def unreversed_expired_points(self) -> int:
        """Expired points of the order's lots that no earlier reversal has counted."""
        counted = sum(entry.data.get("lapsed", 0) for entry in self.reversals)
        return max(sum(self.expired_by_lot.values()) - counted, 0)

    @property
    def earned_at(self) -> datetime:
        """From when its points live: when the order earned, which for one that was paid late is later than its day."""
        return self.entries[0].at if self.entries else self.order.placed_at


def lock_order_earnings(orders: dict[int, Order], at: datetime) -> list[OrderEarning]:
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


def lots_of_accounts(earnings: Iterable[OrderEarning]) -> dict[int, AccountLots]:
    """Account id → its lots with points left, of every account that earned. One query."""
    account_ids = {order_earning.account.pk for order_earning in earnings}
    lots = accounts.remaining_lots(account_ids)
    return {account_id: {lot.id: lot for lot in lots.get(account_id, [])} for account_id in account_ids}


def debit_account_lots(account_lots: AccountLots, allocations: Allocations) -> None:
    """Take points from the lots in memory: the next order of the account in this batch finds the rest."""
    for lot_id, points in allocations:
        if lot_id is not None:
            lot = account_lots[lot_id]
            account_lots[lot_id] = lot._replace(remaining=lot.remaining + points)


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
