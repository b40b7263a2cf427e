"""The texts that the code brings, and what marketers made of them. Areas declare; a saved row stands above the code."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from babel.dates import format_date
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from crm.kernel import company, money
from crm.kernel.ui import languages
from customers.messaging.choices import Purpose, Topic
from customers.messaging.content import template_language
from customers.messaging.models import MessageTemplate
from customers.messaging.recipients import Person
from customers.profiles.models import Customer

Texts = dict[str, dict[str, str]]


@dataclass(frozen=True)
class Variable:
    """A variable that a text may use: what it is, and an example for the preview."""

    label: Any
    example: Any


@dataclass(frozen=True)
class Definition:
    """A kind of message: its purpose and topic decide at the door; `texts` is language → subject and body."""

    key: str
    name: Any
    purpose: str
    topic: str
    texts: Texts
    variables: Mapping[str, Variable] = field(default_factory=dict)

    @property
    def purpose_label(self) -> Any:
        return Purpose(self.purpose).label

    @property
    def topic_label(self) -> Any:
        return Topic(self.topic).label

    @property
    def language_names(self) -> list[Any]:
        """The languages it has a text in, by their own names."""
        return [name for code, name in settings.LANGUAGES if self.texts.get(code, {}).get("body")]


STANDARD: dict[str, Variable] = {
    "name": Variable(_("How the customer is addressed"), {"en": "Olivia", "zh-hans": "林嘉怡", "zh-hant": "林嘉怡"}),
    "full_name": Variable(_("The whole name"), {"en": "Olivia Hartmann", "zh-hans": "林嘉怡", "zh-hant": "林嘉怡"}),
    "company": Variable(_("The company"), "Evergreen"),
}
definitions: dict[str, Definition] = {}


class UnknownTemplate(LookupError):
    """Nobody declared a template of this key and nobody saved one."""


def declare(
    key: str, *, name: Any, purpose: str, topic: str, texts: Texts, variables: Mapping[str, Variable] | None = None
) -> Definition:
    """An area brings a message with texts in the three languages; all variables of its texts must be named."""
    definition = Definition(key, name, Purpose(purpose).value, Topic(topic).value, texts, variables or {})
    for language, text in texts.items():
        if unknown := unknown_variables(definition.variables, text):
            raise ValueError(f"{key} ({language}) uses {sorted(unknown)}")
    definitions[key] = definition
    return definition


def unknown_variables(variables: Mapping[str, Variable], text: dict[str, str]) -> set[str]:
    """Variables that a text uses and nobody fills."""
    return (
        (template_language.names(text.get("subject", "")) | template_language.names(text.get("body", "")))
        - STANDARD.keys()
        - variables.keys()
    )


def get(key: str) -> Definition:
    """A template as it stands now; UnknownTemplate where there is none. One query."""
    found = get_many([key]).get(key)
    if found is None:
        raise UnknownTemplate(key)
    return found


def get_many(keys: Iterable[str]) -> dict[str, Definition]:
    """Templates as they stand now, in one query; unknown keys are left out."""
    wanted = set(keys)
    saved = {row.key: row for row in MessageTemplate.objects.filter(key__in=wanted)} if wanted else {}
    return {key: _merged(key, saved.get(key)) for key in wanted if key in definitions or key in saved}


def _merged(key: str, row: MessageTemplate | None) -> Definition:
    declared = definitions.get(key)
    if row is None:
        return definitions[key]
    if declared is None:
        return Definition(key, row.name, row.purpose, row.topic, row.texts)
    return Definition(
        key, declared.name, declared.purpose, declared.topic, {**declared.texts, **row.texts}, declared.variables
    )


def catalogue() -> list[tuple[Definition, MessageTemplate | None]]:
    """Every template with the row that changed it, by name; one query."""
    saved = {row.key: row for row in MessageTemplate.objects.select_related("changed_by")}
    found = [(_merged(key, saved.get(key)), saved.get(key)) for key in {*definitions, *saved}]
    return sorted(found, key=lambda pair: (pair[0].key not in definitions, str(pair[0].name)))


def text_of(definition: Definition, language: str) -> dict[str, str]:
    """Subject and body in a language, else in the company's, else in English, else in any."""
    for code in (language, company.get().language, "en", *definition.texts):
        text = definition.texts.get(code)
        if text and text.get("body"):
            return text
    raise UnknownTemplate(f"{definition.key} has no text")


def standard_values(customer: Person | Customer, language: str) -> dict[str, str]:
    """The variables of every message."""
    address = customer.given_name if customer.given_name.isascii() and customer.given_name else customer.display_name
    return {"name": address, "full_name": customer.display_name, "company": company.get().name}


def written(value: Any, language: str) -> str:
    """A value as the language writes it; a dictionary is picked from by language."""
    if value is None:
        return ""
    if isinstance(value, dict):
        return written(languages.pick(value, language), language)
    if isinstance(value, (bool, str)):
        return str(value).replace("\x00", "")
    if isinstance(value, (int, Decimal)):
        return money.number(value, language)
    if isinstance(value, date):
        return format_date(
            value, "d MMM y" if language == "en" else "y年M月d日", locale=languages.babel_locale(language)
        )
    return str(value)
