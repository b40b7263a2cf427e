"""Names of states of follow-ups and of questions after a solved ticket."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class FollowUpState(models.TextChoices):
    OPEN = "open", pgettext_lazy("follow-up", "Open")
    CONTACTED = "contacted", _("Contacted")
    RESOLVED = "resolved", _("Resolved")
    WON_BACK = "won_back", _("Won back")


class AskOutcome(models.TextChoices):
    """What became of the question after a solved ticket."""

    WAITING = "waiting", _("Waiting")
    ASKED = "asked", _("Asked")
    REOPENED = "reopened", _("The ticket was open again")
    WITHHELD = "withheld", _("Not asked")
