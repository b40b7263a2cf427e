"""What happens to a claimed message before it is handed over: may it still go, and the bytes that are sent."""

from dataclasses import dataclass
from datetime import date, datetime
from email.utils import parseaddr
from zoneinfo import ZoneInfo

from django.conf import settings

from crm.kernel import company
from customers.messaging import addresses, governor, policy, rules
from customers.messaging.choices import MessageChannel, MessageReason, MessageState
from customers.messaging.content import mail_layout, mime
from customers.messaging.outbox.claims import ClaimedMessage
from customers.messaging.outbox.delivery_results import DeliveryResult
from customers.messaging.policy import MessagingSettings


@dataclass(frozen=True)
class ZoneClock:
    """A time zone at an instant: its day, the end of its quiet hours, and until when mail may go out otherwise."""

    day: date
    quiet_end: datetime | None
    open_until: datetime


class SendMoment:
    """An instant and the company's rules; each time zone is worked out once."""

    def __init__(self, now: datetime, channel_policy: rules.ChannelPolicy) -> None:
        self.now, self.policy = now, channel_policy
        self._clocks: dict[str, ZoneClock] = {}

    def objection_to(self, message: ClaimedMessage) -> DeliveryResult | None:
        """Why a claimed message may not go after all, since it may have waited long; the governor's rules are asked again.

        Suppressed or past its deadline: dropped. In quiet hours, or on another day than its slot: deferred. None where it
        may go; then `sendable_until` says until when that holds.
        """
        for reason in message.suppression_reasons or ():
            if rules.is_purpose_suppressed(reason, message.purpose, forced=message.forced):
                return _untried(message, MessageState.DROPPED, reason)
        if message.deadline and message.deadline <= self.now:
            return _untried(message, MessageState.DROPPED, MessageReason.LATE)
        message.sendable_until = message.deadline
        return self._timing_objection(message) if message.purpose in rules.UNSOLICITED_PURPOSES else None

    def _timing_objection(self, message: ClaimedMessage) -> DeliveryResult | None:
        zone = self._zone_clock(message.time_zone)
        if zone.quiet_end:
            return _untried(message, MessageState.DEFERRED, MessageReason.QUIET_HOURS, zone.quiet_end)
        if message.send_day != zone.day:
            return _untried(message, MessageState.DEFERRED, MessageReason.FREQUENCY_CAP, self.now)
        message.sendable_until = min(filter(None, (message.deadline, zone.open_until)))
        return None

    def _zone_clock(self, time_zone: str) -> ZoneClock:
        if time_zone not in self._clocks:
            name = governor.zone_or_company_default(time_zone)
            self._clocks[time_zone] = ZoneClock(
                day=self.now.astimezone(ZoneInfo(name)).date(),
                quiet_end=rules.quiet_end(self.now, name, self.policy.quiet_from, self.policy.quiet_until),
                open_until=rules.open_until(self.now, name, self.policy),
            )
        return self._clocks[time_zone]


def _untried(
    message: ClaimedMessage, state: MessageState, reason: str, retry_at: datetime | None = None
) -> DeliveryResult:
    """A result without an attempt; the message's slot of the day is free again."""
    return DeliveryResult(message, state, reason, retry_at=retry_at, frees_slot=True, is_attempt=False)


class EnvelopeSealer:
    """Makes the bytes of messages; the company's settings are read once for a whole claim."""

    def __init__(self) -> None:
        saved = company.get_settings(MessagingSettings)
        self.company = company.get_company()
        self.policy = policy.channel_policy(MessageChannel.EMAIL)
        self.care_sender = _sender_address(saved.sender_care or settings.DEFAULT_FROM_EMAIL)
        self.service_sender = _sender_address(saved.sender_service or settings.DEFAULT_FROM_EMAIL)

    def seal_message(self, message: ClaimedMessage) -> None:
        """Set the message's envelope and bytes. The same message gives the same bytes each time, as long as its recipient
        gives or withdraws no consent."""
        is_unsolicited = message.purpose in rules.UNSOLICITED_PURPOSES
        sender, message.envelope_sender = self.care_sender if is_unsolicited else self.service_sender
        message.envelope_recipient = addresses.smtp_address(message.address)
        frame = mail_layout.mail_frame(
            message.language, message.purpose, message.topic, self.company, has_agreed=message.has_agreed
        )
        message.raw = mime.mime_message(
            message_id=message.message_id,
            sender=sender,
            to=message.envelope_recipient,
            to_name=message.recipient_name,
            subject=message.subject,
            text=frame.around_text(message.text, token=message.token),
            html=frame.around_html(message.html, subject=message.subject, token=message.token),
            date=message.created_at,
            headers=mail_headers(message),
        )


def _sender_address(sender: str) -> tuple[str, str]:
    """`Name <address>` as it stands in the header, and the address alone for the envelope."""
    return sender, addresses.smtp_address(parseaddr(sender)[1])


def mail_headers(message: ClaimedMessage) -> dict[str, str]:
    """Automatic mail says so; care and survey mail can be stopped by one click (RFC 8058) and by one list id."""
    headers = {"X-Auto-Response-Suppress": "All", "X-Message": message.public_id}
    if message.purpose != "ticket":
        headers["Auto-Submitted"] = "auto-generated"
    if message.purpose in rules.UNSOLICITED_PURPOSES:
        headers |= {
            "List-Unsubscribe": f"<{mail_layout.unsubscribe_url(message.token)}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "List-Id": f"<{message.topic}.{settings.MESSAGE_ID_DOMAIN}>",
            "Precedence": "bulk",
        }
    return headers | {name: str(value) for name, value in message.headers.items() if name not in headers}
