"""How many unhappy customers still wait, for the page of the day."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy

from customers.workspace.sockets import TodayTile
from feedback.loops import selectors
from feedback.loops.choices import FollowUpState


def _waiting_count(user: Any) -> int:
    found = selectors.follow_up_counts(user)
    return found[FollowUpState.OPEN] + found[FollowUpState.CONTACTED]


FOLLOW_UPS_TILE = TodayTile(
    "follow-ups",
    gettext_lazy("Answers to follow up"),
    "emoji-frown",
    _waiting_count,
    lambda: reverse("feedback:follow_up_list"),
    "surveys.view",
)
