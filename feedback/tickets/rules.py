"""Which states follow which, and the priority a ticket begins with. Pure."""

from datetime import datetime, timedelta

NEW, OPEN, PENDING, ON_HOLD, SOLVED, CLOSED = "new", "open", "pending", "on_hold", "solved", "closed"
LOW, NORMAL, HIGH, URGENT = 1, 2, 3, 4
UNSOLVED = (NEW, OPEN, PENDING, ON_HOLD)

NEXT_STATES: dict[str, tuple[str, ...]] = {
    NEW: (OPEN, PENDING, ON_HOLD, SOLVED),
    OPEN: (PENDING, ON_HOLD, SOLVED),
    PENDING: (OPEN, ON_HOLD, SOLVED),
    ON_HOLD: (OPEN, PENDING, SOLVED),
    SOLVED: (OPEN, CLOSED),
    CLOSED: (),
}


def may_change_state(before: str, after: str) -> bool:
    """True if a ticket may go from one state to another; nothing is new twice and nothing leaves closed."""
    return after in NEXT_STATES.get(before, ())


def state_after_customer_message(state: str) -> str:
    """A customer's message makes a waiting or solved ticket open; a new one stays new; a closed one stays closed."""
    return OPEN if state in (PENDING, ON_HOLD, SOLVED) else state


def state_after_reply(state: str) -> str:
    """After a public reply we wait for the customer, except where a third party is waited for or all is solved."""
    return PENDING if state in (NEW, OPEN, PENDING) else state


def opening_priority(requested: int, service_level: int) -> int:
    """The priority to begin with: a service level of 1 raises it by one, of 2 by two; never above urgent.

    `service_level` is what loyalty says of a customer's tier: 0 for everybody, 1 preferred, 2 and more first.
    """
    return min(URGENT, requested + max(0, min(service_level, 2)))


def is_due_to_close(solved_at: datetime | None, at: datetime, close_after_days: int) -> bool:
    """True once a solved ticket has stood untouched for its days."""
    return solved_at is not None and at - solved_at >= timedelta(days=close_after_days)
