"""From a draft to the words of a message, in the customer's language."""

from collections.abc import Mapping
from dataclasses import dataclass

from customers.messaging.choices import Channel
from customers.messaging.content import template_catalog, template_language
from customers.messaging.content.template_catalog import Definition
from customers.messaging.governor import Answer
from customers.messaging.outbox.message_draft import Draft


@dataclass(frozen=True)
class Letter:
    """The words: subject, inner HTML, plain text."""

    language: str
    subject: str
    html: str
    text: str


def write(draft: Draft, answer: Answer, templates: Mapping[str, Definition]) -> Letter:
    """The letter of a draft; a ready text is Markdown and is taken as it is, without variables."""
    language = draft.language or answer.language
    if not draft.template_key and not draft.texts:
        html, text = template_language.render_once(draft.text) if draft.channel == Channel.EMAIL else ("", draft.text)
        return _clean(language, " ".join(draft.subject.split()), html, text)
    definition = _definition(draft, templates)
    source = template_catalog.text_of(definition, language)
    values = template_catalog.standard_values(answer.customer, language)
    values |= {name: template_catalog.written(value, language) for name, value in draft.variables.items()}
    html, text = template_language.fill(source["body"], values)
    return _clean(language, template_language.fill_line(source.get("subject", ""), values), html, text)


def _definition(draft: Draft, templates: Mapping[str, Definition]) -> Definition:
    if draft.texts:
        texts = {code: dict(words) for code, words in draft.texts.items()}
        return Definition("", "", draft.purpose, draft.topic, texts)
    if draft.template_key not in templates:
        raise template_catalog.UnknownTemplate(f"no template is called {draft.template_key!r}")
    return templates[draft.template_key]


def _clean(language: str, subject: str, html: str, text: str) -> Letter:
    """PostgreSQL keeps no NUL, and a subject has an end."""
    return Letter(language, subject.replace("\x00", "")[:250], html.replace("\x00", ""), text.replace("\x00", ""))
