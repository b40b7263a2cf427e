"""What the texts of a programme may say: the values of each variable for each customer, and until when it is worth saying."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from crm.kernel import company
from customers.messaging.content.template_catalog import Variable
from feedback.tickets import emails
from loyalty.points import program_settings
from loyalty.points import selectors as points
from loyalty.points.rules import shown_day
from loyalty.rewards import services as rewards
from loyalty.rewards.rules import CouponTerms
from retention.care import rules
from retention.care.choices import ProgramKind
from retention.care.models import Enrollment
from retention.care.trigger_settings import BirthdaySettings, LapsedSettings, Settings

Values = Mapping[str, Any]

HELP_PAGE = {
    "help_page": Variable(_("The page on which the customer can write to us"), "https://evergreen.example/help/")
}
# Beside the variables of every message (name, full_name, company).
VARIABLES: dict[str, dict[str, Variable]] = {
    ProgramKind.BIRTHDAY: HELP_PAGE,
    ProgramKind.EXPIRING: {
        **HELP_PAGE,
        "points": Variable(_("Points that expire"), 1200),
        "date": Variable(_("The last day on which they can be used"), date(2026, 4, 30)),
    },
    ProgramKind.LAPSED: {
        **HELP_PAGE,
        "coupon": Variable(_("Code of the coupon"), "WELCOME-7QX4"),
        "coupon_until": Variable(_("Last day of the coupon"), date(2026, 4, 30)),
    },
}


def values_for(rows: Sequence[Enrollment], now: datetime, *, with_coupon: bool) -> dict[int, Values]:
    """Enrolment id → values, for the rows of one version; a row for which there is nothing left to say is missing."""
    own = _own_values(rows, now, with_coupon) if rows else {}
    return {pk: {**always(), **values} for pk, values in own.items()}


def always() -> Values:
    """What is the same for everybody: no mail comes in, so a text leads to the page on which one writes to us."""
    return {"help_page": emails.help_link()}


def _own_values(rows: Sequence[Enrollment], now: datetime, with_coupon: bool) -> dict[int, Values]:
    if rows[0].program.kind == ProgramKind.EXPIRING:
        return _expiring(rows, now)
    if with_coupon:
        return _coupons(rows, now)
    return {row.pk: {} for row in rows}


def too_late_at(row: Enrollment, zone: str) -> datetime:
    """The instant after which the message would come too late, on the customer's clock."""
    settings = row.version.typed_settings
    return rules.local_instant(last_day(settings, row.occasion_on), settings.closes, ZoneInfo(zone))


def last_day(settings: Settings, occasion_on: date) -> date:
    """The last day on which an occasion is still answered."""
    if isinstance(settings, BirthdaySettings):
        return occasion_on + timedelta(days=settings.catch_up_days)
    return occasion_on + timedelta(days=settings.within_days) if isinstance(settings, LapsedSettings) else occasion_on


def coupon_terms(settings: LapsedSettings) -> CouponTerms:
    """What the programme's coupon gives, in the company's currency."""
    names = {"en": "Welcome back", "zh-hans": "欢迎回来", "zh-hant": "歡迎回來"}
    kind, value, days = settings.coupon_discount, settings.coupon_value, settings.coupon_days
    return CouponTerms(kind, value, company.get().base_currency, settings.coupon_minimum, days, names)


def _coupons(rows: Sequence[Enrollment], now: datetime) -> dict[int, Values]:
    """A personal coupon for each row, once: a run enters a customer for one lapse, so run and customer name the coupon."""
    settings = rows[0].version.typed_settings
    assert isinstance(settings, LapsedSettings)
    by_run: dict[int, list[Enrollment]] = defaultdict(list)
    for row in rows:
        by_run[row.run_id].append(row)
    found: dict[int, Values] = {}
    for run, mine in by_run.items():
        source = rewards.Source("care", f"{mine[0].program.public_id}:{run}")
        issued = rewards.issue_coupons(
            customers=[row.customer_id for row in mine], definition=coupon_terms(settings), source=source, at=now
        )
        for row in mine:
            coupon = issued[row.customer_id]
            found[row.pk] = {
                "coupon": coupon.code,
                "coupon_until": shown_day(coupon.valid_until, program_settings.zone()),
            }
    return found


def _expiring(rows: Sequence[Enrollment], now: datetime) -> dict[int, Values]:
    """The ledger's own sum of what lapses on the occasion's day; who has spent it meanwhile is left out."""
    last = max(row.occasion_on for row in rows)
    sums = {
        (each.customer_id, each.day): each.points
        for each in points.expiring(last, [row.customer_id for row in rows], at=now)
    }
    found = {
        row.pk: {"points": sums.get((row.customer_id, row.occasion_on), 0), "date": row.occasion_on} for row in rows
    }
    return {pk: values for pk, values in found.items() if values["points"]}
