"""What speaks against a claimed message at this moment: asked once more, since it may have waited long."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from customers.messaging import governor, rules
from customers.messaging.choices import MessageReason, MessageState
from customers.messaging.outbox.claims import ClaimedMessage
from customers.messaging.outbox.delivery_results import DeliveryResult


@dataclass(frozen=True)
class ZoneClock:
    """A zone's clock: its day, until when the present quiet hours last, until when mail may go out otherwise."""

    day: date
    quiet_end: datetime | None
    open_until: datetime


class SendMoment:
    """An instant and the company's rules; each zone's clock is read once."""

    def __init__(self, now: datetime, policy: rules.ChannelPolicy) -> None:
        self.now, self.policy = now, policy
        self._walls: dict[str, ZoneClock] = {}

    def objection(self, message: ClaimedMessage) -> DeliveryResult | None:
        """Suppressed, too late, or at a time when its reader gets nothing; None sets until when it may go out."""
        for reason in message.suppressed or ():
            if rules.is_purpose_suppressed(reason, message.purpose, forced=message.forced):
                return DeliveryResult(message, MessageState.DROPPED, reason, frees=True, counts=False)
        if message.deadline and message.deadline <= self.now:
            return DeliveryResult(message, MessageState.DROPPED, MessageReason.LATE, frees=True, counts=False)
        message.open_until = message.deadline
        return self._untimely(message) if message.purpose in rules.UNSOLICITED_PURPOSES else None

    def _untimely(self, message: ClaimedMessage) -> DeliveryResult | None:
        wall = self._wall(message.zone)
        if wall.quiet_end:
            return DeliveryResult(
                message,
                MessageState.DEFERRED,
                MessageReason.QUIET_HOURS,
                until=wall.quiet_end,
                frees=True,
                counts=False,
            )
        if message.send_day != wall.day:
            return DeliveryResult(
                message, MessageState.DEFERRED, MessageReason.FREQUENCY_CAP, until=self.now, frees=True, counts=False
            )
        message.open_until = min(filter(None, (message.deadline, wall.open_until)))
        return None

    def _wall(self, zone: str) -> ZoneClock:
        if zone not in self._walls:
            name = governor.zone_or_company_default(zone)
            self._walls[zone] = ZoneClock(
                day=self.now.astimezone(ZoneInfo(name)).date(),
                quiet_end=rules.quiet_end(self.now, name, self.policy.quiet_from, self.policy.quiet_until),
                open_until=rules.open_until(self.now, name, self.policy),
            )
        return self._walls[zone]
