"""Who is due: one set-based query per programme, by the local days of every time zone at once.

Every query gives customer, occasion key, day of the occasion and whether it is too late, in the order of customers,
without those who have that occasion already.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection

from crm.kernel import company
from crm.kernel.db.array_literals import format_array
from loyalty.points import program_settings
from retention.care import birthday_calendar, rules, zone_days
from retention.care.choices import LapseMode, LeapDay, ProgramKind
from retention.care.models import CareProgram
from retention.care.trigger_settings import BirthdaySettings, LapsedSettings, PointsExpiringSettings, TriggerSettings
from retention.care.zone_days import ZoneDays

ZONE_SLACK = timedelta(days=3)
GAP_BOUNDS_DAYS = (14, 365)


class DueCandidate(NamedTuple):
    """A customer for whom an occasion of a programme has come."""

    customer_id: int
    occasion_key: str
    occasion_on: date
    too_late: bool


@dataclass(frozen=True)
class PlanningHorizon:
    """From when to when a planning looks."""

    planned_until: datetime
    now: datetime


IS_CURRENT_SQL = "c.archived_at IS NULL AND c.merged_into_id IS NULL"
# Who has no zone, or one that no computer knows, lives in the company's, which stands first and under ''.
ZONE_JOIN_SQL = """
JOIN unnest(%(zones)s::text[], %(names)s::text[], %(groups)s::int[], %(opened)s::date[], %(unclosed)s::date[], %(unended)s::date[])
     AS z(zone, name, "group", opened, unclosed, unended)
  ON z.zone = CASE WHEN c.time_zone = ANY(%(zones)s::text[]) THEN c.time_zone ELSE '' END
"""

BIRTHDAY_SQL = f"""
SELECT c.id, b.key, b.day, b.late
FROM customers_customer c
{ZONE_JOIN_SQL}
JOIN unnest(%(in_groups)s::int[], %(keys)s::text[], %(days)s::date[], %(months)s::int[], %(month_days)s::int[],
            %(lunar)s::boolean[], %(leap)s::boolean[], %(late)s::boolean[])
     AS b("group", key, day, month, month_day, lunar, leap, late)
  ON b."group" = z."group" AND b.month = c.birth_month AND b.month_day = c.birth_day
 AND b.lunar = (c.birthday_calendar = 'lunar') AND (NOT b.lunar OR b.leap = c.birthday_leap_month)
WHERE {IS_CURRENT_SQL} AND (c.birth_month, c.birth_day) IN (SELECT DISTINCT * FROM unnest(%(months)s::int[], %(month_days)s::int[]))
  AND NOT EXISTS (SELECT FROM retention_enrollment e
                  WHERE e.program_id = %(program)s AND e.customer_id = c.id AND e.occasion_key = b.key)
ORDER BY c.id, b.day
"""

# The last day on which the points can be used stands in the occasion; the days of expiry are the company's.
POINTS_EXPIRING_SQL = f"""
SELECT c.id, 'expiry:' || l.day, l.day, l.day < z.unended
FROM (SELECT account_id, ((expires_at - interval '1 second') AT TIME ZONE %(home)s)::date AS day
      FROM loyalty_pointslot
      WHERE remaining > 0 AND expires_at >= %(earliest)s AND expires_at < %(latest)s
      GROUP BY 1, 2 HAVING sum(remaining) >= %(least)s) l
JOIN loyalty_pointsaccount a ON a.id = l.account_id
JOIN customers_customer c ON c.id = a.customer_id AND {IS_CURRENT_SQL}
{ZONE_JOIN_SQL}
WHERE l.day - %(before)s <= z.opened AND l.day >= z.unclosed
  AND NOT EXISTS (SELECT FROM retention_enrollment e
                  WHERE e.program_id = %(program)s AND e.customer_id = c.id AND e.occasion_key = 'expiry:' || l.day)
ORDER BY c.id, l.day
"""

# Who entered after his last order has been reached for this lapse, even if an order before it came to light since.
LAPSED_SQL = f"""
SELECT c.id, 'lapse:order-' || o.id, l.day, l.day + %(within)s < z.unended
FROM customers_customersummary s
JOIN customers_customer c ON c.id = s.customer_id AND {IS_CURRENT_SQL}
{ZONE_JOIN_SQL}
CROSS JOIN LATERAL (SELECT (s.last_order_at AT TIME ZONE z.name)::date + {{threshold}} AS day) l
CROSS JOIN LATERAL (SELECT id FROM customers_order WHERE customer_id = s.customer_id AND status <> 'cancelled'
                    ORDER BY placed_at DESC, id DESC LIMIT 1) o
WHERE s.last_order_at >= %(earliest)s AND s.last_order_at < %(latest)s
  AND l.day <= z.opened AND l.day + %(within)s >= z.unclosed
  AND NOT EXISTS (SELECT FROM retention_enrollment e
                  WHERE e.program_id = %(program)s AND e.customer_id = c.id AND e.entered_at >= s.last_order_at)
