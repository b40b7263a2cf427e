"""Choices of imports."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ImportKind(models.TextChoices):
    CUSTOMERS = "customers", _("Customers")
    ORDERS = "orders", _("Orders")


class ImportMode(models.TextChoices):
    UPSERT = "upsert", _("Add new ones, replace with the file")
    FILL = "fill", _("Add new ones, fill empty fields only")
    CREATE = "create", _("Add new ones only")
    UPDATE = "update", _("Update known ones only")


class ImportState(models.TextChoices):
    UPLOADED = "uploaded", _("Uploaded")
    CHECKING = "checking", _("Checking")
    CHECKED = "checked", _("Checked")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")


class RowOutcome(models.TextChoices):
    CREATED = "created", _("Added")
    UPDATED = "updated", _("Updated")
    UNCHANGED = "unchanged", _("Unchanged")
    REJECTED = "rejected", _("Rejected")


class DateOrder(models.TextChoices):
    DAY_FIRST = "dmy", _("day first: 31/1/2026")
    MONTH_FIRST = "mdy", _("month first: 1/31/2026")
    YEAR_FIRST = "ymd", _("year first: 26/1/31")


class DecimalSign(models.TextChoices):
    POINT = "point", _("a point: 1,234.50")
    COMMA = "comma", _("a comma: 1.234,50")
