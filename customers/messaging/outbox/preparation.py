"""From a claimed message to the bytes that are handed over, and the headers that mail of its kind must carry."""

from email.utils import parseaddr

from django.conf import settings

from crm.kernel import company
from customers.messaging import addresses, policy, rules
from customers.messaging.choices import MessageChannel
from customers.messaging.content import mail_layout, mime
from customers.messaging.outbox.claims import ClaimedMessage
from customers.messaging.policy import MessagingSettings


class EnvelopeSealer:
    """Seals messages; the company's settings are read once for as many as lie on it."""

    def __init__(self) -> None:
        saved = company.get_settings(MessagingSettings)
        self.company = company.get_company()
        self.policy = policy.channel_policy(MessageChannel.EMAIL)
        self.care = _sender_address(saved.sender_care or settings.DEFAULT_FROM_EMAIL)
        self.service = _sender_address(saved.sender_service or settings.DEFAULT_FROM_EMAIL)

    def seal(self, message: ClaimedMessage) -> None:
        """Write recipient, sender and bytes into the claimed message; the same message gives the same bytes each time,
        as long as its reader says nothing new."""
        sender, box = self.care if message.purpose in rules.UNSOLICITED_PURPOSES else self.service
        frame = mail_layout.mail_frame(
            message.language, message.purpose, message.topic, self.company, agreed=message.agreed
        )
        message.recipient = addresses.smtp_address(message.address)
        message.sender_box = box
        message.raw = mime.mime_message(
            message_id=message.message_id,
            sender=sender,
            to=message.recipient,
            to_name=message.name,
            subject=message.subject,
            text=frame.around_text(message.text, token=message.token),
            html=frame.around_html(message.html, subject=message.subject, token=message.token),
            date=message.created_at,
            headers=mail_headers(message),
        )


def _sender_address(written: str) -> tuple[str, str]:
    """`Name <box>` as it stands in the header, and the box for the envelope."""
    return written, addresses.smtp_address(parseaddr(written)[1])


def mail_headers(message: ClaimedMessage) -> dict[str, str]:
    """Automatic mail says so; what nobody asked for can be stopped by one click (RFC 8058) and by one list id."""
    found = {"X-Auto-Response-Suppress": "All", "X-Message": message.public_id}
    if message.purpose != "ticket":
        found["Auto-Submitted"] = "auto-generated"
    if message.purpose in rules.UNSOLICITED_PURPOSES:
        found |= {
            "List-Unsubscribe": f"<{mail_layout.unsubscribe_url(message.token)}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "List-Id": f"<{message.topic}.{settings.MESSAGE_ID_DOMAIN}>",
            "Precedence": "bulk",
        }
    return found | {name: str(value) for name, value in message.headers.items() if name not in found}
