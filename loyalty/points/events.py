"""What is announced of points."""

from crm.kernel.background import events

# Points were spent; ids are ledger entry ids.
POINTS_SPENT = events.declare_event("points_spent")
# Points ran out; ids are customer ids.
POINTS_EXPIRED = events.declare_event("points_expired")
