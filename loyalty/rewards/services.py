"""Redeem rewards, pay with points, cancel redemptions: points and benefit change in one transaction."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from crm.kernel import audit
from crm.kernel.auth.models import User
from crm.kernel.background import events
from crm.kernel.db import sql_rows
from customers.profiles import timeline
from customers.profiles.models import Customer
from loyalty.points import earn_reversal, explanations, program_settings, references, spend_returns
from loyalty.points import services as ledger
from loyalty.points.choices import EntryKind
from loyalty.points.models import Allocation, LedgerEntry, PointsAccount
from loyalty.points.references import ReferenceConflict
from loyalty.points.services import NotEnoughPoints
from loyalty.rewards import coupons
from loyalty.rewards.choices import RedemptionState
from loyalty.rewards.coupons import CouponSource
from loyalty.rewards.events import RewardRedeemed
from loyalty.rewards.models import Coupon, Redemption, Reward
from loyalty.rewards.queries import LOCKED_REWARD_SQL
from loyalty.rewards.reward_kinds import registry
from loyalty.rewards.reward_kinds.registry import BenefitAlreadyUsed
from loyalty.rewards.rules import CouponTerms
from loyalty.tiers import selectors as tiers

__all__ = [
    "BenefitAlreadyUsed",
    "CancellationTooLate",
    "CouponSource",
    "NotEnoughPoints",
    "OutOfStock",
    "ReferenceConflict",
    "RewardLimitReached",
    "RewardNotOffered",
    "TierTooLow",
    "cancel_redemption",
    "issue_coupons",
    "pay_with_points",
    "redeem_reward",
    "withdraw_rewards_of_orders",
]  # fmt: skip


TILL_PREFIX = "api:"  # of keys that tills and shops give: one of them stands for a reward or for a payment, not both


class RewardNotOffered(Exception):
    """The reward is not in the catalogue now."""


class OutOfStock(Exception):
    """None is left."""


class RewardLimitReached(Exception):
    """The member has had as many of this reward as one may."""


class TierTooLow(Exception):
    """The reward is for higher tiers."""


class CancellationTooLate(Exception):
    """The hours in which a redemption may be cancelled are over."""


@transaction.atomic
def redeem_reward(*, customer: Customer, reward: Reward, at: datetime, key: str, by: User | None = None) -> Redemption:
    """Exchange points for a reward: points, stock and benefit change together or not at all; announces it.

    The same `key` again returns the first redemption. Refused: NotEnoughPoints, RewardNotOffered, OutOfStock,
    RewardLimitReached, TierTooLow, ReferenceConflict (the key redeemed something else).
    """
    account = ledger.lock_account(customer, at)
    if spend := ledger.find_spend(*_sources_of_key(customer, key)):
        return _check_repeated_redemption(spend, reward)
    (reward,) = sql_rows.load_instances(Reward, LOCKED_REWARD_SQL, [reward.pk])
    _check_reward(customer, reward)

    entry = ledger.spend_points(
        account=account, points=reward.price, system="reward", source_id=f"{customer.pk}:{key}", at=at, by=by,
        data={"reward": reward.names, "reward_id": reward.public_id},
    )  # fmt: skip
    if reward.stock is not None:
        Reward.objects.filter(pk=reward.pk).update(stock=F("stock") - 1)
    kind = registry.get_reward_kind(reward.kind)
    coupon = kind.issue_benefit(reward=reward, entry=entry, customer_id=customer.pk, at=at)
    (redemption,) = sql_rows.create_instances(
        [
            Redemption(
                customer=customer, reward=reward, points=reward.price, entry=entry, coupon=coupon, key=key, redeemed_at=at, by=by,
            )
        ]
    )  # fmt: skip
    _write_redemption_timeline("reward_redeemed", redemption, by=by, at=at)
    events.announce_event(RewardRedeemed(ids=[redemption.pk], at=at))
    return redemption


@transaction.atomic
def pay_with_points(
    *, customer: Customer, points: int, key: str, at: datetime, order_ref: str = "", by: User | None = None
) -> LedgerEntry:
    """Spend points on an order (`order_ref` = source:number); the same key again returns the first entry.

    Refused: NotEnoughPoints, ReferenceConflict (the key paid something else).
    """
    account = ledger.lock_account(customer, at)
    sources = _sources_of_key(customer, f"{TILL_PREFIX}{key}")
    _reward, (system, source_id) = sources
    if first_entry := ledger.find_spend(*sources):
        if first_entry.source_system != system:
            raise ReferenceConflict(explanations.entry_title(first_entry), references.spend_text(points, order_ref))
        return ledger.check_repeated_spend(first_entry, account=account, points=points, order_ref=order_ref)
    entry = ledger.spend_points(
        account=account, points=points, system=system, source_id=source_id, at=at, order_ref=order_ref, by=by
    )
    timeline.write_timeline(
        [
            timeline.NewTimelineEntry(
                customer.pk, "points_spent", at, {"points": -points}, "points", str(entry.pk), by.pk if by else None
            )
        ]
    )
    return entry


@transaction.atomic
def cancel_redemption(*, redemption: Redemption, by: User, at: datetime) -> Redemption:
    """Take a redemption back: points return to their lots, the benefit is void, the stock is back.

    Cancelling again changes nothing. Refused: CancellationTooLate, BenefitAlreadyUsed.
    """
    ledger.lock_account(redemption.customer, at)
    redemption = (
        Redemption.objects.select_for_update(no_key=True, of=("self",))
        .select_related("customer", "reward", "entry__account")
        .get(pk=redemption.pk)
    )
    if redemption.state == RedemptionState.CANCELLED:
        return redemption
    hours = program_settings.loyalty_settings().cancel_hours
    if at > redemption.redeemed_at + timedelta(hours=hours):
        raise CancellationTooLate(_("A redemption can be cancelled for %(hours)s hours.") % {"hours": hours})
    return _take_back(redemption, by=by, at=at)


@transaction.atomic
def withdraw_rewards_of_orders(*, order_ids: Iterable[int], at: datetime) -> int:
    """Take back unused rewards that were bought with points of orders that came to nothing; returns how many.

    Only as far as the member's other points do not cover what the orders take back, the newest first and each in whole:
    what it gave back and is not missing stays with the member. What is still missing then is owed.
    """
    withdrawn = 0
    for missing in earn_reversal.missing_points(order_ids=order_ids, at=at):
        covered = 0
        for redemption in _redemptions_from_lots(missing.account, missing.lot_ids):
            if covered >= missing.points:
                break
            try:
                _take_back(redemption, by=None, at=at, order_number=missing.order.number)
            except BenefitAlreadyUsed:
                continue
            covered, withdrawn = covered + redemption.points, withdrawn + 1
    return withdrawn


def _take_back(redemption: Redemption, *, by: User | None, at: datetime, order_number: str = "") -> Redemption:
    """Void the benefit and return stock and points; `order_number` names the order whose end is the cause."""
    registry.get_reward_kind(redemption.reward.kind).withdraw_benefit(redemption, at)
    if redemption.reward.stock is not None:
        Reward.objects.filter(pk=redemption.reward_id).update(stock=F("stock") + 1)
    cause = spend_returns.ReturnCause(
        "redemption_cancelled", redemption.public_id, actor_id=by.pk if by else None, reverses_spend=True,
        data={"undone_order": order_number} if order_number else {},
    )  # fmt: skip
    spend_returns.return_spent_points(spend=redemption.entry, points=redemption.points, cause=cause, at=at)
    redemption.state, redemption.cancelled_at = RedemptionState.CANCELLED, at
    redemption.save(update_fields=["state", "cancelled_at"])
    _write_redemption_timeline("redemption_cancelled", redemption, by=by, at=at)
    after = {"points": redemption.points, **cause.data}
    audit.record_audit_entry("redemption.cancelled", redemption, by=by, after=after)
    return redemption


def _redemptions_from_lots(account: PointsAccount, lot_ids: Sequence[int]) -> list[Redemption]:
    """What a member redeemed with points of these lots and still has, newest first, locked."""
    spends = Allocation.objects.filter(lot__in=lot_ids, points__lt=0, entry__kind=EntryKind.SPEND).values("entry")
    redemptions = Redemption.objects.filter(customer=account.customer_id, state=RedemptionState.DONE, entry__in=spends)
    rows = redemptions.select_related("customer", "reward", "entry__account").order_by("-redeemed_at", "-pk")
    return list(rows.select_for_update(no_key=True, of=("self",)))


def issue_coupons(
    *, customers: Sequence[int], terms: CouponTerms, source: CouponSource, at: datetime
) -> dict[int, Coupon]:
    """Issue personal coupons to many customers, one per source and customer, set-based; customer id → coupon."""
    return coupons.issue_personal_coupons(customers=customers, terms=terms, source=source, at=at)


def _sources_of_key(customer: Customer, key: str) -> list[tuple[str, str]]:
    """Where a key may stand in the ledger: the reward that it redeemed, and the payment that a till made by it."""
    sources = [("reward", f"{customer.pk}:{key}")]
    if key.startswith(TILL_PREFIX):
        sources.append(("payment", f"{customer.pk}:{key.removeprefix(TILL_PREFIX)}"))
    return sources


def _check_repeated_redemption(spend: LedgerEntry, reward: Reward) -> Redemption:
    redemption = Redemption.objects.filter(entry=spend).select_related("reward", "coupon").first()
    if redemption is None or redemption.reward_id != reward.pk:
        first = redemption.reward.name if redemption else references.spend_text(-spend.points, spend.order_ref)
        raise ReferenceConflict(first, reward.name)
    return redemption


def _write_redemption_timeline(kind: str, redemption: Redemption, *, by: User | None, at: datetime) -> None:
    data = {"names": redemption.reward.names, "points": redemption.points}
    timeline.write_timeline(
        [
            timeline.NewTimelineEntry(
                redemption.customer_id, kind, at, data, "redemption", redemption.public_id, by.pk if by else None
            )
        ]
    )


def _check_reward(customer: Customer, reward: Reward) -> None:
    if not reward.active:
        raise RewardNotOffered(_("This reward is not offered any more."))
    if reward.stock == 0:
        raise OutOfStock(_("This reward is out of stock."))
    if reward.tier_rank:
        grant = tiers.current_grants([customer.pk]).get(customer.pk)
        if grant is None or grant.tier.rank < reward.tier_rank:
            raise TierTooLow(_("This reward is for higher tiers."))
    if reward.per_member is not None:
        had = Redemption.objects.filter(customer=customer, reward=reward, state=RedemptionState.DONE).count()
        if had >= reward.per_member:
            raise RewardLimitReached(_("You have had as many of this reward as one member may."))
