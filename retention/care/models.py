"""Programmes, their versions and steps, who entered them, and what each planning did."""

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from crm.kernel.db.public_ids import PublicIdField
from crm.kernel.ui import languages
from retention.care import version_settings
from retention.care.choices import EnrollmentState, HoldoutArm, ProgramState
from retention.care.steps.base import STEP_KINDS, StepSettings
from retention.care.version_settings import VersionSettings


class CareProgram(models.Model):
    """An automation: whom it reaches, what it does, what it is for. Off until somebody has reviewed it."""

    public_id = PublicIdField("pg")
    key = models.SlugField(max_length=40, unique=True)
    kind = models.CharField(_("Kind"), max_length=20, help_text="A module of care/triggers.")
    names = models.JSONField(help_text="Name per language.")
    state = models.CharField(_("State"), max_length=6, choices=ProgramState.choices, default=ProgramState.OFF)
    topic = models.CharField(_("Topic"), max_length=12, default="care", help_text="The topic of consent that it needs.")
    exits_on_goal = models.BooleanField(_("A purchase ends it before the message"), default=True)
    holdout_share = models.DecimalField(_("Holdout"), max_digits=4, decimal_places=3, default="0.100")
    evaluation_days = models.PositiveSmallIntegerField(_("Evaluation window in days"), default=90)
    smallest_effect = models.DecimalField(
        max_digits=6, decimal_places=5, null=True, help_text="The smallest effect that counts, stated before the start."
    )
    current = models.ForeignKey("ProgramVersion", models.PROTECT, null=True, related_name="+")
    started_at = models.DateTimeField(null=True)
    planned_until = models.DateTimeField(null=True, help_text="Every occasion before this instant has been planned.")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(name="holdout_at_most_half", condition=models.Q(holdout_share__range=(0, "0.5"))),
            models.CheckConstraint(
                name="running_program_is_planned",
                condition=models.Q(state=ProgramState.OFF)
                | models.Q(started_at__isnull=False, planned_until__isnull=False, current__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return languages.pick_text(self.names, get_language() or "en")

    @property
    def settings(self) -> VersionSettings:
        """Of the current version, else the defaults of the kind."""
        return self.current.typed_settings if self.current else version_settings.parse_settings(self.kind, {})


class ProgramVersion(models.Model):
    """What a programme says and does from a time on; who entered under it stays on it. Never changed."""

    APPEND_ONLY = True

    program = models.ForeignKey(CareProgram, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    settings = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey("kernel.User", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint("program", "number", name="version_number_once")]

    def __str__(self) -> str:
        return f"{self.program} {self.number}"

    @property
    def typed_settings(self) -> VersionSettings:
        return version_settings.parse_settings(self.program.kind, self.settings)


class Step(models.Model):
    """One thing that a version does for who is treated, in order of position. Never changed."""

    APPEND_ONLY = True

    version = models.ForeignKey(ProgramVersion, models.PROTECT, related_name="steps")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=20, help_text="A module of care/steps.")
    texts = models.JSONField(default=dict, help_text='Per language: {"en": {"subject": …, "body": …}}.')

    class Meta:
        ordering = ["version", "position"]
        constraints = [models.UniqueConstraint("version", "position", name="step_position_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.position}"

    @property
    def typed_settings(self) -> StepSettings:
        """Its own part of the version's settings."""
        return version_settings.parse_values(STEP_KINDS.get(self.kind).settings_class, self.version.settings)


class ProgramRun(models.Model):
    """One planning that found somebody: the days it looked at and how many went where."""

    program = models.ForeignKey(CareProgram, models.PROTECT, related_name="runs")
    version = models.ForeignKey(ProgramVersion, models.PROTECT, related_name="+")
    ran_at = models.DateTimeField()
    planned_from = models.DateTimeField()
    planned_until = models.DateTimeField()
    eligible = models.PositiveIntegerField(default=0)
    treated = models.PositiveIntegerField(default=0)
    held_out = models.PositiveIntegerField(default=0)
    suppressed = models.JSONField(default=dict, help_text="Reason → customers.")
    skipped_late = models.PositiveIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["program", "-ran_at", "-id"], name="run_newest")]

    def __str__(self) -> str:
        return f"{self.program} {self.ran_at:%Y-%m-%d %H:%M}"

    @property
    def suppressed_count(self) -> int:
        return sum(self.suppressed.values())


class Enrollment(models.Model):
    """One customer and one occasion of a programme: at most once, whoever plans. Also who was held out, could not be
    reached or came too late has a row, so that every eligible customer is accounted for."""

    public_id = PublicIdField("ce")
    # Programme and customer stand first in indexes below, and nobody asks by version: a row is written to few indexes.
    program = models.ForeignKey(CareProgram, models.PROTECT, related_name="enrollments", db_index=False)
    version = models.ForeignKey(ProgramVersion, models.PROTECT, related_name="+", db_index=False)
    run = models.ForeignKey(ProgramRun, models.PROTECT, related_name="enrollments")
    customer = models.ForeignKey("customers.Customer", models.PROTECT, related_name="+", db_index=False)
    occasion_key = models.CharField(max_length=60)
    occasion_on = models.DateField()
    arm = models.CharField(max_length=8, choices=HoldoutArm.choices, null=True)
    state = models.CharField(max_length=12, choices=EnrollmentState.choices)
    reason = models.CharField(max_length=60, blank=True)
    position = models.PositiveSmallIntegerField(default=1, help_text="The step to do next.")
    due_at = models.DateTimeField(null=True)
    entered_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    message = models.ForeignKey("customers.OutboundMessage", models.PROTECT, null=True, related_name="+")
    goal_reached_at = models.DateTimeField(null=True)
    goal_order = models.ForeignKey("customers.Order", models.PROTECT, null=True, related_name="+")
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint("program", "customer", "occasion_key", name="enrollment_once_per_occasion"),
            models.CheckConstraint(
                name="enrollment_arm_among_reachable",
                condition=models.Q(arm__isnull=False)
                | models.Q(state__in=[EnrollmentState.SUPPRESSED, EnrollmentState.SKIPPED_LATE]),
            ),
            models.CheckConstraint(
                name="held_out_gets_nothing",
                condition=models.Q(arm__isnull=True)
                | models.Q(arm=HoldoutArm.TREATED)
                | models.Q(state=EnrollmentState.DONE, position=1, message__isnull=True),
            ),
            models.CheckConstraint(
                name="waiting_enrollment_is_due",
                condition=~models.Q(state=EnrollmentState.WAITING) | models.Q(due_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at", "id"], name="enrollment_due", condition=models.Q(state=EnrollmentState.WAITING)
            ),
            models.Index(
                fields=["message"], name="enrollment_under_way", condition=models.Q(state=EnrollmentState.IN_PROGRESS)
            ),
            models.Index(fields=["program", "-entered_at", "-id"], name="enrollment_newest"),
            models.Index(fields=["customer", "-entered_at"], name="enrollment_of_customer"),
        ]

    def __str__(self) -> str:
        return f"{self.occasion_key}: {self.state}"
