"""Filters of every template: money, numbers, rates, moments and days as the reader's language writes them."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from babel.dates import format_date, format_datetime, format_timedelta
from django import template
from django.utils import timezone, translation

from crm.kernel import money as amounts
from crm.kernel.audit import labels
from crm.kernel.time import clock
from crm.kernel.ui.languages import babel_locale

register = template.Library()
NOTHING = "–"


@register.filter
def money(amount: Decimal | None, currency: str) -> str:
    """`{{ order.total|money:order.currency }}`."""
    return NOTHING if amount is None else amounts.format_money(amount, currency, translation.get_language() or "en")


@register.filter
def money_whole(amount: Decimal | None, currency: str) -> str:
    """Without the minor unit, for tiles and lists."""
    return (
        NOTHING
        if amount is None
        else amounts.format_money(amount, currency, translation.get_language() or "en", whole=True)
    )


@register.filter
def number(value: Any) -> str:
    """`12,480`."""
    return NOTHING if value in (None, "") else amounts.format_number(value, translation.get_language() or "en")


@register.filter
def compact(value: Any) -> str:
    """`1.04M`, 104万."""
    return NOTHING if value is None else amounts.format_compact(value, translation.get_language() or "en")


@register.filter
def percent(rate: Any, digits: int = 1) -> str:
    """A rate 0–1 as `86.8%`; None is shown as a dash."""
    return NOTHING if rate is None else amounts.format_rate(rate, translation.get_language() or "en", digits)


@register.filter
def percent_bare(rate: Any) -> str:
    """A rate 0–1 in whole per cent without the sign, where a head says the unit: `26`."""
    return NOTHING if rate is None else percent(rate, 0).rstrip("%")


@register.filter
def listed(words: Iterable[Any]) -> str:
    """Some words one after the other, as the reader's language writes it."""
    return ("、" if (translation.get_language() or "").startswith("zh") else ", ").join(str(word) for word in words)


@register.filter
def plain(value: Any) -> str:
    """A value of JSON as people write it: lists with commas, yes and no as JSON says them."""
    if isinstance(value, (list, tuple)):
        return ", ".join(plain(each) for each in value)
    if isinstance(value, dict):
        return ", ".join(f"{key} {plain(each)}" for key, each in value.items())
    return NOTHING if value in (None, "") else str(value).lower() if isinstance(value, bool) else str(value)


register.filter("audit_act", labels.action_label)
register.filter("audit_thing", labels.object_label)
register.filter("audit_actor", labels.actor_label)
register.filter("audit_field", labels.field_label)
register.simple_tag(labels.value_label, name="audit_value")


@register.filter
def moment(value: datetime | None) -> str:
    """Day and time in the reader's zone: `13 Apr 2026, 19:12`."""
    if value is None:
        return NOTHING
    locale = babel_locale(translation.get_language() or "en")
    pattern = "d MMM y, HH:mm" if locale == "en" else "y年M月d日 HH:mm"
    return format_datetime(timezone.localtime(value), pattern, locale=locale)


@register.filter
def day(value: date | datetime | None) -> str:
    """`13 Apr 2026`, 2026年4月13日; an instant is shown as its day in the reader's zone."""
    if value is None:
        return NOTHING
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    return _day(value, babel_locale(translation.get_language() or "en"))


@lru_cache(maxsize=4096)
def _day(value: date, locale: str) -> str:
    return format_date(value, "d MMM y" if locale == "en" else "y年M月d日", locale=locale)


@register.filter
def month(value: date | datetime) -> str:
    """`April 2026`, 2026年4月; an instant is shown as its month in the reader's zone."""
    locale = babel_locale(translation.get_language() or "en")
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    return format_date(value, "MMMM y" if locale == "en" else "y年M月", locale=locale)


@register.filter
def ago(value: datetime | None) -> str:
    """`3 days ago`, 3天前."""
    if value is None:
        return NOTHING
    return format_timedelta(
        value - clock.now(), add_direction=True, locale=babel_locale(translation.get_language() or "en")
    )
