"""The mails of tickets (replies, and the receipt of a request), the customer's own link, and reply addresses."""

from collections.abc import Sequence
from datetime import datetime
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.kernel import company
from crm.kernel.auth import signed_links
from customers.messaging import outbox
from customers.messaging.content.template_catalog import TemplateVariable, declare_template
from feedback.tickets.models import Message, Ticket
from feedback.tickets.settings import TicketSettings

LINK_DAYS = 180
LINK_PURPOSE = "ticket"

VARIABLES = {
    "number": TemplateVariable(_("The ticket's number"), "10023"),
    "subject": TemplateVariable(
        _("What it is about"), {"en": "Broken lid", "zh-hans": "茶罐盖子破损", "zh-hant": "茶罐蓋子破損"}
    ),
    "link": TemplateVariable(
        _("The customer's own link to the ticket"), "https://evergreen.example/help/tickets/example/"
    ),
    "not_by_mail": TemplateVariable(
        _("A request to answer on the own page; empty where answers by mail are read"),
        {
            "en": "Please answer on that page: mail to this address is not read.",
            "zh-hans": "请在该页面答复：发往此地址的邮件不会有人查看。",
            "zh-hant": "請在該頁面回覆：寄到這個地址的郵件不會有人看到。",
        },
    ),
}
REPLY_VARIABLES = {
    "text": TemplateVariable(
        _("The answer"), {"en": "We have sent a new one.", "zh-hans": "我们已补发。", "zh-hant": "我們已經補寄。"}
    )
}


def declare_ticket_mails() -> None:
    """Make the mails of tickets message templates, which staff may change."""
    declare_template(
        "ticket_reply",
        name=_("Answer to a request"),
        purpose="ticket",
        topic="service",
        variables={**VARIABLES, **REPLY_VARIABLES},
        texts={
            "en": {
                "subject": "[{{ number }}] {{ subject }}",
                "body": "{{ text }}\n\n[See your request or answer]({{ link }})\n\n{{ not_by_mail }}",
            },
            "zh-hans": {
                "subject": "[{{ number }}] {{ subject }}",
                "body": "{{ text }}\n\n[查看您的请求或继续留言]({{ link }})\n\n{{ not_by_mail }}",
            },
            "zh-hant": {
                "subject": "[{{ number }}] {{ subject }}",
                "body": "{{ text }}\n\n[查看您的需求或繼續留言]({{ link }})\n\n{{ not_by_mail }}",
            },
        },
    )
    declare_template(
        "ticket_received",
        name=_("A request has arrived"),
        purpose="ticket",
        topic="service",
        variables=VARIABLES,
        texts={
            "en": {
                "subject": "[{{ number }}] We have your request: {{ subject }}",
                "body": "Hello {{ name }},\n\nwe have your request. Its number is **{{ number }}**. "
                "A person reads it and answers you.\n\n[See your request]({{ link }})\n\n{{ not_by_mail }}",
            },
            "zh-hans": {
                "subject": "[{{ number }}] 我们已收到您的请求：{{ subject }}",
                "body": "{{ name }}，您好！\n\n我们已收到您的请求，编号 **{{ number }}**。"
                "我们的同事会看到并答复您。\n\n[查看您的请求]({{ link }})\n\n{{ not_by_mail }}",
            },
            "zh-hant": {
                "subject": "[{{ number }}] 我們已收到您的需求：{{ subject }}",
                "body": "{{ name }}，您好：\n\n我們已收到您的需求，編號 **{{ number }}**。"
                "我們的同仁會親自閱讀並答覆您。\n\n[查看您的需求]({{ link }})\n\n{{ not_by_mail }}",
            },
        },
    )


def reply_recipient(ticket: Ticket) -> str:
    """The address that a reply is mailed to: the one given with the request, else the customer's own.

    Empty for a stranger: the outbox writes to customers only, so strangers read replies on their own page.
    """
    if ticket.customer_id is None:
        return ""
    return ticket.contact_email or (ticket.customer.email if ticket.customer else "") or ""


def customer_page_path(ticket: Ticket) -> str:
    """The customer's own page of the ticket: whoever holds the link may read the public messages and write."""
    return reverse("feedback:request", args=[signed_links.sign_value(LINK_PURPOSE, ticket.public_id)])


def customer_page_url(ticket: Ticket) -> str:
    """The customer's own page as a whole address, for mails."""
    return str(settings.SITE_URL) + customer_page_path(ticket)


def help_page_url() -> str:
    """The page on which anybody may write to us, as a whole address."""
    return str(settings.SITE_URL) + reverse("feedback:help")


def reply_to_address(ticket: Ticket) -> str:
    """Our address with the ticket's key after a plus sign, so that an answer finds its ticket."""
    local, _at, domain = parseaddr(company.get_settings(TicketSettings).reply_address)[1].rpartition("@")
    return f"{local}+{ticket.reply_key}@{domain}"


def reply_headers(ticket: Ticket) -> dict[str, str]:
    """Where an answer goes, if anybody reads it there; else the mail asks for an answer on the own page."""
    is_read = company.get_settings(TicketSettings).is_reply_address_read
    return {"Reply-To": reply_to_address(ticket)} if is_read else {}


def ticket_variables(ticket: Ticket) -> dict[str, Any]:
    """The values of the variables that every mail of a ticket has."""
    is_read = company.get_settings(TicketSettings).is_reply_address_read
    return {
        "number": str(ticket.number),
        "subject": ticket.subject,
        "link": customer_page_url(ticket),
        "not_by_mail": "" if is_read else VARIABLES["not_by_mail"].example,
    }


def send_reply_mail(*, ticket: Ticket, message: Message, thread: list[str], at: datetime, again: str = "") -> str:
    """Mail a reply in one thread with the mails before it. Returns its Message-ID, empty where there is no recipient.

    `again` names the mail that did not go out: this one takes its place, to the address as it now is.
    """
    occasion = f"{message.public_id}:{again}" if again else message.public_id
    return _send_mail(ticket, "ticket_reply", occasion, at, thread=thread, by_id=message.user_id, text=message.body)


def send_receipt_mail(*, ticket: Ticket, at: datetime) -> str:
    """Confirm that the request has arrived, once per ticket. Returns the Message-ID, or nothing."""
    return _send_mail(ticket, "ticket_received", "received", at)


def _send_mail(
    ticket: Ticket,
    template: str,
    occasion: str,
    at: datetime,
    *,
    thread: Sequence[str] = (),
    by_id: int | None = None,
    **variables: str,
) -> str:
    if not reply_recipient(ticket):
        return ""
    headers = reply_headers(ticket)
    if thread:
        headers |= {"In-Reply-To": thread[-1], "References": " ".join(thread[-10:])}
    draft = outbox.MessageDraft(
        customer_id=ticket.customer_id or 0,
        purpose="ticket",
        topic="service",
        source_type="ticket",
        source_id=ticket.public_id,
        occasion_key=occasion,
        template_key=template,
        language=ticket.language,
        address=reply_recipient(ticket),
        variables={**ticket_variables(ticket), **variables},
        headers=headers,
        by_id=by_id,
    )
    return str(outbox.enqueue_messages([draft], at)[0].message_id)
