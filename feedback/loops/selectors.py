"""Follow-ups for their page."""

from typing import Any

from django.db.models import Count, Q, QuerySet

from feedback.loops.choices import FollowUpState
from feedback.loops.models import FollowUp


def visible_follow_ups(user: Any) -> QuerySet[FollowUp]:
    """Follow-ups inside a person's scope, with what a row shows."""
    rows = FollowUp.objects.visible_to(user)
    return rows.select_related("customer", "response__survey", "ticket", "owner")


def follow_ups_in_state(state: str, user: Any) -> QuerySet[FollowUp]:
    """The follow-ups of a state; without one, all that are not done."""
    rows = visible_follow_ups(user)
    return (
        rows.filter(state=state)
        if state in FollowUpState.values
        else rows.filter(state__in=[FollowUpState.OPEN, FollowUpState.CONTACTED])
    )


def follow_up_counts(user: Any) -> dict[str, int]:
    """How many stand in each state; one query."""
    columns = {state: Count("pk", filter=Q(state=state)) for state in FollowUpState.values}
    return FollowUp.objects.visible_to(user).aggregate(**columns)
