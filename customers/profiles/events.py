"""What is announced of customers; ids are customer ids."""

from crm.kernel.background import events

CUSTOMER_CREATED = events.declare("customer_created")
CUSTOMER_CHANGED = events.declare("customer_changed")
# A behaviour was reported; ids are activity ids.
ACTIVITY_RECORDED = events.declare("activity_recorded")
