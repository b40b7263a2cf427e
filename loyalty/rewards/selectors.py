"""The catalogue as one member sees it, their coupons and redemptions, and how often rewards are redeemed."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, QuerySet

from crm.kernel.db import sql_rows
from customers.orders.models import Order
from loyalty.points import program_settings
from loyalty.points import selectors as points
from loyalty.rewards import rules
from loyalty.rewards.choices import RedemptionState
from loyalty.rewards.models import Coupon, CouponUse, Redemption, Reward
from loyalty.rewards.queries import COUPON_BY_LETTERS_SQL
from loyalty.tiers import selectors as tiers


@dataclass(frozen=True)
class RewardOffer:
    """A reward for one member: `refusal` is why they cannot have it now (empty if they can), as the word of the API."""

    reward: Reward
    refusal: str
    points_missing: int


def reward_offers(customer_id: int, at: datetime) -> list[RewardOffer]:
    """The catalogue for a member: what they can afford first, then by the points missing. Four queries.

    While tiers are off, rewards of higher tiers are left out.
    """
    available = points.get_points_balance(customer_id, at).available
    grant = tiers.current_grants([customer_id]).get(customer_id)
    rank = grant.tier.rank if grant else 0
    redeemed = dict(
        Redemption.objects.filter(customer_id=customer_id, state=RedemptionState.DONE)
        .values_list("reward_id")
        .annotate(Count("id"))
        .order_by()
    )
    tiers_on = program_settings.loyalty_settings().tiers_on
    offers = [
        _reward_offer(reward, available, rank, redeemed.get(reward.pk, 0))
        for reward in offered_rewards()
        if tiers_on or not reward.tier_rank
    ]
    return sorted(offers, key=lambda offer: (offer.points_missing, offer.refusal != "", offer.reward.price))


def _reward_offer(reward: Reward, available: int, rank: int, redeemed: int) -> RewardOffer:
    missing = max(reward.price - max(available, 0), 0)
    if reward.stock == 0:
        return RewardOffer(reward, "out_of_stock", missing)
    if rank < reward.tier_rank:
        return RewardOffer(reward, "tier_too_low", missing)
    if reward.per_member is not None and redeemed >= reward.per_member:
        return RewardOffer(reward, "limit_reached", missing)
    return RewardOffer(reward, "insufficient_points" if missing else "", missing)


def offered_rewards() -> QuerySet[Reward]:
    """Rewards that are offered now, cheapest first."""
    return Reward.objects.filter(active=True).order_by("price", "id")


def rewards_with_redemptions(since: datetime) -> list[tuple[Reward, int]]:
    """Every reward with how often it was redeemed since an instant; offered ones first. Two queries."""
    done = Redemption.objects.filter(state=RedemptionState.DONE, redeemed_at__gte=since)
    counts = dict(done.values_list("reward_id").annotate(Count("id")).order_by())
    return [(reward, counts.get(reward.pk, 0)) for reward in Reward.objects.order_by("-active", "price", "id")]


def find_reward(public_id: str) -> Reward | None:
    """A reward by its public id."""
    return Reward.objects.filter(public_id=public_id).first()


def find_coupon(code: str) -> Coupon | None:
    """A coupon by its code as somebody types or copies it: case, hyphens, blanks and width do not matter. One query."""
    keys = [rules.code_letters(code), rules.normalize_code(code)]
    coupons = sql_rows.load_instances(Coupon, COUPON_BY_LETTERS_SQL, keys)
    return coupons[0] if coupons else None


def coupon_uses_of_order(order: Order) -> list[CouponUse]:
    """Where coupons were used on an order, oldest first, with the coupons. One query."""
    uses = CouponUse.objects.filter(reference=f"{order.source}:{order.number}").select_related("coupon", "returned_by")
    return list(uses.order_by("used_at", "pk"))


def find_coupon_use(coupon_id: str, order: Order) -> CouponUse | None:
    """The use of a coupon, by its public id, on this order."""
    return next((one for one in coupon_uses_of_order(order) if one.coupon.public_id == coupon_id), None)


def usable_coupons(customer_id: int, at: datetime) -> QuerySet[Coupon]:
    """A customer's coupons that can be used now, those that end soonest first."""
    usable = Coupon.objects.filter(
        customer_id=customer_id, cancelled_at=None, valid_from__lte=at, valid_until__gt=at, uses=0
    )
    return usable.order_by("valid_until", "id")


def customer_redemptions(customer_id: int) -> QuerySet[Redemption]:
    """A customer's redemptions, newest first."""
    return (
        Redemption.objects.filter(customer_id=customer_id)
        .select_related("reward", "coupon", "by")
        .order_by("-redeemed_at", "-id")
    )


def find_redemption(customer_id: int, public_id: str) -> Redemption | None:
    """One of a customer's redemptions."""
    return (
        customer_redemptions(customer_id)
        .filter(public_id=public_id)
        .select_related("customer", "reward", "coupon")
        .first()
    )
