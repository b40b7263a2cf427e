"""Care that goes out by itself, metrics, risk, and proof of effect."""
