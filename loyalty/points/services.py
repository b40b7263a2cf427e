"""What people and machines may do with points: spend, credit, correct. Orders earn in `earning`, expiry is in `expiry`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from crm.kernel import audit, events
from crm.kernel.people.choices import Role
from customers.profiles import timeline
from customers.profiles.models import Customer
from loyalty.points import accounts, debts, earning, programme, returns, rules
from loyalty.points.accounts import lock as lock_account
from loyalty.points.choices import EarningKind, EntryKind
from loyalty.points.events import POINTS_SPENT
from loyalty.points.models import EarningRule, LedgerEntry, PointsAccount
from loyalty.points.posting import DEBT, NewLot, Posting, post, post_one, taken

__all__ = [
    "Credit", "NotAdjustable", "NotEnoughPoints", "OverLimit", "adjust", "credit", "credit_many", "earn_for_event",
    "lock_account", "spend", "undo_adjustment",
]  # fmt: skip


class NotEnoughPoints(Exception):
    """The account has too few points that can be used now; `available` says how many it has."""

    def __init__(self, available: int, wanted: int) -> None:
        self.available, self.wanted = available, wanted
        super().__init__(
            _("Not enough points: %(available)s available, %(wanted)s needed.")
            % {"available": available, "wanted": wanted}
        )


class OverLimit(Exception):
    """The person's role may not correct so many points at once."""


class NotAdjustable(Exception):
    """The correction says nothing: no points, no reason, or an entry that cannot be undone."""


@dataclass(frozen=True)
class Credit:
    """Points to give to one customer; (system, id, rule code) makes it once."""

    customer_id: int
    points: int
    system: str
    id: str
    rule: EarningRule | None = None
    reason: str = ""
    actor_id: int | None = None
    data: Mapping[str, Any] | None = None


@transaction.atomic
def spend(
    *, account: PointsAccount, points: int, system: str, source_id: str, at: datetime, order_ref: str = "",
    by: Any = None, data: dict[str, Any] | None = None,
) -> LedgerEntry:  # fmt: skip
    """Take points from the (locked) account, earliest expiry first; the same source again returns the first entry.

    Pending and expired points cannot be spent, and debt counts against the rest. Refused: NotEnoughPoints.
    """
    if points <= 0:
        raise NotAdjustable(_("Say how many points, above 0."))
    if known := LedgerEntry.objects.filter(
        source_system=system, source_id=source_id, rule_code="", kind=EntryKind.SPEND
    ).first():
        return known
    usable = _usable(account, at)
    available = sum(lot.remaining for lot in usable) - account.debt
    if available < points:
        raise NotEnoughPoints(max(available, 0), points)
    posting = Posting(
        account_id=account.pk,
        kind=EntryKind.SPEND,
        at=at,
        source_system=system,
        source_id=source_id,
        order_ref=order_ref,
        actor_id=getattr(by, "pk", None),
        moves=taken(rules.take(usable, points)),
        data=data or {},
    )
    entry = post_one(posting, now=at)
    events.announce(POINTS_SPENT, [entry.pk], at=at)
    return entry


def credit(
    *, customer: Customer, points: int, system: str, source_id: str, at: datetime, reason: str = "", by: Any = None
) -> LedgerEntry:
    """Give a customer points; the same source again returns the first entry."""
    credit_many(credits=[Credit(customer.pk, points, system, source_id, None, reason, getattr(by, "pk", None))], at=at)
    return LedgerEntry.objects.get(source_system=system, source_id=source_id, rule_code="", kind=EntryKind.BONUS)


@transaction.atomic
def credit_many(*, credits: list[Credit], at: datetime) -> int:
    """Give many customers points, set-based; what was given before is not given again. Returns how many entries are new."""
    if any(wanted.points <= 0 for wanted in credits):
        raise NotAdjustable(_("Say how many points, above 0."))
    locked = accounts.lock_many({wanted.customer_id for wanted in credits}, at)
    fallback = _current_rule()
    postings = [
        Posting(
            account_id=locked[wanted.customer_id].pk,
            kind=EntryKind.BONUS,
            at=at,
            source_system=wanted.system,
            source_id=wanted.id,
            rule_code=wanted.rule.code if wanted.rule else "",
            rule_id=wanted.rule.pk if wanted.rule else None,
            actor_id=wanted.actor_id,
            reason=wanted.reason,
            lots=(_lot(wanted.rule or fallback, wanted.points, at),),
            data=dict(wanted.data or {}),
        )
        for wanted in credits
    ]
    written = post(postings, now=at)
    debts.settle([account.pk for account in locked.values() if account.debt], at)
    return sum(entry_id is not None for entry_id in written)


