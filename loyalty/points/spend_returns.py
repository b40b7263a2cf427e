"""Spent points go back to the lots from which they came, with the expiry that they had."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from crm.kernel.db import sql_rows
from customers.orders.choices import OrderStatus
from customers.orders.models import Order, Refund
from loyalty.points import accounts, debts, earnable_orders, program_settings, rules
from loyalty.points.choices import EntryKind
from loyalty.points.models import Allocation, EarningRule, LedgerEntry, PointsLot
from loyalty.points.posting import LedgerPosting, NewLot, post_entries
from loyalty.points.queries import ORDER_SPENDS_SQL

DEFAULT_REINSTATE_DAYS = 30  # for lots without an earning rule


@dataclass(frozen=True)
class ReturnCause:
    """Why points go back: the key of the entry, its reason, and the staff member if there is one."""

    system: str
    source_id: str
    reason: str = ""
    actor_id: int | None = None
    reverses_spend: bool = False  # the whole spend is undone, which can happen once
    data: dict[str, Any] = field(default_factory=dict)


def return_spent_points(*, spend: LedgerEntry, points: int, cause: ReturnCause, at: datetime) -> int:
    """Give `points` of a spend back; the caller holds the account's lock. Returns how many came back.

    Points of an expired lot come back in a new lot for its rule's days of reinstatement; after those days they have
    lapsed, and the entry says so. Debts are paid from what came back.
    """
    refills: list[tuple[int | None, int]] = []
    reinstated: list[NewLot] = []
    lapsed = 0
    for lot, part in _lots_to_refill(spend, points):
        if lot.expires_at is None or at < lot.expires_at:
            refills.append((lot.pk, part))
        elif at < lot.expires_at + timedelta(days=_reinstate_days(lot.rule)):
            reinstated.append(_reinstated_lot(lot, part, at))
        else:
            lapsed += part
    posting = LedgerPosting(
        account_id=spend.account_id,
        kind=EntryKind.RETURN,
        at=at,
        source_system=cause.system,
        source_id=cause.source_id,
        rule_code=spend.rule_code,
        order_ref=spend.order_ref,
        original_id=spend.pk,
        reverses_id=spend.pk if cause.reverses_spend else None,
        actor_id=cause.actor_id,
        reason=cause.reason,
        allocations=tuple(refills),
        lots=tuple(reinstated),
        data={
            **spend.data,
            **cause.data,
            "returned": points,
            "lapsed": lapsed,
            "reinstated": sum(lot.points for lot in reinstated),
        },
    )
    post_entries([posting], now=at)
    debts.settle_debts([spend.account_id], at)
    return posting.points


def return_points_for_orders(*, order_ids: Iterable[int], source: str, at: datetime) -> int:
    """Return points spent on orders that were refunded or cancelled, in proportion to the refund (LO-13).

    `source` names the cause, as in `refund:17`. Returns how many points came back.
    """
    ids = list(order_ids)
    rows = sql_rows.load_instances(Order, "WHERE id = ANY(%s)", [ids]) if ids else []
    orders = {f"{order.source}:{order.number}": order for order in rows}
    spends = sql_rows.load_instances(LedgerEntry, ORDER_SPENDS_SQL, [list(orders)], related="account") if orders else []
    if not spends:
        return 0
    accounts.lock_accounts({spend.account.customer_id for spend in spends}, at)
    returned_before, refunded = _returned_by_spend(spends), _refunded_goods(orders.values())
    system, _colon, cause = source.partition(":")
    total = 0
    for spend in spends:
        order = orders[spend.order_ref]
        due = _points_to_return(spend, order, *refunded[order.pk]) - returned_before.get(spend.pk, 0)
        if due > 0:
            return_cause = ReturnCause(system, f"{cause}:spend:{spend.pk}", data={"order": order.number})
            total += return_spent_points(spend=spend, points=due, cause=return_cause, at=at)
    return total


def _points_to_return(spend: LedgerEntry, order: Order, refunded: Decimal, left_out: Decimal) -> int:
    """Points of a spend that go back in total; `refunded` goods that the order now leaves out had been paid for too."""
    if order.status == OrderStatus.CANCELLED or earnable_orders.is_money_back(order):
        return -spend.points
    return rules.points_to_return(spent=-spend.points, paid=order.paid_goods + left_out, refunded=refunded)


def _refunded_goods(orders: Iterable[Order]) -> dict[int, tuple[Decimal, Decimal]]:
    """Order id → what was given back for its goods, and what of it the order leaves out since. One query."""
    found = {order.pk: (rules.ZERO, rules.ZERO) for order in orders}
    sums = Refund.objects.filter(order__in=list(found)).values_list("order_id").order_by()
    for order_id, refunded, left_out in sums.annotate(Sum("goods_amount"), Sum("left_out_goods")):
        found[order_id] = (refunded, left_out)
    return found


def _returned_by_spend(spends: list[LedgerEntry]) -> dict[int, int]:
    """Points that went back before, lapsed ones included, by the spend's id. One query."""
    returned: dict[int, int] = {}
    returns = LedgerEntry.objects.filter(original__in=spends, kind=EntryKind.RETURN)
    for spend_id, data in returns.values_list("original_id", "data"):
        returned[spend_id or 0] = returned.get(spend_id or 0, 0) + int(data["returned"])
    return returned


def _lots_to_refill(spend: LedgerEntry, points: int) -> list[tuple[PointsLot, int]]:
    """(lot, points): points taken last go back first, so that those with the longest life come back first."""
    debits = (
        Allocation.objects.filter(entry=spend, points__lt=0, lot__isnull=False)
        .select_related("lot__rule")
        .order_by("-lot__expires_at", "-lot_id")
    )
    returned = _returned_by_lot(spend)
    parts: list[tuple[PointsLot, int]] = []
    missing = points
    for debit in debits:
        lot = debit.lot
        part = min(-debit.points - returned.get(debit.lot_id or 0, 0), missing)
        if part > 0 and lot is not None:
            parts.append((lot, part))
            missing -= part
    return parts


def _returned_by_lot(spend: LedgerEntry) -> dict[int, int]:
    """Points of a spend that went back before, by the lot from which they came. Two queries."""
    returns = LedgerEntry.objects.filter(original=spend, kind=EntryKind.RETURN)
    returned: dict[int, int] = dict(
        Allocation.objects.filter(entry__in=returns, lot__isnull=False)
        .values_list("lot_id")
        .annotate(Sum("points"))
        .order_by()
    )
    for lot_id, points in PointsLot.objects.filter(entry__in=returns).values_list("restores_id", "points"):
        returned[lot_id or 0] = returned.get(lot_id or 0, 0) + points
    return returned


def _reinstate_days(rule: EarningRule | None) -> int:
    return rule.reinstate_days if rule else DEFAULT_REINSTATE_DAYS


def _reinstated_lot(lot: PointsLot, points: int, at: datetime) -> NewLot:
    """A lot that ends at the end of the last local day of reinstatement, counted from `at`."""
    zone = program_settings.program_time_zone()
    last_day = rules.expiry_day(at, zone) + timedelta(days=_reinstate_days(lot.rule))
    return NewLot(
        points=points,
        earned_at=lot.earned_at,
        available_at=at,
        expires_at=rules.end_of_day(last_day, zone),
        rule_id=lot.rule_id,
        restores_id=lot.pk,
    )
