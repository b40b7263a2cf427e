"""The race for the last points: many redemptions of one account at once, judged by rows and answers alone.

`none` is the product; `no-lock` decides on a balance that it read without the account's lock, as a naive ledger would.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from customers.profiles.models import Customer
from loyalty.points import accounts, ledger_check, rules, services
from loyalty.points.models import Allocation, LedgerEntry, PointsAccount, PointsLot
from loyalty.points.services import NotEnoughPoints

ACCEPTED, REFUSED = "accepted", "refused"
RedeemVariant = Callable[[Customer, int, str, datetime], None]


@dataclass
class RaceVerdict:
    """What a race came to: how the redemptions were answered, and every promise that was broken."""

    answers: Counter[str] = field(default_factory=Counter)
    violations: list[dict[str, Any]] = field(default_factory=list)


def redeem_with_lock(customer: Customer, points: int, key: str, at: datetime) -> None:
    """One redemption as the product makes it."""
    with transaction.atomic():
        account = services.lock_account(customer, at)
        services.spend_points(account=account, points=points, system="race", source_id=key, at=at)


def redeem_without_lock(customer: Customer, points: int, key: str, at: datetime) -> None:
    """The same without the lock: read the balance, decide, write back what was read less the points."""
    with transaction.atomic():
        account = PointsAccount.objects.get(customer=customer)
        lots = rules.lots_by_expiry(accounts.remaining_lots([account.pk]).get(account.pk, []))
        if sum(lot.remaining for lot in lots) < points:
            raise NotEnoughPoints(0, points)
        entry = LedgerEntry.objects.create(
            account=account, kind="spend", points=-points, at=at, created_at=at, source_system="race", source_id=key
        )
        left = {lot.id: lot.remaining for lot in lots}
        for lot_id, part in rules.debit_lots(lots, points):
            Allocation.objects.create(entry=entry, lot_id=lot_id, points=-part)
            PointsLot.objects.filter(pk=lot_id).update(remaining=left[lot_id] - part)
        PointsAccount.objects.filter(pk=account.pk).update(posted=account.posted - points)


VARIANTS: dict[str, RedeemVariant] = {"none": redeem_with_lock, "no-lock": redeem_without_lock}


def attempt_redemption(variant: str, customer: Customer, points: int, key: str, at: datetime) -> str:
    """One redemption and how it was answered: accepted, refused, or the error that nobody should see."""
    try:
        VARIANTS[variant](customer, points, key, at)
    except NotEnoughPoints:
        return REFUSED
    except Exception as error:
        return type(error).__name__
    return ACCEPTED


def judge_race(customer: Customer, *, had: int, points: int, answers: Counter[str]) -> RaceVerdict:
    """Recompute everything from the rows: no overdraft, exact conservation, every acceptance one entry, every answer clear."""
    verdict = RaceVerdict(answers)
    account = PointsAccount.objects.get(customer=customer)
    spends = LedgerEntry.objects.filter(account=account, source_system="race")
    spent = -sum(spends.values_list("points", flat=True))
    if spent > had:
        verdict.violations.append({"what": "overdraft", "account": account.pk, "had": had, "spent": spent})
    if spends.count() != answers[ACCEPTED]:
        verdict.violations.append(
            {"what": "entries", "account": account.pk, "accepted": answers[ACCEPTED], "entries": spends.count()}
        )
    if answers[ACCEPTED] != min(had // points, answers.total()):
        verdict.violations.append(
            {"what": "accepted", "account": account.pk, "accepted": answers[ACCEPTED], "possible": had // points}
        )
    if unclear := set(answers) - {ACCEPTED, REFUSED}:
        verdict.violations.append({"what": "unclear answer", "account": account.pk, "errors": sorted(unclear)})
    found = ledger_check.verify_ledger().differences
    verdict.violations += [{"what": "conservation", **one} for one in found if one["account"] == account.pk]
    return verdict
