"""How the state of a message looks."""

from typing import Any

from django import template
from django.utils.safestring import SafeString

from crm.kernel.templatetags import ui
from customers.messaging.choices import State

register = template.Library()
TONES = {
    State.QUEUED: ("info", "hourglass"),
    State.DEFERRED: ("info", "clock"),
    State.CLAIMED: ("info", "hourglass-split"),
    State.DATA_STARTED: ("info", "hourglass-split"),
    State.ACCEPTED: ("good", "check-circle"),
    State.FAILED: ("bad", "x-circle"),
    State.UNKNOWN: ("warn", "question-circle"),
    State.DROPPED: ("line", "slash-circle"),
    State.HELD: ("warn", "pause-circle"),
}


@register.simple_tag
def message_state(message: Any) -> SafeString:
    """The state in words and colour."""
    tone, sign = TONES[State(message.state)]
    return ui.badge(message.get_state_display(), tone, sign)
