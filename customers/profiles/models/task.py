"""What is to be done for a customer."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.kernel.db.public_ids import PublicIdField
from customers.profiles.choices import TaskState
from customers.profiles.models.customer import Customer


class Task(models.Model):
    """Something that a member of staff is to do for a customer; with a source, on behalf of a programme."""

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
