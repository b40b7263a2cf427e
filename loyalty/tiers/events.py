"""What is announced of tiers; ids are customer ids."""

from crm.kernel.background import events

# A higher tier was reached; `data["tiers"]` is customer id (as text) → tier code.
TIER_REACHED = events.declare_event("tier_reached")
# A tier was lost at the end of its term.
TIER_LOWERED = events.declare_event("tier_lowered")
