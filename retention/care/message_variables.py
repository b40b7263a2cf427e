"""What the texts of a programme may say: the values of each variable for each customer, and until when it is worth saying."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from crm.kernel import company
from customers.messaging.content.template_catalog import TemplateVariable
from feedback.tickets import emails
from loyalty.points import program_settings
from loyalty.points import selectors as points
from loyalty.points.rules import expiry_day
from loyalty.rewards import services as rewards
from loyalty.rewards.rules import CouponTerms
from retention.care import rules
from retention.care.choices import ProgramKind
from retention.care.models import Enrollment
from retention.care.trigger_settings import BirthdaySettings, LapsedSettings, TriggerSettings

VariableValues = Mapping[str, Any]

HELP_PAGE_VARIABLE = {
    "help_page": TemplateVariable(
        _("The page on which the customer can write to us"), "https://evergreen.example/help/"
    )
}
# Beside the variables of every message (name, full_name, company).
PROGRAM_VARIABLES: dict[str, dict[str, TemplateVariable]] = {
    ProgramKind.BIRTHDAY: HELP_PAGE_VARIABLE,
    ProgramKind.EXPIRING: {
        **HELP_PAGE_VARIABLE,
        "points": TemplateVariable(_("Points that expire"), 1200),
        "date": TemplateVariable(_("The last day on which they can be used"), date(2026, 4, 30)),
    },
    ProgramKind.LAPSED: {
        **HELP_PAGE_VARIABLE,
        "coupon": TemplateVariable(_("Code of the coupon"), "WELCOME-7QX4"),
        "coupon_until": TemplateVariable(_("Last day of the coupon"), date(2026, 4, 30)),
    },
}


def variable_values(rows: Sequence[Enrollment], now: datetime, *, with_coupon: bool) -> dict[int, VariableValues]:
    """Enrolment id → values, for the rows of one version; a row for which there is nothing left to say is missing."""
    own = _own_values(rows, now, with_coupon) if rows else {}
    return {pk: {**shared_values(), **values} for pk, values in own.items()}


def shared_values() -> VariableValues:
    """What is the same for everybody: no mail comes in, so a text leads to the page on which one writes to us."""
    return {"help_page": emails.help_page_url()}


def _own_values(rows: Sequence[Enrollment], now: datetime, with_coupon: bool) -> dict[int, VariableValues]:
    if rows[0].program.kind == ProgramKind.EXPIRING:
        return _points_expiring_values(rows, now)
    if with_coupon:
        return _coupon_values(rows, now)
    return {row.pk: {} for row in rows}


def message_deadline(row: Enrollment, zone: str) -> datetime:
    """The instant after which the message would come too late, on the customer's clock."""
    settings = row.version.typed_settings
    return rules.local_instant(last_sending_day(settings, row.occasion_on), settings.closes, ZoneInfo(zone))


def last_sending_day(settings: TriggerSettings, occasion_on: date) -> date:
    """The last day on which an occasion is still answered."""
    if isinstance(settings, BirthdaySettings):
        return occasion_on + timedelta(days=settings.catch_up_days)
    return occasion_on + timedelta(days=settings.within_days) if isinstance(settings, LapsedSettings) else occasion_on


def coupon_terms(settings: LapsedSettings) -> CouponTerms:
    """What the programme's coupon gives, in the company's currency."""
    names = {"en": "Welcome back", "zh-hans": "欢迎回来", "zh-hant": "歡迎回來"}
    kind, value, days = settings.coupon_discount, settings.coupon_value, settings.coupon_days
    return CouponTerms(kind, value, company.get_company().base_currency, settings.coupon_minimum, days, names)


def _coupon_values(rows: Sequence[Enrollment], now: datetime) -> dict[int, VariableValues]:
    """A personal coupon for each row, once: a run enters a customer for one lapse, so run and customer name the coupon."""
    settings = rows[0].version.typed_settings
    assert isinstance(settings, LapsedSettings)
    by_run: dict[int, list[Enrollment]] = defaultdict(list)
    for row in rows:
        by_run[row.run_id].append(row)
    found: dict[int, VariableValues] = {}
    for run, mine in by_run.items():
        source = rewards.CouponSource("care", f"{mine[0].program.public_id}:{run}")
        issued = rewards.issue_coupons(
            customers=[row.customer_id for row in mine], terms=coupon_terms(settings), source=source, at=now
        )
        for row in mine:
            coupon = issued[row.customer_id]
            found[row.pk] = {
                "coupon": coupon.code,
                "coupon_until": expiry_day(coupon.valid_until, program_settings.program_time_zone()),
            }
    return found


def _points_expiring_values(rows: Sequence[Enrollment], now: datetime) -> dict[int, VariableValues]:
    """The ledger's own sum of what lapses on the occasion's day; who has spent it meanwhile is left out."""
    last = max(row.occasion_on for row in rows)
    sums = {
        (each.customer_id, each.day): each.points
        for each in points.expiring_points(last, [row.customer_id for row in rows], at=now)
    }
    found = {
        row.pk: {"points": sums.get((row.customer_id, row.occasion_on), 0), "date": row.occasion_on} for row in rows
    }
    return {pk: values for pk, values in found.items() if values["points"]}
