"""Points that were spent go back: into the lots they came from, with the expiry they had."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Sum

from crm.kernel.db import sql_rows
from customers.orders.choices import OrderStatus
from customers.orders.models import Order
from loyalty.points import accounts, debts, program_settings, rules
from loyalty.points.choices import EntryKind
from loyalty.points.models import Allocation, EarningRule, LedgerEntry, PointsLot
from loyalty.points.posting import LedgerPosting, NewLot, post_entries

REINSTATE_DAYS = 30  # where the lot was made by no rule


@dataclass(frozen=True)
class ReturnCause:
    """Why points go back: the key of the entry, and the person if there is one."""

    system: str
    id: str
    reason: str = ""
    actor_id: int | None = None
    whole: bool = False
    data: dict[str, Any] = field(default_factory=dict)


def return_spent_points(*, spend: LedgerEntry, points: int, cause: ReturnCause, at: datetime) -> int:
    """Give `points` of a spend back; the caller holds the account's lock. Returns how many came back.

    A lot that is over comes back within its rule's days of reinstatement, as a new lot that names it; later those
    points have lapsed, and the entry says so.
    """
    moves: list[tuple[int | None, int]] = []
    lots: list[NewLot] = []
    lapsed = 0
    for lot, part in _lots_to_refill(spend, points):
        if lot.expires_at is None or at < lot.expires_at:
            moves.append((lot.pk, part))
        elif at < lot.expires_at + timedelta(days=_reinstate_days(lot.rule)):
            lots.append(_reinstated_lot(lot, part, at))
        else:
            lapsed += part
    posting = LedgerPosting(
        account_id=spend.account_id,
        kind=EntryKind.RETURN,
        at=at,
        source_system=cause.system,
        source_id=cause.id,
        rule_code=spend.rule_code,
        order_ref=spend.order_ref,
        original_id=spend.pk,
        reverses_id=spend.pk if cause.whole else None,
        actor_id=cause.actor_id,
        reason=cause.reason,
        moves=tuple(moves),
        lots=tuple(lots),
        data={
            **spend.data,
            **cause.data,
            "returned": points,
            "lapsed": lapsed,
            "reinstated": sum(lot.points for lot in lots),
        },
    )
    post_entries([posting], now=at)
    debts.settle_debts([spend.account_id], at)
    return posting.points


def return_points_for_orders(*, order_ids: Iterable[int], source: str, at: datetime) -> int:
    """Points spent on orders that were refunded or cancelled go back, in proportion to what was refunded (LO-13)."""
    found = sql_rows.load_instances(Order, "WHERE id = ANY(%s)", [list(order_ids)])
    orders = {f"{order.source}:{order.number}": order for order in found}
    paid = "WHERE t.order_ref = ANY(%s) AND t.order_ref <> '' AND t.kind = 'spend' ORDER BY t.id"
    spends = sql_rows.load_instances(LedgerEntry, paid, [list(orders)], related="account")
    if not spends:
        return 0
    accounts.lock_accounts({spend.account.customer_id for spend in spends}, at)
    returned = _points_returned(spends)
    system, _colon, cause = source.partition(":")
    total = 0
    for spend in spends:
        order = orders[spend.order_ref]
        refunded = order.goods_total if order.status == OrderStatus.CANCELLED else order.refunded_total
        due = rules.points_to_return(spent=-spend.points, base=order.goods_total, refunded=refunded) - returned.get(
            spend.pk, 0
        )
        if due > 0:
            key = ReturnCause(system, f"{cause}:spend:{spend.pk}", data={"order": order.number})
            total += return_spent_points(spend=spend, points=due, cause=key, at=at)
    return total


def _points_returned(spends: list[LedgerEntry]) -> dict[int, int]:
    """Points that went back (or lapsed on the way) before, by spend."""
    sums: dict[int, int] = {}
    for original_id, data in LedgerEntry.objects.filter(original__in=spends, kind=EntryKind.RETURN).values_list(
        "original_id", "data"
    ):
        sums[original_id or 0] = sums.get(original_id or 0, 0) + int(data["returned"])
    return sums


def _lots_to_refill(spend: LedgerEntry, points: int) -> list[tuple[PointsLot, int]]:
    """(lot, points): what was taken last goes back first, so that the points that live longest come back first."""
    taken = (
        Allocation.objects.filter(entry=spend, points__lt=0, lot__isnull=False)
        .select_related("lot__rule")
        .order_by("-lot__expires_at", "-lot_id")
    )
    back = _returned_by_lot(spend)
    parts: list[tuple[PointsLot, int]] = []
    missing = points
    for allocation in taken:
        lot = allocation.lot
        part = min(-allocation.points - back.get(allocation.lot_id or 0, 0), missing)
        if part > 0 and lot is not None:
            parts.append((lot, part))
            missing -= part
    return parts


def _returned_by_lot(spend: LedgerEntry) -> dict[int, int]:
    """Points that went back before, by the lot they once came from."""
    entries = LedgerEntry.objects.filter(original=spend, kind=EntryKind.RETURN)
    back: dict[int, int] = dict(
        Allocation.objects.filter(entry__in=entries, lot__isnull=False)
        .values_list("lot_id")
        .annotate(Sum("points"))
        .order_by()
    )
    for lot_id, points in PointsLot.objects.filter(entry__in=entries).values_list("restores_id", "points"):
        back[lot_id or 0] = back.get(lot_id or 0, 0) + points
    return back


def _reinstate_days(rule: EarningRule | None) -> int:
    return rule.reinstate_days if rule else REINSTATE_DAYS


def _reinstated_lot(lot: PointsLot, points: int, at: datetime) -> NewLot:
    day = rules.expiry_day(at, program_settings.program_time_zone()) + timedelta(days=_reinstate_days(lot.rule))
    return NewLot(
        points=points,
        earned_at=lot.earned_at,
        available_at=at,
        expires_at=rules.end_of_day(day, program_settings.program_time_zone()),
        rule_id=lot.rule_id,
        restores_id=lot.pk,
    )
