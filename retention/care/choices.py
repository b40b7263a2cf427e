"""Choices of care programmes."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ProgramState(models.TextChoices):
    OFF = "off", _("Off")
    ON = "on", _("On")
    PAUSED = "paused", _("Paused")


class HoldoutArm(models.TextChoices):
    TREATED = "treated", _("Treated")
    HELD_OUT = "held_out", _("Held out")


class EnrollmentState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    IN_PROGRESS = "in_progress", _("In progress")
    DONE = "done", _("Done")
    EXITED = "exited", _("Exited")
    SUPPRESSED = "suppressed", _("Suppressed")
    SKIPPED_LATE = "skipped_late", _("Skipped, too late")
    FAILED = "failed", _("Failed")


class EnrollmentOutcome(models.TextChoices):
    """Where each eligible customer ended: exactly one of these, so that they add up."""

    ACCEPTED = "accepted", _("Sent")
    HELD_OUT = "held_out", _("Held out")
    SUPPRESSED = "suppressed", _("Suppressed")
    EXITED = "exited", _("Left before the message")
    SKIPPED_LATE = "skipped_late", _("Skipped, too late")
    FAILED = "failed", _("Failed")
    UNKNOWN = "unknown", _("Fate unknown")
    IN_PROGRESS = "in_progress", _("In progress")
