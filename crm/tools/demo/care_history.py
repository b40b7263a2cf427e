"""Care in the past: programmes were switched on one by one, planned by the real planner, and had an effect."""

import random
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import connection

from crm.kernel.time import clock
from crm.tools.demo import mail_delivery
from crm.tools.demo.example_staff import ExampleStaff
from retention.care import goals, planner, services, step_runner, version_settings
from retention.care.choices import HoldoutArm, ProgramState
from retention.care.models import CareProgram, Enrollment

# Programme → days ago when it was switched on, days between two plannings, holdout, smallest effect.
PROGRAM_STARTS = {
    "lapsed-buyer": (300, 14, "0.25", "0.02"),
    "birthday": (126, 3, "0.10", "0.03"),
    "points-expiring": (40, 7, "0.10", "0.02"),
}
WIN_BACK_RATE = 0.17


def start_due_programs(*, since: datetime, until: datetime, now: datetime, staff: ExampleStaff) -> None:
    """Programmes whose day has come start, with their holdout and the effect that counts."""
    for key, (days, _rhythm, share, effect) in PROGRAM_STARTS.items():
        day = (now - timedelta(days=days)).replace(hour=1, minute=0)
        if since <= day < until:
            program = CareProgram.objects.get(key=key)
            settings = version_settings.parse_settings(program.kind, {**program.settings.values(), "close_hour": 21})
            services.change_program_settings(
                program=program, share=Decimal(share), settings=settings, at=day, by=staff["marketing"]
            )
            services.start_program(program=program, at=day, by=staff["marketing"], smallest_effect=Decimal(effect))


def run_programs(*, until: datetime, dice: random.Random) -> list[int]:
    """Plan, do the steps and deliver, as often as each programme needs; returns whom the lapsed programme reached."""
    reached: list[int] = []
    for program in CareProgram.objects.filter(state=ProgramState.ON).select_related("current__program").order_by("id"):
        moment, rhythm = program.planned_until, timedelta(days=PROGRAM_STARTS[program.key][1])
        while moment and moment + rhythm <= until:
            moment += rhythm
            program.refresh_from_db(fields=["planned_until"])
            reached += _run_planning(program, moment, dice)
    return reached


def _run_planning(program: CareProgram, at: datetime, dice: random.Random) -> list[int]:
    with clock.move_clock(at):
        if not _plan_program(program, at).eligible:
            return []
        step_runner.run_due_steps(at)
    later = at + timedelta(hours=11)
    with clock.move_clock(later):
        mail_delivery.deliver_due_mail(until=later, dice=dice)
        step_runner.close_ended_enrollments(later)
    if program.key != "lapsed-buyer":
        return []
    rows = Enrollment.objects.filter(program=program, arm=HoldoutArm.TREATED, entered_at=at)
    return sorted(rows.values_list("customer_id", flat=True))


def plan_up_to_now(now: datetime) -> None:
    """What is due now is planned and sent, so that the first minute of the server brings only the birthdays of today."""
    for program in (
        CareProgram.objects.filter(state=ProgramState.ON).exclude(key="birthday").select_related("current__program")
    ):
        _plan_program(program, now)
    goals.measure_goals(list(Enrollment.objects.values_list("customer_id", flat=True).distinct()))


def _plan_program(program: CareProgram, at: datetime) -> planner.PlanningCounts:
    """The tables are new and nobody has measured them yet: among all customers the database must not loop over rows."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_nestloop = off")
        entered = planner.plan_program(program, at)
        cursor.execute("SET LOCAL enable_nestloop = on")
    return entered
