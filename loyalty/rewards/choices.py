"""Choices of rewards and coupons."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DiscountKind(models.TextChoices):
    AMOUNT = "amount", _("Amount off")
    PERCENT = "percent", _("Per cent off")


class RedemptionState(models.TextChoices):
    DONE = "done", _("Redeemed")
    CANCELLED = "cancelled", _("Cancelled")
