"""Corrections by staff: entries and counter-entries with a reason and a name, limited per role; nothing is edited (LO-5)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from crm.kernel import audit
from crm.kernel.auth.choices import StaffRole
from crm.kernel.auth.models import User
from customers.profiles import timeline
from customers.profiles.models import Customer
from loyalty.points import accounts, debts, program_settings, rules, services, spend_returns
from loyalty.points.choices import EntryKind
from loyalty.points.models import LedgerEntry, PointsAccount
from loyalty.points.posting import DEBT, Allocations, LedgerPosting, NewLot, debit_allocations, post_entries, post_entry
from loyalty.points.references import ReferenceConflict
from loyalty.points.services import NotEnoughPoints

__all__ = [
    "AdjustmentOverLimit",
    "AdjustmentRefused",
    "NotEnoughPoints",
    "ReferenceConflict",
    "adjust_points",
    "adjustment_limit",
    "undo_adjustment",
]


class AdjustmentOverLimit(Exception):
    """The user's role may not correct so many points at once."""


class AdjustmentRefused(Exception):
    """The correction has no points or no reason, or the entry is none that can be undone."""


@transaction.atomic
def adjust_points(*, customer: Customer, points: int, reason: str, by: User, at: datetime, key: str) -> LedgerEntry:
    """Correct an account by an entry with reason and name; the same `key` again returns the first entry.

    Refused: AdjustmentRefused without points or reason, AdjustmentOverLimit, NotEnoughPoints (a correction takes only
    what can be used now), ReferenceConflict (the key stands for another correction).
    """
    if not points or not reason.strip():
        raise AdjustmentRefused(_("A correction needs points and a reason."))
    limit = adjustment_limit(by)
    if limit is not None and abs(points) > limit:
        raise AdjustmentOverLimit(_("Your role may correct at most %(limit)s points at once.") % {"limit": limit})
    account = accounts.lock_account(customer, at)
    source_id = f"{customer.pk}:{key}"
    if first_entry := LedgerEntry.objects.filter(
        source_system="staff", source_id=source_id, rule_code="", kind=EntryKind.ADJUST
    ).first():
        return _check_repeated(first_entry, points, reason)
    allocations, lots = _credit_or_debit(account, points, at)
    posting = LedgerPosting(
        account_id=account.pk, kind=EntryKind.ADJUST, at=at, source_system="staff", source_id=source_id, actor_id=by.pk,
        reason=reason.strip(), allocations=allocations, lots=lots,
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
def undo_adjustment(*, entry: LedgerEntry, reason: str, by: User, at: datetime) -> LedgerEntry:
    """Take a correction back by a counter-entry; credited points that are spent since become debt.

    Undoing it again returns the first counter-entry. Refused: AdjustmentRefused for anything but a correction.
    """
    if entry.kind != EntryKind.ADJUST or entry.reverses_id:
        raise AdjustmentRefused(_("Only a correction can be undone, and only once."))
    customer = entry.account.customer
    account = accounts.lock_account(customer, at)
    if counter_entry := LedgerEntry.objects.filter(reverses=entry).first():
        return counter_entry
    if entry.points < 0:
        cause = spend_returns.ReturnCause("undo", str(entry.pk), reason, by.pk, reverses_spend=True)
        spend_returns.return_spent_points(spend=entry, points=-entry.points, cause=cause, at=at)
    else:
        _take_credit_back(entry, account, reason=reason, by=by, at=at)
    audit.record_audit_entry(
        "points.adjustment_undone", customer, by=by, after={"points": -entry.points, "reason": reason}
    )
    return LedgerEntry.objects.get(reverses=entry)


def adjustment_limit(user: User) -> int | None:
    """How many points the user's role may correct at once; None: any number."""
    settings = program_settings.loyalty_settings()
    if user.role == StaffRole.ADMIN:
        return None
    return settings.adjust_limit_manager if user.role == StaffRole.MANAGER else settings.adjust_limit_service


def _check_repeated(first_entry: LedgerEntry, points: int, reason: str) -> LedgerEntry:
    first, now = (first_entry.points, first_entry.reason), (points, reason.strip())
    if first != now:
        raise ReferenceConflict(*(f"{count:+,} ({why})" for count, why in (first, now)))
    return first_entry


def _take_credit_back(entry: LedgerEntry, account: PointsAccount, *, reason: str, by: User, at: datetime) -> None:
    """Debit unexpired lots, pending ones included; the rest becomes debt."""
    lots = accounts.remaining_lots([account.pk]).get(account.pk, [])
    parts = rules.debit_lots(
        rules.lots_by_expiry(lot for lot in lots if not rules.is_lot_expired(lot, at)), entry.points
    )
    owed = entry.points - sum(part for _lot, part in parts)
    posting = LedgerPosting(
        account_id=account.pk,
        kind=EntryKind.ADJUST,
        at=at,
        source_system="undo",
        source_id=str(entry.pk),
        actor_id=by.pk,
        original_id=entry.pk,
        reverses_id=entry.pk,
        reason=reason,
        allocations=(*debit_allocations(parts), *([(DEBT, -owed)] if owed else [])),
    )
    post_entries([posting], now=at)


def _credit_or_debit(account: PointsAccount, points: int, at: datetime) -> tuple[Allocations, tuple[NewLot, ...]]:
    if points > 0:
        return (), (services.build_credited_lot(services.default_expiry_rule(), points, at),)
    lots = services.usable_lots(account, at)
    available = sum(lot.remaining for lot in lots) - account.debt
    if available < -points:
        raise services.NotEnoughPoints(max(available, 0), -points)
    return debit_allocations(rules.debit_lots(lots, -points)), ()
