"""Who is due: one set-based query per programme, by the local days of every time zone at once."""

from datetime import date
from typing import NamedTuple

from django.db import connection

from crm.kernel import company
from crm.kernel.db.array_literals import format_array
from retention.care import queries, zone_days
from retention.care.models import CareProgram
from retention.care.triggers.base import TRIGGER_KINDS, PlanningHorizon
from retention.care.zone_days import ZoneDays


class DueCandidate(NamedTuple):
    """A customer for whom an occasion of a programme has come."""

    customer_id: int
    occasion_key: str
    occasion_on: date
    too_late: bool


def due_candidates(program: CareProgram, horizon: PlanningHorizon) -> list[DueCandidate]:
    """Everybody for whom an occasion has come since the programme was last planned, in the order of customers, without
    those who have that occasion already; one query."""
    settings = program.settings.trigger
    days = zone_days.local_days_by_zone(
        company.get_company().time_zone, horizon.planned_until, horizon.now, settings.opens_at, settings.closes_at
    )
    query = TRIGGER_KINDS.get(program.kind).due_query(settings, horizon, days)
    if query is None:
        return []
    sql = queries.DUE_CANDIDATES_SQL.format(
        source=query.source,
        key=query.key,
        day=query.day,
        late=query.late,
        entered=query.entered,
        condition=query.condition,
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, {**_zone_columns(days), **(query.params or {}), "program": program.pk})
        return list(map(DueCandidate._make, cursor.fetchall()))


def _zone_columns(zones: ZoneDays) -> dict[str, str]:
    """The parameters of `queries.ZONE_JOIN_SQL`: a line per zone."""
    days = [zones.days[group] for group in zones.groups]
    return {
        "zones": format_array(zones.zones),
        "names": format_array(zones.names),
        "groups": format_array(zones.groups),
        "opened": format_array(day.opened for day in days),
        "unclosed": format_array(day.unclosed for day in days),
        "unended": format_array(day.unended for day in days),
    }
