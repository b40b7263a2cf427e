"""Choices of the points ledger."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RoundingMode(models.TextChoices):
    FLOOR = "floor", _("Down")
    HALF_UP = "half_up", _("To the nearest, halves up")
    CEILING = "ceiling", _("Up")


class ExpiryMode(models.TextChoices):
    NEVER = "never", _("Never")
    MONTHS = "months", _("Months after earning")
    END_OF_MONTH = "end_of_month", _("End of the month, months after earning")
    END_OF_QUARTER = "end_of_quarter", _("End of the quarter, months after earning")
    END_OF_HALF_YEAR = "end_of_half_year", _("End of the half-year, months after earning")
    END_OF_YEAR = "end_of_year", _("End of the year, months after earning")
    FIXED_DATE = "fixed_date", _("On a fixed date")


class RefundPolicy(models.TextChoices):
    GO_NEGATIVE = "go_negative", _("The account goes below zero")
    WRITE_OFF = "write_off", _("The missing points are written off")
    BLOCK = "block", _("The refund is refused")


class EntryKind(models.TextChoices):
    EARN = "earn", _("Earned")
    BONUS = "bonus", _("Bonus")
    SPEND = "spend", _("Redeemed")
    RETURN = "return", _("Returned")
    REVERSE = "reverse", _("Taken back")
    EXPIRE = "expire", _("Expired")
    ADJUST = "adjust", _("Corrected")
    REPAY = "repay", _("Debt paid")
