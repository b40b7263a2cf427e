"""Care: who is due in every programme, and entering them, against bare statements for the one zone that the bench lives in."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from crm.kernel import company
from crm.kernel.time import clock, periods
from crm.tools.bench.aims import at_most_times
from crm.tools.bench.page_benchmarks import fetch_rows
from crm.tools.bench.timing import WorkBenchmark
from customers.orders.relations import COUNTS
from retention.care import due_candidates, planner, services
from retention.care.choices import ProgramState
from retention.care.models import CareProgram
from retention.care.triggers.base import PlanningHorizon

ZONE = "Asia/Shanghai"
BARE_SQL_SIDE = "bare SQL"
CARE_AIMS = {BARE_SQL_SIDE: at_most_times(1.5)}

IS_CURRENT_SQL = "c.merged_into_id IS NULL AND c.archived_at IS NULL"
BIRTHDAY_SQL = f"""
SELECT c.id, 'birthday:' || extract(year FROM %(today)s::date) AS key, %(today)s::date AS day FROM customers_customer c
WHERE {IS_CURRENT_SQL} AND c.birthday_calendar = 'solar'
  AND c.birth_month = extract(month FROM %(today)s::date) AND c.birth_day = extract(day FROM %(today)s::date)
  AND NOT EXISTS (SELECT FROM retention_enrollment e WHERE e.program_id = %(program)s AND e.customer_id = c.id
                  AND e.occasion_key = 'birthday:' || extract(year FROM %(today)s::date))
"""
POINTS_EXPIRING_SQL = f"""
SELECT c.id, 'expiry:' || l.day AS key, l.day
FROM (SELECT account_id, ((expires_at - interval '1 second') AT TIME ZONE '{ZONE}')::date AS day FROM loyalty_pointslot
      WHERE remaining > 0 AND expires_at > %(midnight)s AND expires_at <= %(midnight)s::timestamptz + interval '15 days'
      GROUP BY 1, 2 HAVING sum(remaining) >= 1) l
JOIN loyalty_pointsaccount a ON a.id = l.account_id JOIN customers_customer c ON c.id = a.customer_id
WHERE {IS_CURRENT_SQL} AND NOT EXISTS (SELECT FROM retention_enrollment e WHERE e.program_id = %(program)s AND e.customer_id = c.id
                                AND e.occasion_key = 'expiry:' || l.day)
"""
LAPSED_SQL = f"""
SELECT c.id, 'lapse:order-' || o.id AS key, (s.last_order_at AT TIME ZONE '{ZONE}')::date + 90 AS day
FROM customers_customersummary s JOIN customers_customer c ON c.id = s.customer_id
CROSS JOIN LATERAL (SELECT id FROM customers_order WHERE customer_id = s.customer_id AND {COUNTS}
                    ORDER BY placed_at DESC, id DESC LIMIT 1) o
WHERE {IS_CURRENT_SQL} AND s.last_order_at >= %(midnight)s::timestamptz - interval '120 days'
  AND s.last_order_at < %(midnight)s::timestamptz - interval '89 days'
  AND NOT EXISTS (SELECT FROM retention_enrollment e WHERE e.program_id = %(program)s AND e.customer_id = c.id
                  AND e.entered_at >= s.last_order_at)
"""
DUE_SQL = {"birthday": BIRTHDAY_SQL, "points-expiring": POINTS_EXPIRING_SQL, "lapsed-buyer": LAPSED_SQL}
# Consent and holdout as the product asks them; of suppression the bench knows nobody.
ENROLL_SQL = """
INSERT INTO retention_enrollment (public_id, program_id, version_id, run_id, customer_id, occasion_key, occasion_on, arm, state,
                                  reason, position, due_at, entered_at, attempts)
SELECT crm_public_id('ce'), %(program)s, %(version)s, %(run)s, d.id, d.key, d.day, h.arm,
       CASE h.arm WHEN 'treated' THEN 'waiting' ELSE 'done' END, '', 1, %(now)s, %(now)s, 0
FROM ({due}) d JOIN customers_consent k ON k.customer_id = d.id AND k.channel = 'email' AND k.topic = 'care' AND k.state = 'given'
CROSS JOIN LATERAL (
  SELECT CASE WHEN ('x' || encode(substr(sha256(('holdout:' || %(program)s || ':' || d.id)::bytea), 1, 6), 'hex'))::bit(48)::bigint
                   < %(share)s * 2.0 ^ 48 THEN 'held_out' ELSE 'treated' END AS arm) h