def earn_for_event(*, event: str, sources: Mapping[int, str], at: datetime) -> int:
    """Points for something other than an order: customer id → what it was; by every current rule for the event."""
    current = EarningRule.objects.filter(kind=EarningKind.PER_EVENT, event=event, ended_at=None, points__gte=1)
    wanted = [
        Credit(
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
    return credit_many(credits=wanted, at=at) if wanted else 0


@transaction.atomic
def adjust(*, customer: Customer, points: int, reason: str, by: Any, at: datetime, key: str) -> LedgerEntry:
    """Correct an account by an entry with reason and name; `key` makes it once, so that a form sent twice counts once.

    Refused: OverLimit, NotAdjustable, NotEnoughPoints (a correction takes only what can be used now).
    """
    if not points or not reason.strip():
        raise NotAdjustable(_("A correction needs points and a reason."))
    if abs(points) > (limit := adjust_limit(by)):
        raise OverLimit(_("Your role may correct at most %(limit)s points at once.") % {"limit": limit})
    account = lock_account(customer, at)
    if known := LedgerEntry.objects.filter(
        source_system="staff", source_id=key, rule_code="", kind=EntryKind.ADJUST
    ).first():
        return known
    moves, lots = _credit_or_take(account, points, at)
    posting = Posting(
        account_id=account.pk, kind=EntryKind.ADJUST, at=at, source_system="staff", source_id=key, actor_id=by.pk,
        reason=reason.strip(), moves=moves, lots=lots,
    )  # fmt: skip
    entry = post_one(posting, now=at)
    debts.settle([account.pk] if points > 0 else [], at)
    audit.record("points.adjusted", customer, by=by, after={"points": points, "reason": reason})
    timeline.write(
        [
            timeline.Line(
                customer.pk, "points_adjusted", at, {"points": points, "text": reason}, "points", str(entry.pk), by.pk
            )
        ]
    )
    return entry


@transaction.atomic
def undo_adjustment(*, entry: LedgerEntry, reason: str, by: Any, at: datetime) -> LedgerEntry:
    """Take a correction back by a counter-entry, at most once; what was credited and is spent since becomes debt."""
    if entry.kind != EntryKind.ADJUST or entry.reverses_id:
        raise NotAdjustable(_("Only a correction can be undone, and only once."))
    customer = entry.account.customer
    account = lock_account(customer, at)
    if known := LedgerEntry.objects.filter(reverses=entry).first():
        return known
    if entry.points < 0:
        cause = returns.Cause("undo", str(entry.pk), reason, by.pk, whole=True)
        returns.give_back(spend=entry, points=-entry.points, cause=cause, at=at)
    else:
        lots = [
            lot
            for lot in rules.in_order(accounts.open_lots([account.pk]).get(account.pk, []))
            if not rules.is_over(lot, at)
        ]
        parts = rules.take(lots, entry.points)
        owed = entry.points - sum(part for _lot, part in parts)
        posting = Posting(
            account_id=account.pk, kind=EntryKind.ADJUST, at=at, source_system="undo", source_id=str(entry.pk), actor_id=by.pk,
            original_id=entry.pk, reverses_id=entry.pk, reason=reason, moves=(*taken(parts), *([(DEBT, -owed)] if owed else [])),
        )  # fmt: skip
        post([posting], now=at)
    audit.record("points.adjustment_undone", customer, by=by, after={"points": -entry.points, "reason": reason})
    return LedgerEntry.objects.get(reverses=entry)


def adjust_limit(user: Any) -> int:
    """How many points the person's role may correct at once."""
    settings = programme.settings()
    if user.role == Role.ADMIN:
        return 10**9
    return settings.adjust_limit_manager if user.role == Role.MANAGER else settings.adjust_limit_service


def _credit_or_take(account: PointsAccount, points: int, at: datetime) -> tuple[Any, tuple[NewLot, ...]]:
    if points > 0:
        return (), (_lot(_current_rule(), points, at),)
    usable = _usable(account, at)
    available = sum(lot.remaining for lot in usable) - account.debt
    if available < -points:
        raise NotEnoughPoints(max(available, 0), -points)
    return taken(rules.take(usable, -points)), ()


def _usable(account: PointsAccount, at: datetime) -> list[rules.Lot]:
    lots = accounts.open_lots([account.pk]).get(account.pk, [])
    return rules.in_order(lot for lot in lots if rules.is_available(lot, at))


def _current_rule() -> EarningRule | None:
    """The rule for orders that lends its expiry to points from elsewhere."""
    return EarningRule.objects.filter(kind=EarningKind.PER_MONEY, ended_at=None).order_by("code").first()


def _lot(rule: EarningRule | None, points: int, at: datetime) -> NewLot:
    """Given points can be used at once; they expire as the rule says."""
    return NewLot(points, at, at, earning.expiry_of(rule, at) if rule else None, rule.pk if rule else None)
