"""What people and machines may do with points: spend, credit, correct. Orders earn in `earning`, expiry is in `expiry`."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from crm.kernel.background import events
from crm.kernel.db import sql_rows
from customers.profiles.models import Customer
from loyalty.points import accounts, credits, earning, rules
from loyalty.points.accounts import lock_account
from loyalty.points.choices import EarningKind, EntryKind
from loyalty.points.credits import CreditOutcome
from loyalty.points.events import POINTS_SPENT
from loyalty.points.models import EarningRule, LedgerEntry, PointsAccount
from loyalty.points.posting import (
    SAME_KEY_SQL,
    LedgerPosting,
    NewLot,
    build_entry,
    debit_moves,
    get_posted_entry,
    post_entries,
)

__all__ = [
    "NoPointsNamed",
    "NotEnoughPoints",
    "PointsCredit",
    "credit_many_customers",
    "credit_points",
    "earn_points_for_event",
    "find_spend",
    "lock_account",
    "spend_points",
]  # fmt: skip


class NotEnoughPoints(Exception):
    """The account has too few points that can be used now; `available` says how many it has."""

    def __init__(self, available: int, wanted: int) -> None:
        self.available, self.wanted = available, wanted
        super().__init__(
            _("Not enough points: %(available)s available, %(wanted)s needed.")
            % {"available": f"{available:,}", "wanted": f"{wanted:,}"}
        )


class NoPointsNamed(Exception):
    """No points are named."""


@dataclass(frozen=True)
class PointsCredit:
    """Points to give to one customer; (system, id, rule code) makes it once."""

    customer_id: int
    points: int
    system: str
    id: str
    rule: EarningRule | None = None
    reason: str = ""
    actor_id: int | None = None
    data: Mapping[str, Any] | None = None


def spend_points(
    *, account: PointsAccount, points: int, system: str, source_id: str, at: datetime, order_ref: str = "",
    by: Any = None, data: dict[str, Any] | None = None,
) -> LedgerEntry:  # fmt: skip
    """Take points from the (locked) account, earliest expiry first; the same source again returns the first entry.

    Pending and expired points cannot be spent, and debt counts against the rest. Refused: NotEnoughPoints.
    """
    if points <= 0:
        raise NoPointsNamed(_("Say how many points, above 0."))
    usable = usable_lots(account, at)
    available = sum(lot.remaining for lot in usable) - account.debt
    if available < points:
        if known := find_spend(system, source_id):
            return known
        raise NotEnoughPoints(max(available, 0), points)
    posting = LedgerPosting(
        account_id=account.pk,
        kind=EntryKind.SPEND,
        at=at,
        source_system=system,
        source_id=source_id,
        order_ref=order_ref,
        actor_id=getattr(by, "pk", None),
        moves=debit_moves(rules.debit_lots(usable, points)),
        data=data or {},
    )
    (entry_id,) = post_entries([posting], now=at)
    if entry_id is None:
        return get_posted_entry(posting)
    events.announce_event(POINTS_SPENT, [entry_id], at=at)
    return build_entry(posting, entry_id, at)


def credit_points(
    *, customer: Customer, points: int, system: str, source_id: str, at: datetime, reason: str = "", by: Any = None
) -> LedgerEntry:
    """Give a customer points; the same source again returns the first entry."""
    wanted = PointsCredit(customer.pk, points, system, source_id, None, reason, getattr(by, "pk", None))
    (posting,), (given,) = _post_points_credits([wanted], at)
    if given.entry_id is None:
        return get_posted_entry(posting)
    return build_entry(replace(posting, account_id=given.account_id), given.entry_id, at)


def credit_many_customers(*, points_credits: list[PointsCredit], at: datetime) -> int:
    """Give many customers points, set-based; what was given before is not given again. Returns how many entries are new."""
    _postings, given = _post_points_credits(points_credits, at)
    return sum(each.entry_id is not None for each in given)


def _post_points_credits(
    points_credits: list[PointsCredit], at: datetime
) -> tuple[list[LedgerPosting], list[CreditOutcome]]:
    if any(wanted.points <= 0 for wanted in points_credits):
        raise NoPointsNamed(_("Say how many points, above 0."))
    fallback = default_expiry_rule()
    postings = [
        LedgerPosting(
            account_id=0,
            customer_id=wanted.customer_id,
            kind=EntryKind.BONUS,
            at=at,
            source_system=wanted.system,
            source_id=wanted.id,
            rule_code=wanted.rule.code if wanted.rule else "",
            rule_id=wanted.rule.pk if wanted.rule else None,
            actor_id=wanted.actor_id,
            reason=wanted.reason,
            lots=(build_credited_lot(wanted.rule or fallback, wanted.points, at),),
            data=dict(wanted.data or {}),
        )
        for wanted in points_credits
    ]
    return postings, credits.post_credits(postings, now=at)


def earn_points_for_event(*, event: str, sources: Mapping[int, str], at: datetime) -> int:
    """Points for something other than an order: customer id → what it was; by every current rule for the event."""
    current = EarningRule.objects.filter(kind=EarningKind.PER_EVENT, event=event, ended_at=None, points__gte=1)
    wanted = [
        PointsCredit(
            customer_id,
            rules.round_points(rule.points, rule.rounding),
            event,
            source_id,
            rule,
            data={"event": event, "version": rule.version},
        )
        for rule in current
        for customer_id, source_id in sources.items()
    ]
    return credit_many_customers(points_credits=wanted, at=at) if wanted else 0


def find_spend(system: str, source_id: str) -> LedgerEntry | None:
    """The entry that a source made when points were first spent for it."""
    return next(
        iter(sql_rows.load_instances(LedgerEntry, SAME_KEY_SQL, [system, source_id, "", EntryKind.SPEND])), None
    )


def usable_lots(account: PointsAccount, at: datetime) -> list[rules.SpendableLot]:
    """What the (locked) account may spend now, in the order in which it is spent."""
    lots = accounts.remaining_lots([account.pk]).get(account.pk, [])
    return rules.lots_by_expiry(lot for lot in lots if rules.is_lot_available(lot, at))


def default_expiry_rule() -> EarningRule | None:
    """The rule for orders that lends its expiry to points from elsewhere."""
    current = "WHERE kind = %s AND ended_at IS NULL ORDER BY code LIMIT 1"
    return next(iter(sql_rows.load_instances(EarningRule, current, [EarningKind.PER_MONEY])), None)


def build_credited_lot(rule: EarningRule | None, points: int, at: datetime) -> NewLot:
    """Given points can be used at once; they expire as the rule says."""
    return NewLot(points, at, at, earning.expiry_instant(rule, at) if rule else None, rule.pk if rule else None)
