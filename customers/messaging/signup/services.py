"""Signing up: asked on the page, confirmed by the link of a mail, then consent with its proof.

What is asked for travels in the signed link, so nothing of a person is stored before they have confirmed.
"""

import base64
import json
from dataclasses import asdict, dataclass
from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse

from crm.kernel import company
from crm.kernel.auth import signed_links
from customers.messaging import addresses, consent, rules, suppression
from customers.messaging.choices import ConsentSource, MessageChannel, MessagePurpose, SuppressionReason
from customers.messaging.content import mail_layout, template_catalog, template_language
from customers.messaging.models import Suppression
from customers.messaging.policy import MessagingSettings
from customers.messaging.signup.email_template import CONFIRM_TEMPLATE
from customers.profiles import match_locks
from customers.profiles import services as customers
from customers.profiles.models import Customer

WORDING_VERSION = "sign-up-1"
LINK_PURPOSE = "signup"
LINK_DAYS = 7
# RFC 3834: no mail program answers it by itself.
AUTOMATIC = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}


@dataclass(frozen=True)
class SignupWish:
    """What somebody asked for on the page, and when."""

    email: str
    name: str
    language: str
    topics: tuple[str, ...]
    asked_at: str  # ISO 8601

    def sign(self) -> str:
        """The wish as a part of an address, which nobody else can make."""
        packed = base64.urlsafe_b64encode(json.dumps(asdict(self), ensure_ascii=False).encode()).decode()
        return signed_links.sign_value(LINK_PURPOSE, packed)


def read_wish(signed: str) -> SignupWish:
    """The wish of a link. Refused: BadSignedLink, where it is damaged or older than a week."""
    packed = signed_links.read_signed_value(LINK_PURPOSE, signed, days=LINK_DAYS)
    values = json.loads(base64.urlsafe_b64decode(packed))
    return SignupWish(**{**values, "topics": tuple(values["topics"])})


def send_confirmation(*, wish: SignupWish) -> bool:
    """Mail the link that confirms the wish. Returns whether a mail has left: none goes to an address that bounced.

    Whoever asked learns nothing of that, nor whether the address is known here.
    """
    if _is_unreachable(wish.email):
        return False
    _confirmation_mail(wish).send()
    return True


@transaction.atomic
def complete_signup(*, wish: SignupWish, at: datetime, is_confirmed: bool) -> Customer:
    """The person is a customer who agreed to these topics; doing it again changes nothing.

    A confirmed wish is the person's own word: it lifts an earlier *unsubscribed from everything*.
    """
    match_locks.lock_match_keys([wish.email.lower()])
    customer = _customers_of(wish.email).first() or customers.create_customer(
        display_name=wish.name or wish.email, email=wish.email, language=wish.language, source="sign-up", at=at
    )
    proof = "confirmed by the link in a mail" if is_confirmed else "typed on the page, not confirmed"
    consent.give_consent(
        customer=customer,
        channel=MessageChannel.EMAIL,
        topics=wish.topics,
        source=ConsentSource.FORM,
        at=at,
        wording=WORDING_VERSION,
        proof=f"sign-up of {wish.asked_at[:19]}, {proof}",
    )
    if is_confirmed:
        digest = addresses.address_digest(MessageChannel.EMAIL, wish.email)
        suppression.lift_suppressions(channel=MessageChannel.EMAIL, digest=digest, source=ConsentSource.FORM, at=at)
    return customer


def _customers_of(email: str) -> QuerySet[Customer]:
    return Customer.objects.current().filter(email__lower=email.lower()).order_by("pk")


def _is_unreachable(email: str) -> bool:
    """Whether a mail that the person asked for may not go there; who unsubscribed may sign up again."""
    digest = addresses.address_digest(MessageChannel.EMAIL, email)
    reasons = Suppression.objects.filter(channel=MessageChannel.EMAIL, digest=digest, lifted_at=None)
    return any(
        rules.is_purpose_suppressed(reason, MessagePurpose.TRANSACTIONAL)
        for reason in reasons.exclude(reason=SuppressionReason.UNSUBSCRIBED_ALL).values_list("reason", flat=True)
    )


def _confirmation_mail(wish: SignupWish) -> EmailMultiAlternatives:
    definition = template_catalog.get_template_definition(CONFIRM_TEMPLATE)
    source = template_catalog.template_text(definition, wish.language)
    sender = company.get_company()
    name = wish.name if template_catalog.is_personal_name(wish.name) else ""
    link = settings.SITE_URL + reverse("customers:sign_up_confirm", args=[wish.sign()])
    values = {"name": name, "full_name": name, "company": sender.name, "link": link, "days": str(LINK_DAYS)}
    inner, text = template_language.fill_body(source["body"], values)
    subject = template_language.fill_subject(source["subject"], values)
    frame = mail_layout.mail_frame(wish.language, definition.purpose, definition.topic, sender, has_agreed=False)
    mail = EmailMultiAlternatives(
        subject,
        frame.around_text(text, token=""),
        company.get_settings(MessagingSettings).sender_service or settings.DEFAULT_FROM_EMAIL,
        [wish.email],
        headers=AUTOMATIC,
    )
    mail.attach_alternative(frame.around_html(inner, subject=subject, token=""), "text/html")
    return mail
