"""Retention, churn, repeat purchase, value and cohorts: counted from who bought when, never from totals alone."""
