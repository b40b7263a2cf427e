"""What happened with a customer, and what is to be done."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.kernel.db.public_ids import PublicIdField
from customers.profiles.choices import TaskState
from customers.profiles.models.customer import Customer


class TimelineEntry(models.Model):
    """One thing that happened with a customer; its sentence is made from kind and data in the reader's language."""

    APPEND_ONLY = True

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=40)
    at = models.DateTimeField()
    data = models.JSONField(default=dict)
    object_type = models.CharField(max_length=40, blank=True)
    object_id = models.CharField(max_length=40, blank=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["customer", "-at", "-id"], name="timeline_of_customer")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d} {self.kind}"


class Activity(models.Model):
    """Behaviour that a shop or app reports: `viewed_product`, `added_to_cart`, anything."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+")
    name = models.CharField(max_length=60)
    at = models.DateTimeField()
    source = models.CharField(max_length=40, blank=True)
    data = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["customer", "-at"], name="activity_of_customer"),
            models.Index(fields=["name", "-at"], name="activity_by_name"),
        ]
        verbose_name_plural = "activities"

    def __str__(self) -> str:
        return self.name


class Task(models.Model):
    """Something that a person of the staff is to do for a customer."""

    public_id = PublicIdField("tk")
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="tasks")
    title = models.CharField(_("What to do"), max_length=200)
    kind = models.CharField(max_length=20, default="task")
    due_on = models.DateField(_("Due"), null=True, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="tasks", verbose_name=_("Owner")
    )
    state = models.CharField(max_length=7, choices=TaskState.choices, default=TaskState.OPEN)
    result = models.TextField(_("Result"), blank=True)
    source_type = models.CharField(max_length=40, blank=True)
    source_id = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["owner", "due_on"], name="task_open_of_owner", condition=models.Q(state="open"))
        ]

    def __str__(self) -> str:
        return self.title
