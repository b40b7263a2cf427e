"""Follow-ups for their page."""

from django.db.models import Count, Q, QuerySet

from crm.kernel.auth.models import User
from feedback.loops.choices import FollowUpState
from feedback.loops.models import FollowUp, FollowUpQuerySet


def follow_ups_with_relations() -> FollowUpQuerySet:
    """Follow-ups with what a row shows."""
    return FollowUp.objects.select_related("customer", "response__survey", "ticket", "owner")


def follow_ups_in_state(state: str, user: User) -> QuerySet[FollowUp]:
    """The follow-ups in a state; for any other word those that are open or contacted."""
    rows = follow_ups_with_relations().visible_to(user)
    return (
        rows.filter(state=state)
        if state in FollowUpState.values
        else rows.filter(state__in=[FollowUpState.OPEN, FollowUpState.CONTACTED])
    )


def follow_up_counts(user: User) -> dict[str, int]:
    """How many follow-ups are in each state; one query."""
    columns = {state: Count("pk", filter=Q(state=state)) for state in FollowUpState.values}
    return FollowUp.objects.visible_to(user).aggregate(**columns)
