"""What an API key may be allowed: `area:read` and `area:write`."""

SCOPES = (
    "customers:read", "customers:write", "consents:read", "consents:write", "orders:read", "orders:write",
    "events:write", "points:read", "points:write",
    "coupons:read", "coupons:write", "surveys:read", "tickets:read", "tickets:write", "metrics:read",
)  # fmt: skip
