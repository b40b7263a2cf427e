"""Who may use the pages of messages, the mailbox and customers' own links."""

from typing import Any

from crm.kernel import clock
from crm.kernel.people.models import User
from customers.messaging import consent
from customers.messaging.mailbox import store
from customers.messaging.models import OutboundMessage
from customers.messaging.outbox import Draft, enqueue
from customers.profiles import services as customers
from customers.profiles.models import Customer
from tests.house.matrix import PUBLIC, SHARED, Row

MAIL = (
    "From: Evergreen <care@evergreen.example>\r\nTo: lin@example.com\r\nSubject: =?utf-8?b?55Sf5pel5b+r5LmQ?=\r\n"
    "MIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n<p>生日快乐</p>"
)


def willing_customer_of(owner: User) -> Customer:
    """林嘉怡, who agreed to everything by e-mail."""
    customer = customers.create_customer(
        display_name="林嘉怡", email="lin@example.com", language="zh-hans", owner=owner, team=owner.team, at=clock.now()
    )
    topics = ["care", "promotions", "surveys", "news"]
    consent.give(customer=customer, channel="email", topics=topics, source="form", at=clock.now())
    return customer


def a_message_of(owner: User, **fields: Any) -> OutboundMessage:
    """A birthday greeting on its way."""
    draft = Draft(
        customer_id=willing_customer_of(owner).pk,
        source_type="test",
        source_id=1,
        occasion_key="birthday:2026",
        **{
            "purpose": "care",
            "topic": "care",
            "subject": "林嘉怡，生日快乐",
            "text": "祝您**生日快乐**。",
            **fields,
        },
    )
    return enqueue([draft], clock.now())[0]


def link_of(owner: User) -> dict[str, Any]:
    return {"token": a_message_of(owner).token}


def mail_of(owner: User) -> dict[str, Any]:
    return {"name": store.keep(["lin@example.com"], MAIL.encode())}


NO_MAIL = {"name": "1" * 19 + "-" + "0" * 8}

ROWS = [
    Row("customers:unsubscribe", PUBLIC, at=link_of),
    Row("customers:unsubscribe", PUBLIC, "post", at=link_of, data={"List-Unsubscribe": "One-Click"}),
    Row("customers:preferences", PUBLIC, at=link_of),
    Row("customers:preferences", PUBLIC, "post", at=link_of, data={"wanted": "email.care"}),
    Row("customers:mailbox", "mailbox.view"),
    Row("customers:mailbox_message", "mailbox.view", at=mail_of, reach=SHARED, missing=NO_MAIL),
    Row("customers:mailbox_html", "mailbox.view", at=mail_of, reach=SHARED, missing=NO_MAIL),
]
