"""Drafts, customers who may be written to, and a sink to which the outbox delivers."""

from collections.abc import Callable, Iterator
from datetime import time
from itertools import count
from typing import Any

import pytest

from crm.kernel import company
from crm.kernel.time import clock
from crm.tools.proofs.smtp_sink import SinkScript, SmtpSink
from customers.messaging import consent
from customers.messaging.content import template_catalog
from customers.messaging.outbox import MessageDraft, delivery_run, enqueue_messages
from customers.messaging.policy import MessagingSettings


@pytest.fixture
def make_draft() -> Callable[..., MessageDraft]:
    """A care draft of its own occasion: `make_draft(customer, purpose="ticket")`."""
    numbers = count(1)

    def make(customer: Any, **fields: Any) -> MessageDraft:
        values = {
            "purpose": "care", "topic": "care", "source_type": "test", "source_id": 1,
            "occasion_key": f"occasion:{next(numbers)}", "subject": "Hello", "text": "Good **day**.", **fields,
        }  # fmt: skip
        return MessageDraft(customer_id=customer.pk, **values)

    return make


@pytest.fixture
def willing(make_customer: Callable[..., Any]) -> Callable[..., Any]:
    """A customer with an address who allowed care, surveys, promotions and news by e-mail."""
    numbers = count(1)

    def make(**fields: Any) -> Any:
        values = {"email": f"person{next(numbers)}@shop.example", "time_zone": "UTC", "language": "en", **fields}
        customer = make_customer(**values)
        consent.give_consent(
            customer=customer,
            channel="email",
            topics=["care", "surveys", "promotions", "news"],
            source="form",
            at=clock.now(),
        )
        return customer

    return make


@pytest.fixture
def put(make_draft: Callable[..., MessageDraft]) -> Callable[..., Any]:
    """Put one message in: `put(customer, purpose="care")`."""
    return lambda customer, **fields: enqueue_messages([make_draft(customer, **fields)], clock.now())[0]


@pytest.fixture
def open_day(db: None) -> None:
    """No quiet hours, so that the test may run at night."""
    company.change_settings(MessagingSettings, {"quiet_from": time(0), "quiet_until": time(0)}, by=None)


@pytest.fixture
def send(settings: Any) -> Callable[..., SmtpSink]:
    """Send what is due to a sink that behaves as scripted."""

    def to(script: SinkScript | None = None) -> SmtpSink:
        with SmtpSink(script or SinkScript()) as sink:
            settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
            settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
            settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
            sink.sent = delivery_run.send_due_messages(clock.now())
        return sink

    return to


EXPIRING_TEXT = {
    "subject": "{{ name }}, {{ points }} points",
    "body": "Dear {{ name }},\n\nuse **{{ points }}** now.\n\n[Look]({{ url }})\n\nCode: {{ code }}",
}


@pytest.fixture
def expiring() -> Iterator[template_catalog.TemplateDefinition]:
    """A declared template with variables of its own."""
    variables = {name: template_catalog.TemplateVariable(name, name) for name in ("points", "url", "code")}
    yield template_catalog.declare_template(
        "test-expiring", name="Expiring", purpose="care", topic="care", texts={"en": EXPIRING_TEXT}, variables=variables
    )
    del template_catalog.declared_templates["test-expiring"]
