"""Message templates: areas declare them in code, staff change their texts; a saved text replaces the declared one."""

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
from customers.messaging.choices import MessagePurpose, MessageTopic
from customers.messaging.content import template_language
from customers.messaging.models import MessageTemplate
from customers.messaging.recipients import MessageRecipient
from customers.profiles.models import Customer

TemplateTexts = dict[str, dict[str, str]]


@dataclass(frozen=True)
class TemplateVariable:
    """A variable that a text may use: what it is, and an example for the preview."""

    label: Any
    example: Any


@dataclass(frozen=True)
class TemplateDefinition:
    """A kind of message: the governor decides by its purpose and topic; `texts` is language → subject and body."""

    key: str
    name: Any
    purpose: str
    topic: str
    texts: TemplateTexts
    variables: Mapping[str, TemplateVariable] = field(default_factory=dict)

    @property
    def purpose_label(self) -> Any:
        return MessagePurpose(self.purpose).label

    @property
    def topic_label(self) -> Any:
        return MessageTopic(self.topic).label

    @property
    def language_names(self) -> list[Any]:
        """The languages that have a text, by their own names."""
        return [name for code, name in settings.LANGUAGES if self.texts.get(code, {}).get("body")]


STANDARD_VARIABLES: dict[str, TemplateVariable] = {
    "name": TemplateVariable(
        _("How the customer is addressed"), {"en": "Olivia", "zh-hans": "林嘉怡", "zh-hant": "林嘉怡"}
    ),
    "full_name": TemplateVariable(
        _("The whole name"), {"en": "Olivia Hartmann", "zh-hans": "林嘉怡", "zh-hant": "林嘉怡"}
    ),
    "company": TemplateVariable(_("The company"), "Evergreen"),
}
declared_templates: dict[str, TemplateDefinition] = {}


class UnknownTemplate(LookupError):
    """Nobody declared a template of this key and nobody saved one."""


def declare_template(
    key: str,
    *,
    name: Any,
    purpose: str,
    topic: str,
    texts: TemplateTexts,
    variables: Mapping[str, TemplateVariable] | None = None,
) -> TemplateDefinition:
    """Declare a template of an area with its texts; raises ValueError where a text uses a variable that is not named."""
    definition = TemplateDefinition(
        key, name, MessagePurpose(purpose).value, MessageTopic(topic).value, texts, variables or {}
    )
    for language, text in texts.items():
        if unknown := unknown_variables(definition.variables, text):
            raise ValueError(f"{key} ({language}) uses {sorted(unknown)}")
    declared_templates[key] = definition
    return definition


def unknown_variables(variables: Mapping[str, TemplateVariable], text: dict[str, str]) -> set[str]:
    """The variables that a text uses and that nobody fills."""
    subject, body = text.get("subject", ""), text.get("body", "")
    used = template_language.variable_names(subject) | template_language.variable_names(body)
    return used - STANDARD_VARIABLES.keys() - variables.keys()


def get_template_definition(key: str) -> TemplateDefinition:
    """A template as it stands now; UnknownTemplate where there is none. One query."""
    definition = template_definitions([key]).get(key)
    if definition is None:
        raise UnknownTemplate(key)
    return definition


def template_definitions(keys: Iterable[str]) -> dict[str, TemplateDefinition]:
    """Templates as they stand now, in one query; unknown keys are left out."""
    asked_keys = set(keys)
    saved = {row.key: row for row in MessageTemplate.objects.filter(key__in=asked_keys)} if asked_keys else {}
    return {
        key: _merged_definition(key, saved.get(key)) for key in asked_keys if key in declared_templates or key in saved
    }


def _merged_definition(key: str, row: MessageTemplate | None) -> TemplateDefinition:
    declared = declared_templates.get(key)
    if row is None:
        return declared_templates[key]
    if declared is None:
        return TemplateDefinition(key, row.name, row.purpose, row.topic, row.texts)
    return TemplateDefinition(
        key, declared.name, declared.purpose, declared.topic, {**declared.texts, **row.texts}, declared.variables
    )


def has_template(key: str) -> bool:
    """True where a template of this key is declared or saved; at most one query."""
    return key in declared_templates or MessageTemplate.objects.filter(key=key).exists()


def all_templates() -> list[tuple[TemplateDefinition, MessageTemplate | None]]:
    """Every template with the row that changed it, declared ones first, by name. One query."""
    saved = {row.key: row for row in MessageTemplate.objects.select_related("changed_by")}
    templates = [(_merged_definition(key, saved.get(key)), saved.get(key)) for key in {*declared_templates, *saved}]
    return sorted(templates, key=lambda pair: (pair[0].key not in declared_templates, str(pair[0].name)))


def template_text(definition: TemplateDefinition, language: str) -> dict[str, str]:
    """Subject and body in a language, else in the company's, else in English, else in any; UnknownTemplate where none is."""
    for code in (language, company.get_company().language, "en", *definition.texts):
        text = definition.texts.get(code)
        if text and text.get("body"):
            return text
    raise UnknownTemplate(f"{definition.key} has no text")


def standard_values(customer: MessageRecipient | Customer, language: str) -> dict[str, str]:
    """The values of the standard variables; who is known by an address or a number alone has no name."""
    full_name = customer.display_name if is_personal_name(customer.display_name) else ""
    name = customer.given_name if customer.given_name.isascii() and customer.given_name else full_name
    return {"name": name, "full_name": full_name, "company": company.get_company().name}


def is_personal_name(text: str) -> bool:
    """False for what stands where no name is known: a mail address, a phone, a number in another system.

    A single word with digits is a number or a login; nobody likes to be greeted by it.
    """
    is_login = len(text.split()) == 1 and any(character.isdigit() for character in text)
    return "@" not in text and any(character.isalpha() for character in text) and not is_login


def localized_value(value: Any, language: str) -> str:
    """A value as the language writes it; a dictionary is picked from by language."""
    if value is None:
        return ""
    if isinstance(value, dict):
        return localized_value(languages.pick_text(value, language), language)
    if isinstance(value, (bool, str)):
        return str(value).replace("\x00", "")
    if isinstance(value, (int, Decimal)):
        return money.format_number(value, language)
    if isinstance(value, date):
        return format_date(
            value, "d MMM y" if language == "en" else "y年M月d日", locale=languages.babel_locale(language)
        )
    return str(value)
