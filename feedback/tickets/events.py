"""What tickets announce; ids are tickets."""

from crm.kernel.background import events

TICKET_OPENED = events.declare_event("ticket_opened")  # data: channel, priority
TICKET_REPLIED = events.declare_event("ticket_replied")  # a public reply of staff; data: message, user
TICKET_SOLVED = events.declare_event("ticket_solved")  # data: solve (which time), user
TICKET_REOPENED = events.declare_event("ticket_reopened")  # data: by (customer, staff)
TICKET_CLOSED = events.declare_event("ticket_closed")
