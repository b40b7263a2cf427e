"""An order that changes takes its points along: refunds, cancelling and new content lead to what the order would now keep.

Everything is computed from the entry and the rule version that the order earned by; running it again changes nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
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
from loyalty.points.posting import DEBT, LedgerPosting, debit_moves, post_entries
from loyalty.points.rules import SpendableLot

REFUND_PREFIX = "refund:"
OWNERS_SQL = """
SELECT DISTINCT e.order_id, a.customer_id FROM loyalty_ledgerentry e JOIN loyalty_pointsaccount a ON a.id = e.account_id
WHERE e.order_id = ANY(%s) AND e.kind IN ('earn', 'reverse')
"""
EARNED_SQL = "WHERE t.order_id = ANY(%s) AND t.kind IN ('earn', 'reverse') ORDER BY t.id"


class RefundBlocked(TooMuchRefunded):
    """The programme refuses a refund whose points are already spent; it is answered like any refund of too much."""


@dataclass
class OrderEarning:
    """What one order earned by one rule on one account, and what of it was taken back."""

    order: Order
    rule: EarningRule
    account: PointsAccount
    figures: dict[str, Any]
    entries: list[LedgerEntry] = field(default_factory=list)

    @property
    def standing(self) -> int:
        """Points that the order still keeps, whether or not they were spent or have expired since."""
        earned = sum(entry.points for entry in self.entries if entry.kind == EntryKind.EARN)
        return earned - sum(entry.data["reversed"] for entry in self.entries if entry.kind == EntryKind.REVERSE)


@transaction.atomic(savepoint=False)
def reconcile_order_points(
    *, order_ids: Iterable[int], source: str, at: datetime, content_changed: bool = False
) -> int:
    """Bring the points of orders to what their state now deserves; `source` names the cause, as in `refund:17`.

    Refused with RefundBlocked where the rule's policy is to block refunds and the points are spent; cancelling and new
    content are facts of the shop and go below zero then. Returns points changed.
    """
    orders = {order.pk: order for order in sql_rows.load_instances(Order, "WHERE id = ANY(%s)", [list(order_ids)])}
    earned = _order_earnings(orders, at)
    if not earned:
        return 0
    contents = _earnable_orders(orders)
    lots = accounts.remaining_lots({what.account.pk for what in earned})
    pockets = {what.account.pk: {lot.id: lot for lot in lots.get(what.account.pk, [])} for what in earned}
    own = _own_lots(earned)
    postings: list[LedgerPosting] = []
    for what in earned:
        figures = what.figures
        if content_changed:
            figures = earning.earning_figures(contents[what.order.pk], what.rule, Decimal(figures["multiplier"]))
        change = _points_deserved(what, figures, contents[what.order.pk].refunded) - what.standing
        if change > 0:
            postings.append(_earn_more_posting(what, figures, change, source))
        elif change < 0:
            pocket = pockets[what.account.pk]
            postings.append(
                _reverse_posting(what, -change, figures if content_changed else {}, pocket, own, source, at)
            )
            _draw_from_pocket(pocket, postings[-1])
    post_entries(postings, now=at)
    debts.settle_debts({posting.account_id for posting in postings if posting.lots}, at)
    return sum(posting.points for posting in postings)


def _earnable_orders(orders: dict[int, Order]) -> dict[int, EarnableOrder]:
    excluded = rule_versions.RuleVersions.of_orders().excluded_categories
    return earnable_orders.add_refunds(earnable_orders.load_earnable_orders(list(orders.values()), excluded))


def _order_earnings(orders: dict[int, Order], at: datetime) -> list[OrderEarning]:
    """By order, rule and account, oldest first; an order that moved to another customer earns on his account from nothing."""
    with cursor_for_keys(len(orders)) as cursor:
        cursor.execute(OWNERS_SQL, [list(orders)])
        owners = cursor.fetchall()
    locked = accounts.lock_accounts(
        {c for pk, customer_id in owners for c in (customer_id, orders[pk].customer_id)}, at
    )
    account_of = {account.pk: account for account in locked.values()}
    found: dict[tuple[int, str, int], OrderEarning] = {}
    newest: dict[tuple[int, str], LedgerEntry] = {}
    for entry in sql_rows.load_instances(LedgerEntry, EARNED_SQL, [list(orders)], related="rule"):
        order = orders[entry.order_id or 0]
        key = (order.pk, entry.rule_code, entry.account_id)
        found.setdefault(key, OrderEarning(order, entry.rule, account_of[entry.account_id], {})).entries.append(entry)  # type: ignore[arg-type]
        if "exact" in entry.data:
            newest[key[:2]] = entry
    for (order_id, code), entry in newest.items():
        account = locked[orders[order_id].customer_id]
        found.setdefault((order_id, code, account.pk), OrderEarning(orders[order_id], entry.rule, account, {}))  # type: ignore[arg-type]
    for (order_id, code, _account), what in found.items():
        what.figures = newest[order_id, code].data
    return list(found.values())


def _points_deserved(what: OrderEarning, figures: dict[str, Any], refunded: Decimal) -> int:
    if what.order.status == OrderStatus.CANCELLED or what.order.customer_id != what.account.customer_id:
        return 0
    original = int(figures["points"])
    base = Decimal(figures["base"])
    return original - rules.points_to_reverse(
        original=original, base=base, refunded=refunded, rounding=figures["rounding"]
    )


def _earn_more_posting(what: OrderEarning, figures: dict[str, Any], points: int, source: str) -> LedgerPosting:
    return LedgerPosting(
        **_posting_fields(what, source, what.order.placed_at),
        kind=EntryKind.EARN,
        lots=(earning.build_earned_lot(what.rule, points, what.order.placed_at),),
        data={**figures, "change": points},
    )


def _reverse_posting(
    what: OrderEarning,
    points: int,
    figures: dict[str, Any],
    pocket: dict[int, SpendableLot],
    own: dict[int, dict[int, int]],
    source: str,
    at: datetime,
) -> LedgerPosting:
    own_lapsed = own[what.entries[0].pk]
    lapsed_before = sum(entry.data.get("lapsed", 0) for entry in what.entries if entry.kind == EntryKind.REVERSE)
    mine = [pocket[lot_id] for lot_id in own_lapsed if lot_id in pocket]

    parts = rules.debit_lots(rules.lots_to_reverse(mine, [], at), points)
    missing = points - sum(part for _lot, part in parts)
    lapsed = min(missing, max(sum(own_lapsed.values()) - lapsed_before, 0))
    if missing > lapsed:
        others = [lot for lot in pocket.values() if lot.id not in own_lapsed]
        parts += rules.debit_lots(rules.lots_to_reverse([], others, at), missing - lapsed)
    missing = points - lapsed - sum(part for _lot, part in parts)

    policy = what.rule.refund_policy
    if missing and policy == RefundPolicy.BLOCK and source.startswith(REFUND_PREFIX):
        raise RefundBlocked(
            _("%(points)s points of this order are already spent, and the programme does not go below zero.")
            % {"points": missing}
        )
    owed = 0 if policy == RefundPolicy.WRITE_OFF else missing
    return LedgerPosting(
        **_posting_fields(what, source, at),
        kind=EntryKind.REVERSE,
        original_id=what.entries[0].pk,
        moves=(*debit_moves(parts), *([(DEBT, -owed)] if owed else [])),
        data={
            **figures,
            "order": what.order.number,
            "reversed": points,
            "lapsed": lapsed,
            "owed": owed,
            "written_off": missing - owed,
        },
    )


def _posting_fields(what: OrderEarning, source: str, at: datetime) -> dict[str, Any]:
    system, _colon, cause = source.partition(":")
    return {
        "account_id": what.account.pk,
        "at": at,
        "source_system": system,
        "source_id": f"{cause}:{what.order.pk}:{what.account.pk}",
        "rule_code": what.rule.code,
        "rule_id": what.rule.pk,
        "order_id": what.order.pk,
    }


def _own_lots(earned: list[OrderEarning]) -> dict[int, dict[int, int]]:
    """For each earning entry: its order's lots and how many points of each have expired. Two queries."""
    of_entry = {entry.pk: what.entries[0].pk for what in earned for entry in what.entries}
    lots = dict(PointsLot.objects.filter(entry__in=list(of_entry)).values_list("id", "entry_id"))
    found: dict[int, dict[int, int]] = {first: {} for first in of_entry.values()}
    for lot_id, entry_id in lots.items():
        found[of_entry[entry_id]][lot_id] = 0
    for lot_id, points in Allocation.objects.filter(lot__in=list(lots), entry__kind=EntryKind.EXPIRE).values_list(
        "lot_id", "points"
    ):
        found[of_entry[lots[lot_id]]][lot_id] -= points
    return found


def _draw_from_pocket(pocket: dict[int, SpendableLot], posting: LedgerPosting) -> None:
    """A posting has taken its part: the next order of the same account in this batch finds the rest."""
    for lot_id, points in posting.moves:
        if lot_id is not None:
            pocket[lot_id] = pocket[lot_id]._replace(remaining=pocket[lot_id].remaining + points)
