"""E-mail: addresses with a domain, HTML beside the text, and a mail server."""

import re

from django.conf import settings
from django.db.models import QuerySet
from django.db.models.functions import Lower

from customers.messaging.addresses import ascii_domain
from customers.messaging.channels.registry import ChannelKind, register_channel_kind
from customers.messaging.channels.smtp import SmtpServer
from customers.messaging.choices import MessageChannel
from customers.messaging.content import template_language
from customers.messaging.outbox.preparation import EnvelopeSealer
from customers.messaging.outbox.smtp_pool import SmtpPool
from customers.profiles.models import Customer

_ENDS_COMMAND = re.compile(r"[\s\x00-\x20<>]")


class EmailDelivery:
    """By SMTP, to the mail server of the settings."""

    def open_transport(self) -> SmtpPool:
        """At most `MAIL_CONNECTIONS` connections, opened when needed."""
        return SmtpPool(configured_server(), settings.MAIL_CONNECTIONS)

    def create_sealer(self) -> EnvelopeSealer:
        """Makes MIME messages."""
        return EnvelopeSealer()


class EmailChannel(ChannelKind):
    """Mail to the customer's address."""

    code = MessageChannel.EMAIL.value
    label = MessageChannel.EMAIL.label
    icon = "envelope"
    address_field = "email"
    delivery = EmailDelivery()

    def canonical_address(self, text: str) -> str:
        """With the domain as ASCII (IDN)."""
        local, at, domain = text.rpartition("@")
        return f"{local}@{ascii_domain(domain)}" if at else text

    def customers_with_address(self, canonical: str) -> QuerySet[Customer]:
        """By the address, however it is capitalised."""
        return Customer.objects.annotate(plain=Lower("email")).filter(plain=canonical)

    def is_usable_address(self, address: str) -> bool:
        """True for an address that SMTP can carry: one @, a domain, and nothing that could end a command."""
        local, at, domain = address.rpartition("@")
        return bool(at and local and "." in domain and len(address) <= 254) and not _ENDS_COMMAND.search(address)

    def render_text(self, markdown: str) -> tuple[str, str]:
        """HTML and the same as plain text."""
        return template_language.render_markdown(markdown)


def configured_server() -> SmtpServer:
    """The mail server of the settings."""
    return SmtpServer(
        host=settings.EMAIL_HOST,
        port=settings.EMAIL_PORT,
        user=settings.EMAIL_HOST_USER or "",
        password=settings.EMAIL_HOST_PASSWORD or "",
        starttls=settings.EMAIL_USE_TLS,
        tls=settings.EMAIL_USE_SSL,
        name=settings.MESSAGE_ID_DOMAIN,
    )


register_channel_kind(EmailChannel())
