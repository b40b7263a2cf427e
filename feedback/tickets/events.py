"""What tickets announce; ids are tickets."""

from crm.kernel.background import events

TICKET_OPENED = events.declare("ticket_opened")  # data: channel, priority
TICKET_REPLIED = events.declare("ticket_replied")  # a public reply of staff; data: message, user
TICKET_SOLVED = events.declare("ticket_solved")  # data: solve (which time), user
TICKET_REOPENED = events.declare("ticket_reopened")  # data: by (customer, staff)
TICKET_CLOSED = events.declare("ticket_closed")
