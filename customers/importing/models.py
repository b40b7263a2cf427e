"""An import and what became of each row of its file."""

from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.kernel.db.public_ids import PublicIdField
from customers.importing.choices import ImportKind, ImportMode, ImportState, RowOutcome


class Import(models.Model):
    """A file that is imported: how it is read, where its columns go, what came of it."""

    public_id = PublicIdField("im")
    kind = models.CharField(_("What is in the file"), max_length=9, choices=ImportKind.choices)
    file = models.FileField(upload_to="imports/%Y/%m/")
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    encoding = models.CharField(_("Encoding"), max_length=20, blank=True)
    delimiter = models.CharField(_("Delimiter"), max_length=1, blank=True)
    columns = models.JSONField(default=list)
    sample = models.JSONField(default=list)
    mapping = models.JSONField(default=dict, help_text="Target field → column of the file.")
    preset = models.CharField(max_length=20, blank=True)
    source = models.CharField(_("Source system"), max_length=40, default="file")
    mode = models.CharField(
        _("If a customer exists"), max_length=6, choices=ImportMode.choices, default=ImportMode.UPSERT
    )
    live = models.BooleanField(_("These are new events"), default=False)
    options = models.JSONField(default=dict, help_text="currency, time zone, date order, decimal sign, strict …")
    styles = models.JSONField(default=dict, help_text="Field → what all cells of its column prove; see column_styles.")
    notes = models.JSONField(default=list, help_text="Warnings about the file as a whole: [line, column, reason].")
    state = models.CharField(max_length=8, choices=ImportState.choices, default=ImportState.UPLOADED)
    staged = models.BooleanField(default=False)
    counts = models.JSONField(default=dict)
    checked_counts = models.JSONField(default=dict)
    job = models.ForeignKey("kernel.Job", models.SET_NULL, null=True, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["-created_at"], name="import_newest")]

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_mappable(self) -> bool:
        """Its columns may be matched: nothing is written yet, and no check is under way; a failed one is over."""
        if self.state == ImportState.CHECKING:
            return self.job is not None and self.job.is_over
        return self.state in (ImportState.UPLOADED, ImportState.CHECKED)

    @property
    def is_working(self) -> bool:
        """A worker checks or runs it, or soon will."""
        return self.state in (ImportState.CHECKING, ImportState.RUNNING) and not self.is_mappable

    @property
    def broken_check(self) -> Any:
        """The job of a check that did not come to its end, or None; its error says why."""
        job = self.job if self.state in (ImportState.UPLOADED, ImportState.CHECKING) else None
        return job if job is not None and job.is_over and job.state != job.State.DONE else None


class ImportRow(models.Model):
    """One row of the file and its single outcome; rows of one order share a group."""

    pk = models.CompositePrimaryKey("batch_id", "row_no")
    batch = models.ForeignKey(Import, models.CASCADE, related_name="rows")
    row_no = models.PositiveIntegerField(help_text="Line of the file where the row begins.")
    group = models.PositiveIntegerField()
    values = models.JSONField()
    outcome = models.CharField(max_length=9, choices=RowOutcome.choices, null=True)
    customer_id = models.BigIntegerField(null=True)
    customer_outcome = models.CharField(max_length=9, choices=RowOutcome.choices, null=True)
    column = models.CharField(max_length=200, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    warnings = models.JSONField(null=True, help_text="What the row lost: [[column or field, reason], …].")

    class Meta:
        indexes = [
            models.Index(fields=["batch", "group"], name="import_row_waiting", condition=models.Q(outcome=None)),
            models.Index(
                fields=["batch", "row_no"], name="import_row_rejected", condition=models.Q(outcome="rejected")
            ),
            models.Index(
                fields=["batch", "row_no"], name="import_row_warned", condition=models.Q(warnings__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id}/{self.row_no}"


@dataclass(slots=True)
class StagedRow:
    """An `ImportRow` while it is applied, without the cost of a model instance."""

    row_no: int
    group: int
    values: dict[str, str]
    outcome: str | None = None
    customer_id: int | None = None
    customer_outcome: str | None = None
    column: str = ""
    reason: str = ""
    warnings: list[list[str]] = field(default_factory=list)

    def as_staged(self) -> "StagedRow":
        """The same row as the file has it, without an outcome."""
        return StagedRow(self.row_no, self.group, self.values, warnings=list(self.warnings))
