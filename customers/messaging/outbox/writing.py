"""From a draft to the words of a message, in the customer's language."""

from collections.abc import Mapping
from dataclasses import dataclass

from customers.messaging.choices import MessageChannel
from customers.messaging.content import template_catalog, template_language
from customers.messaging.content.template_catalog import TemplateDefinition
from customers.messaging.governor import SendDecision
from customers.messaging.outbox.message_draft import MessageDraft


@dataclass(frozen=True)
class RenderedMessage:
    """The words: subject, inner HTML, plain text."""

    language: str
    subject: str
    html: str
    text: str


def render_draft(
    draft: MessageDraft, answer: SendDecision, templates: Mapping[str, TemplateDefinition]
) -> RenderedMessage:
    """The letter of a draft; a ready text is Markdown and is taken as it is, without variables."""
    language = draft.language or answer.language
    if not draft.template_key and not draft.texts:
        html, text = (
            template_language.render_markdown(draft.text) if draft.channel == MessageChannel.EMAIL else ("", draft.text)
        )
        return _rendered_message(language, " ".join(draft.subject.split()), html, text)
    definition = _draft_definition(draft, templates)
    source = template_catalog.template_text(definition, language)
    values = template_catalog.standard_values(answer.customer, language)
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
    """PostgreSQL keeps no NUL, and a subject has an end."""
    return RenderedMessage(
        language, subject.replace("\x00", "")[:250], html.replace("\x00", ""), text.replace("\x00", "")
    )