ON CONFLICT (program_id, customer_id, occasion_key) DO NOTHING
RETURNING arm
"""


class UndoRound(Exception):
    """Takes a round back, so that the next one does the same work."""


class NoonPlanning:
    """Every programme is on, at noon of the customers' day: nobody is greeted by night."""

    def __init__(self) -> None:
        self.now = periods.local_midnight(clock.today(ZONE), ZONE) + timedelta(hours=12)
        company.change_settings(company.CompanySettings, {"postal_address": "1 Bench Street"}, by=None)
        for program in CareProgram.objects.filter(state=ProgramState.OFF):
            services.start_program(program=program, at=self.now, by=None, smallest_effect=None)
        CareProgram.objects.update(planned_until=self.now)
        self.programs = list(CareProgram.objects.select_related("current__program").order_by("id"))

    def parameters(self, program: CareProgram, **more: Any) -> dict[str, Any]:
        today = clock.today(ZONE)
        midnight: datetime = periods.local_midnight(today, ZONE)
        return {"program": program.pk, "today": today, "midnight": midnight, "now": self.now, **more}

    def due(self) -> list[tuple[int, int]]:
        horizon = PlanningHorizon(self.now, self.now)
        return [_count_and_id_sum(due_candidates.due_candidates(program, horizon)) for program in self.programs]

    def bare_due(self) -> list[tuple[int, int]]:
        return [
            _count_and_id_sum(fetch_rows(DUE_SQL[program.key], self.parameters(program))) for program in self.programs
        ]

    def plan(self) -> list[tuple[int, int]]:
        """(treated, held out) of each programme."""
        entered = [planner.plan_program(program, self.now) for program in self.programs]
        return [(each.treated, each.held_out) for each in entered]

    def bare_plan(self) -> list[tuple[int, int]]:
        found = []
        for program in self.programs:
            assert program.current is not None
            run = program.runs.create(
                version=program.current, ran_at=self.now, planned_from=self.now, planned_until=self.now
            )
            more = {"version": program.current_id, "run": run.pk, "share": program.holdout_share}
            arms = [
                arm
                for (arm,) in fetch_rows(ENROLL_SQL.format(due=DUE_SQL[program.key]), self.parameters(program, **more))
            ]
            found.append((arms.count("treated"), arms.count("held_out")))
        return found


def due_selection_benchmark() -> WorkBenchmark:
    """Who is due now, of every programme."""
    noon = NoonPlanning()
    return WorkBenchmark(
        "due selection",
        noon.due,
        noon.bare_due,
        rounds=7,
        limit=BARE_SQL_SIDE,
        aims=CARE_AIMS,
        around=_without_enrollments,
    )


def planning_benchmark() -> WorkBenchmark:
    """Everybody who is due enters, and is taken back."""
    noon = NoonPlanning()
    return WorkBenchmark(
        "care planning",
        lambda: _run_and_undo(noon.plan),
        lambda: _run_and_undo(noon.bare_plan),
        rounds=5,
        limit=BARE_SQL_SIDE,
        aims=CARE_AIMS,
        around=_without_enrollments,
    )


def repeated_planning_benchmark() -> WorkBenchmark:
    """The same once more: nobody enters."""
    noon = NoonPlanning()

    @contextmanager
    def entered() -> Iterator[None]:
        with _without_enrollments():
            noon.plan()
            _execute_as_owner("ANALYZE retention_enrollment")
            yield

    return WorkBenchmark(
        "care planning again", lambda: _run_and_undo(noon.plan), lambda: _run_and_undo(noon.bare_plan), rounds=5, limit=BARE_SQL_SIDE,
        aims=CARE_AIMS, around=entered,
    )  # fmt: skip


@contextmanager
def _without_enrollments() -> Iterator[None]:
    _delete_enrollments()
    try:
        yield
    finally:
        _delete_enrollments()


def _delete_enrollments() -> None:
    _execute_as_owner(
        "DELETE FROM retention_enrollment", "DELETE FROM retention_programrun", "ANALYZE retention_enrollment"
    )


def _execute_as_owner(*statements: str) -> None:
    own: Any = connection
    with own.as_owner(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _count_and_id_sum(rows: list[Any]) -> tuple[int, int]:
    """How many, and whom: the sum of their ids."""
    return len(rows), sum(row[0] for row in rows)


def _run_and_undo(work: Any) -> Any:
    found = None
    try:
        with transaction.atomic():
            found = work()
            raise UndoRound
    except UndoRound:
        return found
