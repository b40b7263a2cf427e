"""How many unhappy customers still wait, for the page of the day."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy

from customers.workspace.sockets import Tile
from feedback.loops import selectors
from feedback.loops.choices import State


def _waiting(user: Any) -> int:
    found = selectors.counts(user)
    return found[State.OPEN] + found[State.CONTACTED]


FOLLOW_UPS = Tile(
    "follow-ups",
    gettext_lazy("Answers to follow up"),
    "emoji-frown",
    _waiting,
    lambda: reverse("feedback:follow_up_list"),
    "surveys.view",
)
