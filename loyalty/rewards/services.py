"""Redeeming: points go first, then the benefit comes, in one transaction; and the ways back."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from crm.kernel import audit
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
    "issue_coupon",
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


class BenefitAlreadyUsed(Exception):
    """The benefit was used, so the points stay spent."""


@transaction.atomic
def redeem_reward(*, customer: Customer, reward: Reward, at: datetime, key: str, by: Any = None) -> Redemption:
    """Exchange points for a reward: points, stock and coupon change together or not at all.

    `key` makes it once: the same key again returns the first redemption. Refused: NotEnoughPoints, NotOffered,
    OutOfStock, TooMany, TierTooLow.
    """
    account = ledger.lock_account(customer, at)
    for known in sql_rows.load_instances(
        Redemption, "WHERE customer_id = %s AND key = %s", [customer.pk, key], related="reward"
    ):
        return known
    (reward,) = sql_rows.load_instances(Reward, "WHERE id = %s FOR NO KEY UPDATE", [reward.pk])
    _check_reward(customer, reward)

    entry = ledger.spend_points(
        account=account, points=reward.price, system="reward", source_id=f"{customer.pk}:{key}", at=at, by=by,
        data={"reward": reward.names, "reward_id": reward.public_id},
    )  # fmt: skip
    if reward.stock is not None:
        Reward.objects.filter(pk=reward.pk).update(stock=F("stock") - 1)
    issued = coupons.issue_personal_coupons(
        customers=[customer.pk], terms=reward.terms, source=CouponSource("redemption", str(entry.pk)), at=at
    )
    made = {"entry": entry, "coupon": issued[customer.pk], "key": key, "redeemed_at": at, "by": by}
    (redemption,) = sql_rows.create_instances(
        [Redemption(customer=customer, reward=reward, points=reward.price, **made)]
    )
    said = {"names": reward.names, "points": reward.price}
    timeline.write_timeline(
        [
            timeline.NewTimelineEntry(
                customer.pk, "reward_redeemed", at, said, "redemption", redemption.public_id, getattr(by, "pk", None)
            )
        ]
    )
    events.announce_event(RewardRedeemed(ids=[redemption.pk], at=at))
    return redemption


@transaction.atomic
def pay_with_points(
    *, customer: Customer, points: int, key: str, at: datetime, order_ref: str = "", by: Any = None
) -> LedgerEntry:
    """Spend points on an order (`order_ref` = source:number); the same key again returns the first entry.

    Refused: NotEnoughPoints.
    """
    account = ledger.lock_account(customer, at)
    known = ledger.find_spend("payment", f"{customer.pk}:{key}")
    if known is not None:
        return known
    entry = ledger.spend_points(
        account=account,
        points=points,
        system="payment",
        source_id=f"{customer.pk}:{key}",
        at=at,
        order_ref=order_ref,
        by=by,
    )
    said = {"points": -points}
    timeline.write_timeline(
        [
            timeline.NewTimelineEntry(
                customer.pk, "points_spent", at, said, "points", str(entry.pk), getattr(by, "pk", None)
            )
        ]
    )
    return entry


@transaction.atomic
def cancel_redemption(*, redemption: Redemption, by: Any, at: datetime) -> Redemption:
    """Points go back to the lots they came from, the coupon is void, the stock is back. Cancelling again changes nothing.

    Refused: TooLate, AlreadyUsed.
    """
    customer = redemption.customer
    ledger.lock_account(customer, at)
    redemption = (
        Redemption.objects.select_for_update(no_key=True, of=("self",))
        .select_related("reward", "entry__account")
        .get(pk=redemption.pk)
    )
    if redemption.state == RedemptionState.CANCELLED:
        return redemption
    hours = program_settings.loyalty_settings().cancel_hours
    if at > redemption.redeemed_at + timedelta(hours=hours):
        raise CancellationTooLate(_("A redemption can be cancelled for %(hours)s hours.") % {"hours": hours})
    if redemption.coupon_id and not Coupon.objects.filter(pk=redemption.coupon_id, uses=0).update(cancelled_at=at):
        raise BenefitAlreadyUsed(_("The coupon was used already."))
    if redemption.reward.stock is not None:
        Reward.objects.filter(pk=redemption.reward_id).update(stock=F("stock") + 1)
    cause = spend_returns.ReturnCause("redemption_cancelled", redemption.public_id, actor_id=by.pk, reverses_spend=True)
    spend_returns.return_spent_points(spend=redemption.entry, points=redemption.points, cause=cause, at=at)
    redemption.state, redemption.cancelled_at = RedemptionState.CANCELLED, at
    redemption.save(update_fields=["state", "cancelled_at"])
    said = {"names": redemption.reward.names, "points": redemption.points}
    timeline.write_timeline(
        [
            timeline.NewTimelineEntry(
                customer.pk, "redemption_cancelled", at, said, "redemption", redemption.public_id, by.pk
            )
        ]
    )
    audit.record_audit_entry("redemption.cancelled", redemption, by=by, after={"points": redemption.points})
    return redemption


def issue_coupon(*, customer: Customer, definition: CouponTerms, source: CouponSource, at: datetime) -> Coupon:
    """A personal coupon for one customer; the same source again returns the first one."""
    return issue_coupons(customers=[customer.pk], definition=definition, source=source, at=at)[customer.pk]


def issue_coupons(
    *, customers: Sequence[int], definition: CouponTerms, source: CouponSource, at: datetime
) -> dict[int, Coupon]:
    """Personal coupons for many customers of one source, set-based; customer id → coupon."""
    return coupons.issue_personal_coupons(customers=customers, terms=definition, source=source, at=at)


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
