"""What this app hears, and what it registers when it starts."""

from datetime import datetime

from crm.kernel import sweeps
from feedback.surveys import defaults as survey_defaults
from feedback.surveys import looks as survey_looks
from feedback.surveys import services as surveys
from feedback.surveys import settings as survey_settings

__all__ = ["survey_defaults", "survey_looks", "survey_settings"]


@sweeps.nightly("expire_invitations")
def invitations_expire(now: datetime) -> int:
    """Links whose days are over are marked so; they refused already."""
    return surveys.expire_invitations(at=now)
