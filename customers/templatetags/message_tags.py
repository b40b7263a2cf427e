"""Template tags of messages: the state of a message as a badge."""

from typing import Any

from django import template
from django.utils.safestring import SafeString

from crm.kernel.templatetags import ui
from customers.messaging.choices import MessageState

register = template.Library()
TONES = {
    MessageState.QUEUED: ("info", "hourglass"),
    MessageState.DEFERRED: ("info", "clock"),
    MessageState.CLAIMED: ("info", "hourglass-split"),
    MessageState.DATA_STARTED: ("info", "hourglass-split"),
    MessageState.ACCEPTED: ("good", "check-circle"),
    MessageState.FAILED: ("bad", "x-circle"),
    MessageState.UNKNOWN: ("warn", "question-circle"),
    MessageState.DROPPED: ("line", "slash-circle"),
    MessageState.HELD: ("warn", "pause-circle"),
}


@register.simple_tag
def message_state(message: Any) -> SafeString:
    """The state in words and colour."""
    tone, sign = TONES[MessageState(message.state)]
    return ui.badge(message.get_state_display(), tone, sign)
