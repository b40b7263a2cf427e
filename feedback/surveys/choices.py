"""States and channels of invitations, and why somebody was not asked. Kinds stand in `survey_kinds` and `question_kinds`."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class InvitationState(models.TextChoices):
    CREATED = "created", _("Created")
    SENT = "sent", _("Sent")
    OPENED = "opened", _("Opened")
    PARTIAL = "partial", _("Partly answered")
    COMPLETE = "complete", _("Answered")
    EXPIRED = "expired", _("Expired")


class SurveyChannel(models.TextChoices):
    """How the question reaches the customer."""

    EMAIL = "email", pgettext_lazy("channel", "E-mail")
    LINK = "link", _("Link")
    PHONE = "phone", pgettext_lazy("channel", "Phone")


class WithheldReason(models.TextChoices):
    """Why somebody was not asked."""

    ASKED_LATELY = "asked_lately", _("Was asked lately")
    ASKED_ALREADY = "asked_already", _("Was asked on this occasion already")
    NO_ADDRESS = "no_address", _("Has no e-mail address")
    ARCHIVED = "archived", _("Is archived")
    REFUSED = "refused", _("The door for messages refused it")
