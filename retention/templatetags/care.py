"""Words of care in templates."""

from collections.abc import Mapping
from typing import Any

from django import template

from crm.kernel import company, money
from crm.kernel.templatetags.crm import day
from crm.kernel.ui import languages
from retention.care import labels
from retention.care.choices import EnrollmentOutcome
from retention.care.models import Enrollment
from retention.care.triggers.base import TRIGGER_KINDS

register = template.Library()
SHORT_LANGUAGE_NAMES = {"English": "EN", "简体中文": "简", "繁體中文": "繁"}


@register.filter
def program_purpose(kind: str) -> str:
    """What a kind of programme is for."""
    return str(TRIGGER_KINDS.get(kind).purpose)


@register.filter
def points(rate: Any) -> str:
    """A rate 0–1 as percentage points: `3.0`."""
    return str(money.round_half_up(100 * float(rate), 1))


@register.filter
def short_language(name: str) -> str:
    """`EN`, 简, 繁."""
    return SHORT_LANGUAGE_NAMES.get(name, name)


@register.filter
def html_lang(code: str) -> str:
    """For lang attributes."""
    return languages.html_lang(code)


@register.filter
def of_language(readers: Mapping[str, int], code: str) -> int:
    """Customers who read a language; who has not said reads the company's."""
    return readers.get(code, 0) + (readers.get("", 0) if code == company.get_company().language else 0)


@register.filter
def in_braces(name: str) -> str:
    """`{{ name }}`, as texts write it."""
    return f"{{{{ {name} }}}}"


@register.filter
def occasion(entry: Enrollment) -> str:
    """The occasion in words."""
    return TRIGGER_KINDS.get(entry.program.kind).occasion_text(day(entry.occasion_on))


@register.filter
def outcome_word(outcome: str) -> str:
    """Where an entry ended."""
    return str(EnrollmentOutcome(outcome).label)


@register.filter
def outcome_tone(outcome: str) -> str:
    """good, bad, warn or none."""
    return labels.OUTCOME_TONES.get(EnrollmentOutcome(outcome), "")


@register.filter
def entry_reason(entry: Any) -> str:
    """Why an entry ended there; nothing for what went well."""
    return labels.reason_text(entry.why) if entry.why and entry.outcome != EnrollmentOutcome.ACCEPTED else ""
