"""What is announced of customers; ids are customer ids."""

from crm.kernel.background import events

CUSTOMER_CREATED = events.declare_event("customer_created")
CUSTOMER_CHANGED = events.declare_event("customer_changed")
# A behaviour was reported; ids are activity ids.
ACTIVITY_RECORDED = events.declare_event("activity_recorded")
