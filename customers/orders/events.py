"""What is announced of orders; ids are order ids unless said otherwise."""

from crm.kernel.background import events

# New orders; `live` is False for history.
ORDER_RECORDED = events.declare("order_recorded")
# Content changed: lines, amounts, customer or time.
ORDER_CHANGED = events.declare("order_changed")
ORDER_CANCELLED = events.declare("order_cancelled")
# Money was given back; ids are refund ids.
ORDER_REFUNDED = events.declare("order_refunded")
