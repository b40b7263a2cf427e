"""How a follow-up moves, and when it is due. Pure."""

from datetime import date, timedelta

OPEN, CONTACTED, RESOLVED, WON_BACK = "open", "contacted", "resolved", "won_back"
ORDER = (OPEN, CONTACTED, RESOLVED, WON_BACK)
SATURDAY = 5


def may_change_state(before: str, after: str) -> bool:
    """Forward by one or more steps, or back from contacted or resolved when the customer is unhappy again."""
    if after not in ORDER or before not in ORDER or before == after:
        return False
    return before != WON_BACK or after == RESOLVED


def contact_deadline(day: date, working_days: int) -> date:
    """The day by which somebody must have spoken to the customer; Saturdays and Sundays do not count."""
    while working_days > 0:
        day += timedelta(days=1)
        working_days -= day.weekday() < SATURDAY
    return day
