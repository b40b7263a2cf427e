"""The receipt of a stranger's request: the outbox writes to customers only, and who asks for the first time is none yet."""

from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from crm.kernel import company
from customers.messaging import addresses, rules
from customers.messaging.choices import MessageChannel, MessagePurpose
from customers.messaging.content import mail_layout, template_catalog, template_language
from customers.messaging.models import Suppression
from customers.messaging.policy import MessagingSettings
from feedback.tickets import emails, selectors
from feedback.tickets.models import Ticket

# RFC 3834: no mail program answers it by itself.
AUTOMATIC = {"Auto-Submitted": "auto-replied", "X-Auto-Response-Suppress": "All"}


def send_stranger_receipt(*, ticket: Ticket, at: datetime) -> bool:
    """Confirm a stranger's request by mail. Returns whether a mail has left.

    None goes out for a customer's ticket, without an address, to a suppressed one, or for the fourth request in a day.
    """
    address = ticket.contact_email
    if ticket.customer_id or not address or _is_suppressed(address):
        return False
    if not selectors.may_be_acknowledged(ticket, address, at):
        return False
    _receipt_mail(ticket, address).send()
    return True


def _is_suppressed(address: str) -> bool:
    digest = addresses.address_digest(MessageChannel.EMAIL, address)
    reasons = Suppression.objects.filter(channel=MessageChannel.EMAIL, digest=digest, lifted_at=None)
    return any(
        rules.is_purpose_suppressed(reason, MessagePurpose.TICKET)
        for reason in reasons.values_list("reason", flat=True)
    )


def _receipt_mail(ticket: Ticket, address: str) -> EmailMultiAlternatives:
    definition = template_catalog.get_template_definition("ticket_received")
    source = template_catalog.template_text(definition, ticket.language)
    sender = company.get_company()
    name = ticket.contact_name if template_catalog.is_personal_name(ticket.contact_name) else ""
    values = {"name": name, "full_name": name, "company": sender.name}
    values |= {
        key: template_catalog.localized_value(value, ticket.language)
        for key, value in emails.ticket_variables(ticket).items()
    }
    inner, text = template_language.fill_body(source["body"], values)
    subject = template_language.fill_subject(source.get("subject", ""), values)
    frame = mail_layout.mail_frame(ticket.language, definition.purpose, definition.topic, sender, has_agreed=False)
    mail = EmailMultiAlternatives(
        subject,
        frame.around_text(text, token=""),
        company.get_settings(MessagingSettings).sender_service or settings.DEFAULT_FROM_EMAIL,
        [address],
        headers={**emails.reply_headers(ticket), **AUTOMATIC, "Message-ID": _message_id(ticket)},
    )
    mail.attach_alternative(frame.around_html(inner, subject=subject, token=""), "text/html")
    return mail


def _message_id(ticket: Ticket) -> str:
    """Of the ticket: sent again after a fault it is the same mail."""
    return f"<received.{ticket.public_id}@{settings.MESSAGE_ID_DOMAIN}>"
