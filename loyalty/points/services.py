"""Spend and credit points. Orders earn in `earning`, staff correct in `corrections`, points end in `expiry`."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from crm.kernel.auth.models import User
from crm.kernel.background import events
from crm.kernel.db import sql_rows
from customers.profiles.models import Customer
from loyalty.points import accounts, credits, earning, program_settings, rules
from loyalty.points.accounts import lock_account
from loyalty.points.choices import EntryKind
from loyalty.points.credits import CreditOutcome
from loyalty.points.earning_kinds.per_event import PER_EVENT
from loyalty.points.earning_kinds.per_money import PER_MONEY
from loyalty.points.events import PointsSpent
from loyalty.points.models import EarningRule, LedgerEntry, PointsAccount
from loyalty.points.posting import (
    LedgerPosting,
    NewLot,
    build_entry,
    debit_allocations,
    get_posted_entry,
    post_entries,
)
from loyalty.points.queries import DEFAULT_RULE_SQL, SPENDS_BY_SOURCE_SQL
from loyalty.points.references import ReferenceConflict, spend_text

__all__ = [
    "NoPointsNamed",
    "NotEnoughPoints",
    "PointsCredit",
    "ReferenceConflict",
    "check_repeated_spend",
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
    """The number of points is not above 0."""


@dataclass(frozen=True)
class PointsCredit:
    """Points for one customer; (system, source id, rule code) is the key by which they are given once.

    With a rule they expire as that rule says, otherwise as the purchase rule does.
    """

    customer_id: int
    points: int
    system: str
    source_id: str
    rule: EarningRule | None = None
    reason: str = ""
    actor_id: int | None = None
    data: Mapping[str, Any] | None = None


def spend_points(
    *, account: PointsAccount, points: int, system: str, source_id: str, at: datetime, order_ref: str = "",
    by: User | None = None, data: dict[str, Any] | None = None,
) -> LedgerEntry:  # fmt: skip
    """Take points from the (locked) account, earliest expiry first; announces the spend.

    Pending and expired points cannot be spent, and debt counts against the rest. The same source again returns the first
    entry. Refused: NoPointsNamed, NotEnoughPoints, ReferenceConflict (the source spent something else).
    """
    if points <= 0:
        raise NoPointsNamed(_("Say how many points, above 0."))
    lots = usable_lots(account, at)
    available = sum(lot.remaining for lot in lots) - account.debt
    if available < points:
        if first_entry := find_spend((system, source_id)):
            return check_repeated_spend(first_entry, account=account, points=points, order_ref=order_ref)
        raise NotEnoughPoints(max(available, 0), points)
    posting = LedgerPosting(
        account_id=account.pk,
        kind=EntryKind.SPEND,
        at=at,
        source_system=system,
        source_id=source_id,
        order_ref=order_ref,
        actor_id=by.pk if by else None,
        allocations=debit_allocations(rules.debit_lots(lots, points)),
        data=data or {},
    )
    (entry_id,) = post_entries([posting], now=at)
    if entry_id is None:
        first_entry = get_posted_entry(posting)
        return check_repeated_spend(first_entry, account=account, points=points, order_ref=order_ref)
    events.announce_event(PointsSpent(ids=[entry_id], at=at))
    return build_entry(posting, entry_id, at)


def credit_points(
    *,
    customer: Customer,
    points: int,
    system: str,
    source_id: str,
    at: datetime,
    reason: str = "",
    by: User | None = None,
) -> LedgerEntry:
    """Give a customer points that can be used at once; the same source again returns the first entry.

    Refused: NoPointsNamed, ReferenceConflict (the source gave other points, or gave them to another customer).
    """
    credit = PointsCredit(
        customer.pk, points, system, source_id, reason=reason, actor_id=by.pk if by is not None else None
    )
    (posting,), (outcome,) = _post_points_credits([credit], at)
    if outcome.entry_id is None:
        first_entry = get_posted_entry(posting)
        if (first_entry.account_id, first_entry.points) != (outcome.account_id, points):
            raise ReferenceConflict(spend_text(first_entry.points), spend_text(points))
        return first_entry
    return build_entry(replace(posting, account_id=outcome.account_id), outcome.entry_id, at)


def credit_many_customers(*, points_credits: list[PointsCredit], at: datetime) -> int:
    """Give many customers points, set-based; a source never gives twice. Returns how many entries are new.

    Refused as a whole: NoPointsNamed.
    """
    _postings, outcomes = _post_points_credits(points_credits, at)
    return sum(outcome.entry_id is not None for outcome in outcomes)


def _post_points_credits(
    points_credits: list[PointsCredit], at: datetime
) -> tuple[list[LedgerPosting], list[CreditOutcome]]:
    if any(credit.points <= 0 for credit in points_credits):
        raise NoPointsNamed(_("Say how many points, above 0."))
    expiry_rule = default_expiry_rule()
    postings = [
        LedgerPosting(
            account_id=0,
            customer_id=credit.customer_id,
            kind=EntryKind.BONUS,
            at=at,
            source_system=credit.system,
            source_id=credit.source_id,
            rule_code=credit.rule.code if credit.rule else "",
            rule_id=credit.rule.pk if credit.rule else None,
            actor_id=credit.actor_id,
            reason=credit.reason,
            lots=(build_credited_lot(credit.rule or expiry_rule, credit.points, at),),
            data=dict(credit.data or {}),
        )
        for credit in points_credits
    ]
    return postings, credits.post_credits(postings, now=at)


def earn_points_for_event(*, event: str, sources: Mapping[int, str], at: datetime) -> int:
    """Give points by every current rule for an event that is no order; returns how many entries are new.

    `sources` is customer id → what happened, which earns once per rule. While points are off nothing earns.
    """
    if not program_settings.loyalty_settings().points_on:
        return 0
    current = EarningRule.objects.filter(kind=PER_EVENT, event=event, ended_at=None, points__gte=1)
    points_credits = [
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
    return credit_many_customers(points_credits=points_credits, at=at) if points_credits else 0


def find_spend(*sources: tuple[str, str]) -> LedgerEntry | None:
    """The entry by which points were spent for one of the sources, as (system, id); None if they were not. One query."""
    systems, ids = ([source[part] for source in sources] for part in (0, 1))
    entries = sql_rows.load_instances(LedgerEntry, SPENDS_BY_SOURCE_SQL, [systems, ids])
    return next((entry for entry in entries if (entry.source_system, entry.source_id) in sources), None)


def check_repeated_spend(
    first_entry: LedgerEntry, *, account: PointsAccount, points: int, order_ref: str
) -> LedgerEntry:
    """The first entry, where its source asks for the same again. Refused: ReferenceConflict."""
    first = (first_entry.account_id, -first_entry.points, first_entry.order_ref)
    if first != (account.pk, points, order_ref):
        raise ReferenceConflict(spend_text(*first[1:]), spend_text(points, order_ref))
    return first_entry


def usable_lots(account: PointsAccount, at: datetime) -> list[rules.SpendableLot]:
    """The lots that the (locked) account can spend now, in the order in which they are spent. One query."""
    lots = accounts.remaining_lots([account.pk]).get(account.pk, [])
    return rules.lots_by_expiry(lot for lot in lots if rules.is_lot_available(lot, at))


def default_expiry_rule() -> EarningRule | None:
    """The purchase rule, by which points expire that no rule gave; None if there is none. One query."""
    current_rules = sql_rows.load_instances(EarningRule, DEFAULT_RULE_SQL, [PER_MONEY])
    return current_rules[0] if current_rules else None


def build_credited_lot(rule: EarningRule | None, points: int, at: datetime) -> NewLot:
    """A lot that can be used at once and expires as the rule says; without a rule it never does."""
    return NewLot(points, at, at, earning.expiry_instant(rule, at) if rule else None, rule.pk if rule else None)
