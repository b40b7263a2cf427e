"""What is announced of orders; ids are order ids unless said otherwise."""

from crm.kernel.background import events

# New orders; `live` is False for history.
ORDER_RECORDED = events.declare_event("order_recorded")
# Content changed: lines, amounts, customer or time.
ORDER_CHANGED = events.declare_event("order_changed")
ORDER_CANCELLED = events.declare_event("order_cancelled")
# Money was given back; ids are refund ids.
ORDER_REFUNDED = events.declare_event("order_refunded")
