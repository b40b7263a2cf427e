"""Who may use the pages of messages, the mailbox and customers' own links."""

from typing import Any

from crm.kernel import company
from crm.kernel.auth.models import User
from crm.kernel.time import clock
from customers.messaging import consent, services, suppression
from customers.messaging.mailbox import mail_files
from customers.messaging.models import OutboundMessage, Suppression
from customers.messaging.outbox import MessageDraft, enqueue_messages
from customers.messaging.signup.services import SignupWish
from customers.messaging.signup.settings import SignupSettings
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
    consent.give_consent(customer=customer, channel="email", topics=topics, source="form", at=clock.now())
    return customer


def a_message_of(owner: User, **fields: Any) -> OutboundMessage:
    """A birthday greeting on its way."""
    draft = MessageDraft(
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
    return enqueue_messages([draft], clock.now())[0]


def link_of(owner: User) -> dict[str, Any]:
    return {"token": a_message_of(owner).token}


def mail_of(owner: User) -> dict[str, Any]:
    return {"name": mail_files.save_mail(["lin@example.com"], MAIL.encode())}


def message_of(owner: User) -> dict[str, Any]:
    return {"public_id": a_message_of(owner).public_id}


def customer_of(owner: User) -> dict[str, Any]:
    return {"public_id": willing_customer_of(owner).public_id}


def template_of(owner: User) -> dict[str, Any]:
    """A template of the company's own, with a text in each language."""
    texts = {
        "en": {
            "subject": "For you, {{ name }}",
            "body": "Dear {{ name }},\n\ncome and see **our garden**.\n\n[Look](https://shop.example/)",
        },
        "zh-hans": {"subject": "{{ name }}，给您的消息", "body": "{{ name }}，您好：\n\n欢迎来看看**我们的花园**。"},
        "zh-hant": {"subject": "{{ name }}，給您的訊息", "body": "{{ name }}，您好：\n\n歡迎來看看**我們的花園**。"},
    }
    services.save_template(
        key="garden", name="花园开放", purpose="care", topic="news", texts=texts, at=clock.now(), by=owner
    )
    return {"key": "garden"}


def a_suppressed_address(owner: User) -> Suppression:
    return suppression.suppress_address(
        channel="email", address="gone@example.com", reason="bounced", source="smtp", at=clock.now()
    )


def suppression_of(owner: User) -> dict[str, Any]:
    return {"pk": a_suppressed_address(owner).pk}


def open_signup(owner: User) -> dict[str, Any]:
    """The sign-up page is open."""
    company.change_settings(SignupSettings, {"is_open": True}, by=None)
    return {}


def signup_link_of(owner: User) -> dict[str, Any]:
    wish = SignupWish("anna@example.com", "Anna", "en", ("news",), "2026-03-01T10:00:00+08:00")
    return {"signed": wish.sign()}


NO_KEY = {"key": "nothing"}
LIFT = ("messages.view", "consent.edit")
NO_MAIL = {"name": "1" * 19 + "-" + "0" * 8}

ROWS = [
    Row("customers:sign_up", PUBLIC, given=open_signup),
    Row("customers:sign_up", PUBLIC, "post", given=open_signup, data={}),
    Row("customers:sign_up_confirm", PUBLIC, at=signup_link_of, reach=SHARED),
    Row("customers:sign_up_confirm", PUBLIC, "post", at=signup_link_of, reach=SHARED),
    Row("customers:outbox", "messages.view"),
    Row("customers:message", "messages.view", at=message_of),
    Row("customers:message_html", "messages.view", at=message_of),
    Row("customers:message_settle", ("messages.view", "messages.send"), "post", at=message_of, data={"what": "again"}),
    Row("customers:message_recall", ("messages.view", "messages.send"), "post", at=message_of),
    Row("customers:message_new", ("customers.view", "messages.send"), at=customer_of),
    Row("customers:message_new", ("customers.view", "messages.send"), "post", at=customer_of, data={"subject": ""}),
    Row("customers:consent_change", ("customers.view", "consent.edit"), "post", at=customer_of, data={"topic": "x"}),
    Row("customers:suppression_list", "messages.view"),
    Row("customers:suppression_add", ("messages.view", "consent.edit"), "post", data={"address": ""}),
    Row("customers:suppression_lift", LIFT, at=suppression_of, reach=SHARED, missing={"pk": 0}),
    Row("customers:suppression_lift", LIFT, "post", at=suppression_of, reach=SHARED, missing={"pk": 0}, data={}),
    Row("customers:message_template_list", "messages.view"),
    Row("customers:message_template_new", ("messages.view", "messages.send")),
    Row("customers:message_template_new", ("messages.view", "messages.send"), "post", data={"key": ""}),
    Row("customers:message_template", "messages.view", at=template_of, reach=SHARED, missing=NO_KEY),
    Row(
        "customers:message_template_save",
        ("messages.view", "messages.send"),
        "post",
        at=template_of,
        reach=SHARED,
        missing=NO_KEY,
        data={},
    ),
    Row(
        "customers:message_template_preview",
        "messages.view",
        at=template_of,
        reach=SHARED,
        missing=NO_KEY,
        data={"language": "en"},
    ),
    Row(
        "customers:message_template_preview",
        "messages.view",
        "post",
        at=template_of,
        reach=SHARED,
        missing=NO_KEY,
        data={"language": "en"},
    ),
    Row(
        "customers:message_template_test",
        ("messages.view", "messages.send"),
        "post",
        at=template_of,
        reach=SHARED,
        missing=NO_KEY,
        data={"language": "en"},
    ),
    Row("customers:unsubscribe", PUBLIC, at=link_of),
    Row("customers:unsubscribe", PUBLIC, "post", at=link_of, data={"List-Unsubscribe": "One-Click"}),
    Row("customers:preferences", PUBLIC, at=link_of),
    Row("customers:preferences", PUBLIC, "post", at=link_of, data={"wanted": "email.care"}),
    Row("customers:mailbox", "mailbox.view"),
    Row("customers:mailbox_message", "mailbox.view", at=mail_of, reach=SHARED, missing=NO_MAIL),
    Row("customers:mailbox_html", "mailbox.view", at=mail_of, reach=SHARED, missing=NO_MAIL),
]
