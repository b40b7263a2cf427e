"""How a message will look for a customer, and a test of it to oneself."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from crm.kernel import company
from crm.kernel.auth.models import User
from crm.kernel.ui import languages
from customers.messaging import governor
from customers.messaging import selectors as messaging
from customers.messaging.choices import MessageChannel, MessagePurpose
from customers.messaging.content import mail_layout, template_catalog, template_language
from customers.profiles.models import Customer
from customers.workspace import selectors as workspace
from retention.care import message_variables
from retention.care.models import CareProgram, Step
from retention.care.triggers.base import TRIGGER_KINDS


class PreviewNotSent(Exception):
    """The test could not be sent; the message says why."""


@dataclass(frozen=True)
class MessagePreview:
    """The message as one customer would read it; `title` is its subject in the language of who looks at it."""

    language: str
    title: str
    subject: str
    text: str
    customer: Customer | None
    texts_ready: list[str]


def build_preview(
    program: CareProgram, step: Step | None, user: User, *, language: str, customer: str, now: datetime
) -> MessagePreview:
    """The message in a language (the customer's own unless given) for a customer: by id or by what one would search for."""
    person = _preview_customer(user, customer)
    code = (
        language
        if language in languages.LANGUAGE_CODES
        else governor.recipient_language(person)
        if person
        else languages.match_language(user.language)
    )
    texts = step.texts if step else {}
    words = texts.get(code, {})
    sample = TRIGGER_KINDS.get(program.kind).sample_values(person, now) if person else {}
    values = _preview_values(program, person, code, sample)
    _html, text = template_language.fill_body(words.get("body", ""), values)
    ready = [language for language in languages.LANGUAGE_CODES if texts.get(language, {}).get("subject")]
    reader = get_language() or code
    subject = texts.get(reader, {}).get("subject", "")
    title = template_language.fill_subject(subject, _preview_values(program, person, reader, sample))
    return MessagePreview(
        code, title, template_language.fill_subject(words.get("subject", ""), values), text, person, ready
    )


def variable_labels(kind: str) -> list[tuple[str, Any]]:
    """Name and meaning of everything a text may say."""
    return [
        (name, variable.label)
        for name, variable in {
            **template_catalog.STANDARD_VARIABLES,
            **message_variables.program_variables(kind),
        }.items()
    ]


def _preview_customer(user: User, search: str) -> Customer | None:
    """The customer of this id, else the first whose name, address or number fits, else the newest who has an address."""
    visible = Customer.objects.visible_to(user).filter(archived_at=None)
    if search:
        chosen = visible.filter(public_id=search).first() or next(
            iter(workspace.palette_customers(search[:100], user)), None
        )
        if chosen:
            return chosen
    return visible.exclude(email=None).order_by("-created_at", "-pk").first()


def _preview_values(
    program: CareProgram, person: Customer | None, code: str, sample: Mapping[str, Any]
) -> Mapping[str, str]:
    """What stands for each variable in a language: the customer's own figures where there are some, else the examples."""
    examples = {
        name: template_catalog.localized_value(variable.example, code)
        for name, variable in {
            **template_catalog.STANDARD_VARIABLES,
            **message_variables.program_variables(program.kind),
        }.items()
    }
    examples |= message_variables.shared_values()
    if person is None:
        return examples
    own_values = {name: template_catalog.localized_value(value, code) for name, value in sample.items()}
    return {**examples, **template_catalog.standard_values(person, code), **own_values}


def send_test_mail(user: User, program: CareProgram, step: Step | None, *, language: str, now: datetime) -> None:
    """Mail the message to a member of the staff, as the customer of the preview would get it. It is no message to a
    customer: it passes no governor, and stands on nobody's timeline. Refused: PreviewNotSent."""
    preview = build_preview(program, step, user, language=language, customer="", now=now)
    words = step.texts.get(preview.language, {}) if step else {}
    sample = TRIGGER_KINDS.get(program.kind).sample_values(preview.customer, now) if preview.customer else {}
    inner, text = template_language.fill_body(
        words.get("body", ""), _preview_values(program, preview.customer, preview.language, sample)
    )
    agreed = messaging.has_agreed(
        preview.customer.pk if preview.customer else None, MessageChannel.EMAIL.value, program.topic
    )
    frame = mail_layout.mail_frame(
        preview.language, MessagePurpose.CARE.value, program.topic, company.get_company(), has_agreed=agreed
    )
    subject = _("Test: %(subject)s") % {"subject": preview.subject}
    mail = EmailMultiAlternatives(subject, frame.around_text(text, token="test"), to=[user.email])
    mail.attach_alternative(frame.around_html(inner, subject=subject, token="test"), "text/html")
    try:
        mail.send()
    except OSError as error:
        raise PreviewNotSent(_("The mail server could not be reached.")) from error
