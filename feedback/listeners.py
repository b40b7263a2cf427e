"""What this app hears, and what it registers when it starts."""

from datetime import datetime

from crm.kernel import sweeps
from feedback.surveys import defaults as survey_defaults
from feedback.surveys import letters as survey_letters
from feedback.surveys import looks as survey_looks
from feedback.surveys import services as surveys
from feedback.surveys import settings as survey_settings
from feedback.tickets import letters as ticket_letters
from feedback.tickets import looks as ticket_looks
from feedback.tickets import moves
from feedback.tickets import settings as ticket_settings

__all__ = [
    "survey_defaults",
    "survey_letters",
    "survey_looks",
    "survey_settings",
    "ticket_letters",
    "ticket_looks",
    "ticket_settings",
]


@sweeps.nightly("expire_invitations")
def invitations_expire(now: datetime) -> int:
    """Links whose days are over are marked so; they refused already."""
    return surveys.expire_invitations(at=now)


@sweeps.every_minute("close_solved_tickets")
def solved_tickets_close(now: datetime) -> int:
    """What stood solved for its days is closed."""
    return moves.close_solved(at=now)