ORDER BY c.id
"""
FIXED_THRESHOLD_SQL = "%(days)s"
# Who bought once has no gap; greatest() and least() would pass over the NULL.
OWN_GAP_THRESHOLD_SQL = (
    "CASE WHEN s.gap_days IS NULL THEN %(days)s"
    " ELSE least(greatest(ceil(s.gap_days * %(factor)s), %(least)s), %(most)s)::int END"
)


def due_candidates(program: CareProgram, horizon: PlanningHorizon) -> list[DueCandidate]:
    """Everybody for whom an occasion has come since the programme was last planned; one query."""
    settings = program.settings
    match program.kind:
        case ProgramKind.BIRTHDAY:
            query = build_birthday_query(settings, horizon)
        case ProgramKind.EXPIRING:
            query = build_points_expiring_query(settings, horizon)
        case _:
            query = build_lapsed_query(settings, horizon)
    if query is None:
        return []
    sql, params = query
    with connection.cursor() as cursor:
        cursor.execute(sql, {**params, "program": program.pk})
        return list(map(DueCandidate._make, cursor.fetchall()))


CandidateQuery = tuple[str, dict[str, Any]] | None


def build_birthday_query(settings: TriggerSettings, horizon: PlanningHorizon) -> CandidateQuery:
    """Birthdays of each zone's days that have opened and were not closed when last planned."""
    assert isinstance(settings, BirthdaySettings)
    now = _planning_zone_days(settings, horizon)
    rows: list[tuple[Any, ...]] = []
    for group, days in enumerate(now.days):
        for day in rules.days_between(days.unclosed, days.opened):
            late = day + timedelta(days=settings.catch_up_days) < days.unended
            for born in birthday_calendar.birthdays_on(day, march_first=settings.leap_day == LeapDay.MARCH_1):
                rows.append(
                    (
                        group,
                        rules.birthday_occasion_key(born.year),
                        day,
                        born.month,
                        born.day,
                        born.lunar,
                        born.leap_month,
                        late,
                    )
                )
    if not rows:
        return None
    names = ("in_groups", "keys", "days", "months", "month_days", "lunar", "leap", "late")
    return BIRTHDAY_SQL, {**_zone_columns(now), **dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))}


def build_points_expiring_query(settings: TriggerSettings, horizon: PlanningHorizon) -> CandidateQuery:
    """Customers whose points lapse within so many days; the amount itself is read when the message is written."""
    assert isinstance(settings, PointsExpiringSettings)
    return POINTS_EXPIRING_SQL, {
        **_zone_columns(_planning_zone_days(settings, horizon)),
        "home": program_settings.program_time_zone(),
        "before": settings.days_before,
        "least": settings.least_points,
        "earliest": horizon.planned_until - ZONE_SLACK,
        "latest": horizon.now + timedelta(days=settings.days_before) + ZONE_SLACK,
    }


def build_lapsed_query(settings: TriggerSettings, horizon: PlanningHorizon) -> CandidateQuery:
    """Customers whose last purchase lies a threshold back, fixed or from their own gap; no further than `within`."""
    assert isinstance(settings, LapsedSettings)
    own = settings.mode == LapseMode.OWN_GAP
    least, most = GAP_BOUNDS_DAYS if own else (settings.lapse_days, settings.lapse_days)
    least, most = min(least, settings.lapse_days), max(most, settings.lapse_days)
    params = {
        **_zone_columns(_planning_zone_days(settings, horizon)),
        "days": settings.lapse_days,
        "within": settings.within_days,
        "earliest": horizon.planned_until - timedelta(days=most + settings.within_days) - ZONE_SLACK,
        "latest": horizon.now - timedelta(days=least) + ZONE_SLACK,
    }
    if own:
        params |= {"factor": settings.gap_factor, "least": GAP_BOUNDS_DAYS[0], "most": GAP_BOUNDS_DAYS[1]}
    return LAPSED_SQL.format(threshold=OWN_GAP_THRESHOLD_SQL if own else FIXED_THRESHOLD_SQL), params


def _planning_zone_days(settings: TriggerSettings, horizon: PlanningHorizon) -> ZoneDays:
    return zone_days.local_days_by_zone(
        company.get_company().time_zone, horizon.planned_until, horizon.now, settings.opens, settings.closes
    )


def _zone_columns(now: ZoneDays) -> dict[str, str]:
    """A line per zone."""
    days = [now.days[group] for group in now.groups]
    return {
        "zones": format_array(now.zones),
        "names": format_array(now.names),
        "groups": format_array(now.groups),
        "opened": format_array(each.opened for each in days),
        "unclosed": format_array(each.unclosed for each in days),
        "unended": format_array(each.unended for each in days),
    }
