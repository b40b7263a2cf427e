"""Corrections: counter-entries with a reason and a name, limited per role; nothing is edited (LO-5)."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from crm.kernel import audit
from crm.kernel.auth.choices import StaffRole
from customers.profiles import timeline
from customers.profiles.models import Customer
from loyalty.points import accounts, debts, program_settings, rules, services, spend_returns
from loyalty.points.choices import EntryKind
from loyalty.points.models import LedgerEntry, PointsAccount
from loyalty.points.posting import DEBT, LedgerPosting, NewLot, debit_moves, post_entries, post_entry
from loyalty.points.services import NotEnoughPoints

__all__ = [
    "AdjustmentOverLimit",
    "AdjustmentRefused",
    "NotEnoughPoints",
    "adjust_points",
    "adjustment_limit",
    "undo_adjustment",
]


class AdjustmentOverLimit(Exception):
    """The person's role may not correct so many points at once."""


class AdjustmentRefused(Exception):
    """The correction says nothing: no points, no reason, or an entry that cannot be undone."""


@transaction.atomic
def adjust_points(*, customer: Customer, points: int, reason: str, by: Any, at: datetime, key: str) -> LedgerEntry:
    """Correct an account by an entry with reason and name; `key` makes it once, so that a form sent twice counts once.

    Refused: OverLimit, NotAdjustable, NotEnoughPoints (a correction takes only what can be used now).
    """
    if not points or not reason.strip():
        raise AdjustmentRefused(_("A correction needs points and a reason."))
    limit = adjustment_limit(by)
    if limit is not None and abs(points) > limit:
        raise AdjustmentOverLimit(_("Your role may correct at most %(limit)s points at once.") % {"limit": limit})
    account = accounts.lock_account(customer, at)
    if known := LedgerEntry.objects.filter(
        source_system="staff", source_id=f"{customer.pk}:{key}", rule_code="", kind=EntryKind.ADJUST
    ).first():
        return known
    moves, lots = _credit_or_take(account, points, at)
    posting = LedgerPosting(
        account_id=account.pk, kind=EntryKind.ADJUST, at=at, source_system="staff", source_id=f"{customer.pk}:{key}", actor_id=by.pk,
        reason=reason.strip(), moves=moves, lots=lots,
    )  # fmt: skip
    entry = post_entry(posting, now=at)
    debts.settle_debts([account.pk] if points > 0 else [], at)
    audit.record_audit_entry("points.adjusted", customer, by=by, after={"points": points, "reason": reason})
    timeline.write_timeline(
        [
            timeline.NewTimelineEntry(
                customer.pk, "points_adjusted", at, {"points": points, "text": reason}, "points", str(entry.pk), by.pk
            )
        ]
    )
    return entry


@transaction.atomic
def undo_adjustment(*, entry: LedgerEntry, reason: str, by: Any, at: datetime) -> LedgerEntry:
    """Take a correction back by a counter-entry, at most once; what was credited and is spent since becomes debt."""
    if entry.kind != EntryKind.ADJUST or entry.reverses_id:
        raise AdjustmentRefused(_("Only a correction can be undone, and only once."))
    customer = entry.account.customer
    account = accounts.lock_account(customer, at)
    if known := LedgerEntry.objects.filter(reverses=entry).first():
        return known
    if entry.points < 0:
        cause = spend_returns.ReturnCause("undo", str(entry.pk), reason, by.pk, whole=True)
        spend_returns.return_spent_points(spend=entry, points=-entry.points, cause=cause, at=at)
    else:
        lots = [
            lot
            for lot in rules.lots_by_expiry(accounts.remaining_lots([account.pk]).get(account.pk, []))
            if not rules.is_lot_expired(lot, at)
        ]
        parts = rules.debit_lots(lots, entry.points)
        owed = entry.points - sum(part for _lot, part in parts)
        posting = LedgerPosting(
            account_id=account.pk, kind=EntryKind.ADJUST, at=at, source_system="undo", source_id=str(entry.pk), actor_id=by.pk,
            original_id=entry.pk, reverses_id=entry.pk, reason=reason, moves=(*debit_moves(parts), *([(DEBT, -owed)] if owed else [])),
        )  # fmt: skip
        post_entries([posting], now=at)
    audit.record_audit_entry(
        "points.adjustment_undone", customer, by=by, after={"points": -entry.points, "reason": reason}
    )
    return LedgerEntry.objects.get(reverses=entry)


def adjustment_limit(user: Any) -> int | None:
    """How many points the person's role may correct at once; None: as many as needed."""
    settings = program_settings.loyalty_settings()
    if user.role == StaffRole.ADMIN:
        return None
    return settings.adjust_limit_manager if user.role == StaffRole.MANAGER else settings.adjust_limit_service


def _credit_or_take(account: PointsAccount, points: int, at: datetime) -> tuple[Any, tuple[NewLot, ...]]:
    if points > 0:
        return (), (services.build_credited_lot(services.default_expiry_rule(), points, at),)
    usable = services.usable_lots(account, at)
    available = sum(lot.remaining for lot in usable) - account.debt
    if available < -points:
        raise services.NotEnoughPoints(max(available, 0), -points)
    return debit_moves(rules.debit_lots(usable, -points)), ()
