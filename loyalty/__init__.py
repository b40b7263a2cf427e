"""Points that balance, tiers, rewards and coupons."""
