"""A message as an app hands it to the outbox, and its text in the customer's language."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from customers.messaging import channels
from customers.messaging.choices import MessageChannel
from customers.messaging.content import template_catalog, template_language
from customers.messaging.content.template_catalog import TemplateDefinition
from customers.messaging.governor import SendDecision


@dataclass(frozen=True)
class MessageDraft:
    """A message to one customer: a template with values, own texts per language with values, or a finished subject and
    Markdown text.

    (source_type, source_id, step, customer, occasion_key) is unique for ever: the occasion comes from business data
    (`birthday:2026`, `delivered:order:991`), never from the time of a run. Values are plain; numbers and dates are
    written in the recipient's language, a dictionary {"en": …, "zh-hans": …} is picked from by it.
    """

    customer_id: int
    purpose: str
    topic: str
    source_type: str
    source_id: Any
    occasion_key: str
    step: str = ""
    channel: str = MessageChannel.EMAIL.value
    template_key: str = ""
    texts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    variables: Mapping[str, Any] = field(default_factory=dict)
    subject: str = ""
    text: str = ""
    language: str = ""
    address: str = ""
    priority: int | None = None
    not_before: datetime | None = None
    deadline: datetime | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    by_id: int | None = None
    forced: bool = False

    @property
    def key(self) -> tuple[int, str, str, str, str]:
        """What makes the message one of its kind."""
        return (self.customer_id, self.source_type, str(self.source_id), self.step, self.occasion_key)


@dataclass(frozen=True)
class RenderedMessage:
    """The text of a message: subject, inner HTML, plain text."""

    language: str
    subject: str
    html: str
    text: str


def render_draft(
    draft: MessageDraft, decision: SendDecision, templates: Mapping[str, TemplateDefinition]
) -> RenderedMessage:
    """The text of a draft in its own or the customer's language. A finished text is Markdown without variables.

    Raises UnknownTemplate where nobody has the template, or where it has no text.
    """
    language = draft.language or decision.language
    if not draft.template_key and not draft.texts:
        html, text = channels.get_channel_kind(draft.channel).render_text(draft.text)
        return _rendered_message(language, " ".join(draft.subject.split()), html, text)
    definition = _draft_definition(draft, templates)
    source = template_catalog.template_text(definition, language)
    values = template_catalog.standard_values(decision.recipient, language)
    values |= {name: template_catalog.localized_value(value, language) for name, value in draft.variables.items()}
    html, text = template_language.fill_body(source["body"], values)
    return _rendered_message(language, template_language.fill_subject(source.get("subject", ""), values), html, text)


def _draft_definition(draft: MessageDraft, templates: Mapping[str, TemplateDefinition]) -> TemplateDefinition:
    if draft.texts:
        texts = {code: dict(words) for code, words in draft.texts.items()}
        return TemplateDefinition("", "", draft.purpose, draft.topic, texts)
    if draft.template_key not in templates:
        raise template_catalog.UnknownTemplate(f"no template is called {draft.template_key!r}")
    return templates[draft.template_key]


def _rendered_message(language: str, subject: str, html: str, text: str) -> RenderedMessage:
    """Without NUL, which PostgreSQL does not store; the subject is cut to 250 characters."""
    return RenderedMessage(
        language, subject.replace("\x00", "")[:250], html.replace("\x00", ""), text.replace("\x00", "")
    )
