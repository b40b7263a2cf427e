"""The brake: a server that refuses many messages in a row is held to be at fault, not the messages (docs/decisions/0055)."""

from datetime import datetime

from customers.messaging import rules
from customers.messaging.channels.transport import DeliveryOutcome
from customers.messaging.models import Relay
from customers.messaging.outbox import server_status
from customers.messaging.outbox.delivery_results import DeliveryResult, braked_result, delivery_result

REFUSALS = frozenset({"limited", "ours", "refused", "bounced"})
# A mailbox that is said not to exist so often is believed not to exist, whatever happened to the messages around it.
BOUNCES_BELIEVED = 3


class RefusalBrake:
    """Refusals in a row over all runs of a channel; from `rules.REFUSALS_IN_A_ROW` on, `paused_until` says that it is on.

    What is refused beyond that waits for the end of the pause. A message that is accepted takes the brake off.
    """

    def __init__(self, server: Relay) -> None:
        self.server = server
        self.refusals_in_row, self.earlier_pauses, self.last_refusal = server.refusals_in_row, server.failures, ""
        self.paused_until: datetime | None = None

    def result_of(self, outcome: DeliveryOutcome, now: datetime) -> DeliveryResult:
        """The outcome's result; beyond the limit a refusal counts against the server and costs the message nothing."""
        if outcome.kind == "accepted":
            self.refusals_in_row, self.earlier_pauses, self.paused_until = 0, 0, None
        if outcome.kind not in REFUSALS:
            return delivery_result(outcome.message, outcome.kind, outcome.reply, now)
        self.refusals_in_row, self.last_refusal = self.refusals_in_row + 1, outcome.reply
        if self.refusals_in_row >= rules.REFUSALS_IN_A_ROW:
            self.paused_until = self.paused_until or now + rules.brake_pause(self.earlier_pauses)
        is_bounce = outcome.kind == "bounced"
        is_believed = is_bounce and outcome.message.attempts >= BOUNCES_BELIEVED
        if self.paused_until is None or self.refusals_in_row == rules.REFUSALS_IN_A_ROW or is_believed:
            return delivery_result(outcome.message, outcome.kind, outcome.reply, now)
        return braked_result(outcome.message, self.paused_until, outcome.reply, is_attempt=is_bounce)

    def record(self) -> None:
        """Write down the pause, or at least the refusals, at the end of a run."""
        if self.paused_until:
            server_status.record_server_brake(
                self.server.channel,
                refusals_in_row=self.refusals_in_row,
                reply=self.last_refusal,
                paused_until=self.paused_until,
            )
        elif self.refusals_in_row != self.server.refusals_in_row:
            server_status.record_refusals(self.server.channel, refusals_in_row=self.refusals_in_row)
