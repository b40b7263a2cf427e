"""What is announced of rewards and coupons."""

from crm.kernel.background import events

# A member redeemed a reward; ids are redemption ids.
REWARD_REDEEMED = events.declare_event("reward_redeemed")
# A coupon was used; ids are coupon use ids.
COUPON_USED = events.declare_event("coupon_used")
