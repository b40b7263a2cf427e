"""What follow-ups plug into the places of lower apps: the page of the day and the audit log."""

from django.urls import reverse
from django.utils.translation import gettext_lazy

from crm.kernel.audit import labels
from crm.kernel.auth.models import User
from customers.workspace.sockets import TodayTile
from feedback.loops import selectors
from feedback.loops.choices import FollowUpState


def _waiting_count(user: User) -> int:
    counts = selectors.follow_up_counts(user)
    return counts[FollowUpState.OPEN] + counts[FollowUpState.CONTACTED]


FOLLOW_UPS_TILE = TodayTile(
    "follow-ups",
    gettext_lazy("Answers to follow up"),
    "emoji-frown",
    _waiting_count,
    lambda: reverse("feedback:follow_up_list"),
    "surveys.view",
)

labels.action_labels["follow_up.moved"] = gettext_lazy("Follow-up moved")
labels.object_labels["feedback.followup"] = gettext_lazy("Follow-up")
