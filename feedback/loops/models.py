"""What must still happen after a bad answer or a solved ticket."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from crm.kernel.auth.choices import RecordScope
from crm.kernel.auth.models import User
from crm.kernel.db.public_ids import PublicIdField
from feedback.loops.choices import AskOutcome, FollowUpState


class FollowUpQuerySet(models.QuerySet["FollowUp"]):
    """Which follow-ups."""

    def visible_to(self, user: User) -> "FollowUpQuerySet":
        """Those that the user owns, and those of customers inside the user's scope."""
        if user.scope == RecordScope.ALL:
            return self
        own = Q(owner=user) | Q(customer__owner=user)
        if user.scope == RecordScope.OWN or user.team_id is None:
            return self.filter(own)
        return self.filter(own | Q(owner__team=user.team_id) | Q(customer__team=user.team_id))


class FollowUp(models.Model):
    """A bad answer that somebody takes care of until the customer is won back."""

    public_id = PublicIdField("fu")
    response = models.OneToOneField("feedback.Response", models.PROTECT, related_name="+")
    customer = models.ForeignKey("customers.Customer", models.PROTECT, related_name="+")
    ticket = models.ForeignKey("feedback.Ticket", models.PROTECT, null=True, related_name="+")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=9, choices=FollowUpState.choices, default=FollowUpState.OPEN)
    due_on = models.DateField()
    created_at = models.DateTimeField()
    moved_at = models.DateTimeField()

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["due_on", "id"], name="follow_up_open", condition=Q(state__in=["open", "contacted"])),
            models.Index(fields=["customer"], name="follow_up_of_customer"),
        ]

    def __str__(self) -> str:
        return f"{self.customer}: {self.state}"


class Ask(models.Model):
    """After a ticket was solved its customer is asked, once per solve, when the wait is over."""

    ticket = models.ForeignKey("feedback.Ticket", models.PROTECT, related_name="+")
    solve = models.PositiveSmallIntegerField()
    due_at = models.DateTimeField()
    outcome = models.CharField(max_length=8, choices=AskOutcome.choices, default=AskOutcome.WAITING)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint("ticket", "solve", name="ask_once_per_solve")]
        indexes = [models.Index(fields=["due_at", "id"], name="ask_due", condition=Q(outcome="waiting"))]

    def __str__(self) -> str:
        return f"{self.ticket_id} · {self.solve}: {self.outcome}"
