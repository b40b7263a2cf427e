"""Redeem rewards, pay with points, cancel redemptions: points and benefit change in one transaction."""

from collections.abc import Sequence
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
from loyalty.points import program_settings, spend_returns
from loyalty.points import services as ledger
from loyalty.points.models import LedgerEntry
from loyalty.points.services import NotEnoughPoints
from loyalty.rewards import coupons
from loyalty.rewards.choices import RedemptionState
from loyalty.rewards.coupons import CouponSource
from loyalty.rewards.events import RewardRedeemed
from loyalty.rewards.models import Coupon, Redemption, Reward
from loyalty.rewards.queries import LOCKED_REWARD_SQL, REDEMPTION_BY_KEY_SQL
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
    "RewardLimitReached",
    "RewardNotOffered",
    "TierTooLow",
    "cancel_redemption",
    "issue_coupons",
    "pay_with_points",
    "redeem_reward",
]  # fmt: skip


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
    RewardLimitReached, TierTooLow.
    """
    account = ledger.lock_account(customer, at)
    if first_redemption := _find_redemption_by_key(customer, key):
        return first_redemption
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

    Refused: NotEnoughPoints.
    """
    account = ledger.lock_account(customer, at)
    source_id = f"{customer.pk}:{key}"
    if first_entry := ledger.find_spend("payment", source_id):
        return first_entry
    entry = ledger.spend_points(
        account=account, points=points, system="payment", source_id=source_id, at=at, order_ref=order_ref, by=by
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
    registry.get_reward_kind(redemption.reward.kind).withdraw_benefit(redemption, at)
    if redemption.reward.stock is not None:
        Reward.objects.filter(pk=redemption.reward_id).update(stock=F("stock") + 1)
    cause = spend_returns.ReturnCause("redemption_cancelled", redemption.public_id, actor_id=by.pk, reverses_spend=True)
    spend_returns.return_spent_points(spend=redemption.entry, points=redemption.points, cause=cause, at=at)
    redemption.state, redemption.cancelled_at = RedemptionState.CANCELLED, at
    redemption.save(update_fields=["state", "cancelled_at"])
    _write_redemption_timeline("redemption_cancelled", redemption, by=by, at=at)
    audit.record_audit_entry("redemption.cancelled", redemption, by=by, after={"points": redemption.points})
    return redemption


def issue_coupons(
    *, customers: Sequence[int], terms: CouponTerms, source: CouponSource, at: datetime
) -> dict[int, Coupon]:
    """Issue personal coupons to many customers, one per source and customer, set-based; customer id → coupon."""
    return coupons.issue_personal_coupons(customers=customers, terms=terms, source=source, at=at)


def _find_redemption_by_key(customer: Customer, key: str) -> Redemption | None:
    redemptions = sql_rows.load_instances(Redemption, REDEMPTION_BY_KEY_SQL, [customer.pk, key], related="reward")
    return redemptions[0] if redemptions else None


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
