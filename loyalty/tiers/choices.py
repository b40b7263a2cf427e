"""Choices of tiers."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ServiceLevel(models.TextChoices):
    STANDARD = "standard", _("Standard service")
    PRIORITY = "priority", _("Priority service")
    VIP = "vip", _("Own adviser")


class GrantReason(models.TextChoices):
    JOINED = "joined", _("Joined the programme")
    REACHED = "reached", _("Reached by spending")
    KEPT = "kept", _("Kept for another term")
    LOWERED = "lowered", _("Lowered at the end of the term")
    MANUAL = "manual", _("Set by staff")
