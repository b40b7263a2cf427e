"""What points buy: rewards, redemptions, coupons and their use."""
