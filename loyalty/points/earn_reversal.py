"""Refunds, cancellations and new content of an order bring its earned points to what the order now deserves.

Everything is computed from the entries and the rule version by which the order earned; running it again changes nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from crm.kernel.db import sql_rows
from customers.orders.models import Order
from customers.orders.services import TooMuchRefunded
from loyalty.points import debts, earnable_orders, earning, order_earnings, program_settings, rule_versions, rules
from loyalty.points.choices import EntryKind, RefundPolicy
from loyalty.points.earnable_orders import EarnableOrder
from loyalty.points.models import PointsAccount
from loyalty.points.order_earnings import AccountLots, OrderEarning, debit_account_lots, lock_order_earnings
from loyalty.points.posting import DEBT, LedgerPosting, debit_allocations, post_entries

REFUND_PREFIX = "refund:"


class RefundBlocked(TooMuchRefunded):
    """The programme refuses a refund whose points are already spent; it is answered like any refund of too much."""


@dataclass(frozen=True)
class MissingPoints:
    """Points of an order that came to nothing which its account cannot give back, and the lots that the order made."""

    account: PointsAccount
    order: Order
    points: int
    lot_ids: tuple[int, ...]


@transaction.atomic(savepoint=False)
def reconcile_order_points(
    *, order_ids: Iterable[int], source: str, at: datetime, content_changed: bool = False
) -> int:
    """Bring the points of orders to what they now deserve; `source` names the cause, as in `refund:17`.

    Refused with RefundBlocked if the rule blocks refunds whose points are spent. Cancellations and new content are facts
    of the shop and are never refused: the account goes below zero. While points are off nothing is added. Returns the
    change of points.
    """
    orders = {order.pk: order for order in sql_rows.load_instances(Order, "WHERE id = ANY(%s)", [list(order_ids)])}
    earnings = lock_order_earnings(orders, at)
    if not earnings:
        return 0
    contents = _earnable_orders(orders)
    lots = order_earnings.lots_of_accounts(earnings)
    points_on = program_settings.loyalty_settings().points_on
    postings: list[LedgerPosting] = []
    for order_earning in earnings:
        figures, content = order_earning.figures, contents[order_earning.order.pk]
        if content_changed:
            figures = earning.earning_figures(content, order_earning.rule, Decimal(figures["multiplier"]))
        change = _points_deserved(order_earning, figures, content) - order_earning.points_kept
        if (change > 0 and points_on) or (change == 0 and _is_worth_noting(order_earning, figures)):
            postings.append(_earn_more_posting(order_earning, figures, change, source))
        elif change < 0:
            account_lots = lots[order_earning.account.pk]
            posting = _reversal_posting(order_earning, -change, account_lots, source=source, at=at)
            if content_changed:
                posting = replace(posting, data={**figures, **posting.data})
            postings.append(posting)
            debit_account_lots(account_lots, posting.allocations)
    post_entries(postings, now=at)
    debts.settle_debts({posting.account_id for posting in postings if posting.lots}, at)
    return sum(posting.points for posting in postings)


def missing_points(*, order_ids: Iterable[int], at: datetime) -> list[MissingPoints]:
    """Points of orders that came to nothing which their members have no more, with the lots that the orders had made.

    Points that an earlier refund left owing are among them. Locks the accounts; writes nothing.
    """
    ids = list(order_ids)
    rows = sql_rows.load_instances(Order, "WHERE id = ANY(%s)", [ids]) if ids else []
    orders = {order.pk: order for order in rows if earnable_orders.has_no_worth(order)}
    earnings = lock_order_earnings(orders, at) if orders else []
    lots = order_earnings.lots_of_accounts(earnings)
    missing_by_earning = []
    for order_earning in earnings:
        account = order_earning.account
        account_lots = lots[account.pk]
        parts, _lapsed, missing = _reversal_parts(order_earning, order_earning.points_kept, account_lots, at)
        debit_account_lots(account_lots, debit_allocations(parts))
        owed = min(sum(entry.data.get("owed", 0) for entry in order_earning.reversals), account.debt)
        missing_by_earning.append(
            MissingPoints(account, order_earning.order, missing + owed, tuple(order_earning.expired_by_lot))
        )
    return [missing for missing in missing_by_earning if missing.points > 0]


def _earnable_orders(orders: dict[int, Order]) -> dict[int, EarnableOrder]:
    excluded = rule_versions.RuleVersions.load_for_orders().excluded_categories
    return earnable_orders.add_refunds(earnable_orders.load_earnable_orders(list(orders.values()), excluded))


def _points_deserved(order_earning: OrderEarning, figures: dict[str, Any], content: EarnableOrder) -> int:
    order = order_earning.order
    if not order.counts or order.customer_id != order_earning.account.customer_id:
        return 0
    original = int(figures["points"])
    share = content.remaining_share(order_earning.rule)
    return original - rules.points_to_reverse(original=original, share=share, rounding=figures["rounding"])


def _is_worth_noting(order_earning: OrderEarning, figures: dict[str, Any]) -> bool:
    """New content that changes no points now, but what later refunds are measured by: refunds had anticipated it."""
    is_current = order_earning.order.customer_id == order_earning.account.customer_id
    return is_current and order_earning.order.counts and figures["points"] != order_earning.figures["points"]


def _earn_more_posting(order_earning: OrderEarning, figures: dict[str, Any], points: int, source: str) -> LedgerPosting:
    earned_at = order_earning.earned_at
    return LedgerPosting(
        **_posting_fields(order_earning, source, earned_at),
        kind=EntryKind.EARN,
        lots=(earning.build_earned_lot(order_earning.rule, points, earned_at),) if points else (),
        data={**figures, "change": points},
    )


def _reversal_posting(
    order_earning: OrderEarning, points: int, account_lots: AccountLots, *, source: str, at: datetime
) -> LedgerPosting:
    """Take points from the order's own lots; what expired is gone anyway; then from other lots; the rest is owed.

    Refused with RefundBlocked if something would be owed after a refund and the rule blocks that.
    """
    parts, lapsed, missing = _reversal_parts(order_earning, points, account_lots, at)
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


def _reversal_parts(
    order_earning: OrderEarning, points: int, account_lots: AccountLots, at: datetime
) -> tuple[list[tuple[int, int]], int, int]:
    """From which lots points are taken, as (lot id, points); how many had expired; how many are missing."""
    own = [account_lots[lot_id] for lot_id in order_earning.expired_by_lot if lot_id in account_lots]
    parts = rules.debit_lots(rules.lots_to_reverse(own, [], at), points)
    missing = points - sum(part for _lot, part in parts)
    lapsed = min(missing, order_earning.unreversed_expired_points)
    if missing > lapsed:
        others = [lot for lot in account_lots.values() if lot.id not in order_earning.expired_by_lot]
        parts += rules.debit_lots(rules.lots_to_reverse([], others, at), missing - lapsed)
    return parts, lapsed, points - lapsed - sum(part for _lot, part in parts)


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
