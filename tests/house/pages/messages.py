"""The pages of messages, the mailbox and customers' own links."""

from crm.kernel.auth.models import User
from crm.kernel.time import clock
from customers.messaging.outbox import MessageDraft, enqueue_messages
from customers.profiles import services
from tests.house.gallery import Page
from tests.house.matrix import PUBLIC
from tests.house.rights.messages import (
    a_suppressed_address,
    customer_of,
    link_of,
    mail_of,
    message_of,
    open_signup,
    signup_link_of,
    suppression_of,
    template_of,
)


def more_messages(owner: User, count: int) -> None:
    """Receipts on their way to as many customers."""
    people = [
        services.create_customer(
            display_name="陈思远", email=f"m{n}@example.com", owner=owner, team=owner.team, at=clock.now()
        )
        for n in range(count)
    ]
    about = {
        "purpose": "transactional",
        "topic": "service",
        "source_type": "shop",
        "source_id": 1,
        "occasion_key": "receipt",
    }
    enqueue_messages(
        [MessageDraft(customer_id=person.pk, subject="订单收据", text="谢谢惠顾。", **about) for person in people],
        clock.now(),
    )


def suppressed(owner: User) -> dict[str, str]:
    a_suppressed_address(owner)
    return {}


def templates(owner: User) -> dict[str, str]:
    template_of(owner)
    return {}


PAGES = [
    Page("customers:unsubscribe", at=link_of, by=PUBLIC),
    Page("customers:preferences", at=link_of, by=PUBLIC),
    Page("customers:sign_up", at=open_signup, by=PUBLIC),
    Page("customers:sign_up", at=open_signup, by=PUBLIC, query="?asked=1"),
    Page("customers:sign_up_confirm", at=signup_link_of, by=PUBLIC),
    Page("customers:mailbox"),
    Page("customers:mailbox_message", at=mail_of),
    Page("customers:outbox", more=more_messages),
    Page("customers:message", at=message_of),
    Page("customers:message_new", at=customer_of),
    Page("customers:suppression_list", at=suppressed),
    Page("customers:suppression_lift", at=suppression_of),
    Page("customers:message_template_list", at=templates),
    Page("customers:message_template_new"),
    Page("customers:message_template", at=template_of),
]
NOT_PAGES: dict[str, str] = {
    "customers:mailbox_html": "the HTML part of a mail, in a frame",
    "customers:message_html": "the HTML part of a message, in a frame",
    "customers:message_template_preview": "a text as a customer would get it, in a frame",
}
