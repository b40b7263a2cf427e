"""Birthday: a greeting on the local birthday, solar or lunar, once a year."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.profiles.models import Customer
from customers.profiles.relations import CURRENT_CUSTOMERS
from retention.care import birthday_calendar, queries, rules
from retention.care.triggers.base import (
    TRIGGER_KINDS,
    DefaultProgram,
    DueQuery,
    PlanningHorizon,
    TriggerKind,
    TriggerSettings,
    TriggerSettingsForm,
)
from retention.care.zone_days import ZoneDays

DAYS_OF_YEAR = 365


class LeapDay(models.TextChoices):
    FEBRUARY_28 = "feb28", gettext_lazy("28 February")
    MARCH_1 = "mar1", gettext_lazy("1 March")


@dataclass(frozen=True)
class BirthdaySettings(TriggerSettings):
    """A day that was missed is made good within `catch_up_days`."""

    catch_up_days: int = 2
    leap_day: str = LeapDay.FEBRUARY_28


class BirthdaySettingsForm(TriggerSettingsForm):
    catch_up_days = forms.IntegerField(
        label=gettext_lazy("Catch up within days"),
        help_text=gettext_lazy("After a stop, later greetings are left out."),
        min_value=0,
        max_value=14,
    )
    leap_day = forms.ChoiceField(label=gettext_lazy("29 February in common years"), choices=LeapDay.choices)


# Birthdays of each group of zones on the days that have opened and were not closed when last planned.
SOURCE_SQL = f"""
{CURRENT_CUSTOMERS} c
{queries.ZONE_JOIN_SQL}
JOIN unnest(%(in_groups)s::int[], %(keys)s::text[], %(days)s::date[], %(months)s::int[], %(month_days)s::int[],
            %(lunar)s::boolean[], %(leap)s::boolean[], %(late)s::boolean[])
     AS b("group", key, day, month, month_day, lunar, leap, late)
  ON b."group" = z."group" AND b.month = c.birth_month AND b.month_day = c.birth_day
 AND b.lunar = (c.birthday_calendar = 'lunar') AND (NOT b.lunar OR b.leap = c.birthday_leap_month)
"""
CONDITION_SQL = """
(c.birth_month, c.birth_day) IN (SELECT DISTINCT * FROM unnest(%(months)s::int[], %(month_days)s::int[]))
"""
COLUMNS = ("in_groups", "keys", "days", "months", "month_days", "lunar", "leap", "late")


@TRIGGER_KINDS.register
class BirthdayTrigger(TriggerKind[BirthdaySettings]):
    """The customer's birthday, where the customer lives."""

    kind = "birthday"
    order = 10
    settings_class = BirthdaySettings
    form_class = BirthdaySettingsForm
    purpose = gettext_lazy("A greeting by name on the local birthday")
    key_sql = "b.key"

    def due_query(self, settings: BirthdaySettings, horizon: PlanningHorizon, days: ZoneDays) -> DueQuery | None:
        rows = _birthdays_due(settings, days)
        if not rows:
            return None
        return DueQuery(
            source=SOURCE_SQL,
            key=self.key_sql,
            day="b.day",
            late="b.late",
            entered=f"e.occasion_key = {self.key_sql}",
            condition=CONDITION_SQL,
            params=dict(zip(COLUMNS, map(list, zip(*rows, strict=True)), strict=True)),
        )

    def title(self, settings: BirthdaySettings) -> str:
        return _("The customer's birthday")

    def occasion_text(self, day: str) -> str:
        return _("Birthday on %(day)s") % {"day": day}

    def expected_enrollments(self, settings: BirthdaySettings, window: timedelta, now: datetime) -> int:
        """Birthdays evenly over the year, each customer once at most."""
        customers = Customer.objects.current().filter(birth_month__isnull=False).count()
        return min(customers, round(customers * window.days / DAYS_OF_YEAR))

    def last_sending_day(self, settings: BirthdaySettings, occasion_on: date) -> date:
        return occasion_on + timedelta(days=settings.catch_up_days)

    default_program = DefaultProgram(
        key="birthday",
        names={"en": "Birthday greeting", "zh-hans": "生日祝福", "zh-hant": "生日祝福"},
        texts={
            "en": {
                "subject": "Happy birthday, {{ name }}",
                "body": "Hello {{ name }},\n\n"
                "all of us at {{ company }} wish you a very happy birthday and a good year ahead.\n\n"
                "Thank you for being with us. If there is anything we can do for you, [write to us]({{ help_page }}).\n\n"
                "Warmly,\n{{ company }}",
            },
            "zh-hans": {
                "subject": "{{ name }}，祝您生日快乐",
                "body": "{{ name }}，您好：\n\n"
                "值此生日之际，{{ company }}全体伙伴祝您生日快乐，新的一岁平安顺遂。\n\n"
                "感谢您一路相伴。有任何需要，欢迎[给我们留言]({{ help_page }})。\n\n"
                "{{ company }} 敬上",
            },
            "zh-hant": {
                "subject": "{{ name }}，祝您生日快樂",
                "body": "{{ name }} 您好：\n\n"
                "在您生日的這個日子，{{ company }} 所有夥伴祝您生日快樂，新的一歲平安順心。\n\n"
                "謝謝您一直以來的支持。有任何需要，歡迎[留言給我們]({{ help_page }})。\n\n"
                "{{ company }} 敬上",
            },
        },
    )


def birthday_occasion_key(year: int) -> str:
    """The occasion of a birthday: one per year of its calendar, solar or lunar."""
    return f"birthday:{year}"


def _birthdays_due(settings: BirthdaySettings, zones: ZoneDays) -> list[tuple[Any, ...]]:
    """A row of COLUMNS for each group of zones, each of its due days and each birthday that falls on it."""
    march_first = settings.leap_day == LeapDay.MARCH_1
    return [
        (
            group,
            birthday_occasion_key(birthday.year),
            day,
            birthday.month,
            birthday.day,
            birthday.lunar,
            birthday.leap_month,
            day + timedelta(days=settings.catch_up_days) < days.unended,
        )
        for group, days in enumerate(zones.days)
        for day in rules.days_between(days.unclosed, days.opened)
        for birthday in birthday_calendar.birthdays_on(day, march_first=march_first)
    ]
