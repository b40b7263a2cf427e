"""Mail members the link to their own page."""

from datetime import datetime

from django.utils.translation import gettext as _

from crm.kernel import audit
from crm.kernel.auth.models import User
from customers.messaging import outbox
from customers.profiles.models import Customer
from loyalty.account import member_links
from loyalty.points import program_settings

LINK_TEMPLATE = "member_link"
UNSENT_STATES = {"dropped", "failed"}


class MemberLinkNotSent(Exception):
    """The mail was not sent; the message says why."""


def send_member_link(*, customer: Customer, by: User, at: datetime) -> None:
    """Mail the member a fresh link, at most once a minute. Refused: MemberLinkNotSent."""
    if not customer.email:
        raise MemberLinkNotSent(_("This customer has no e-mail address."))
    settings = program_settings.loyalty_settings()
    names = {"en": settings.name_en, "zh-hans": settings.name_hans, "zh-hant": settings.name_hant}
    draft = outbox.MessageDraft(
        customer_id=customer.pk,
        purpose="transactional",
        topic="service",
        source_type=LINK_TEMPLATE,
        source_id=customer.public_id,
        occasion_key=f"{at:%Y-%m-%dT%H:%M}",
        template_key=LINK_TEMPLATE,
        variables={"link": member_links.sign_member_link(customer), "programme": names, "days": settings.link_days},
        by_id=by.pk,
    )
    (message,) = outbox.enqueue_messages([draft], at)
    if message.state in UNSENT_STATES:
        raise MemberLinkNotSent(_("The mail was not sent: %(reason)s") % {"reason": message.get_reason_display()})
    audit.record_audit_entry("member_link.sent", customer, by=by)
