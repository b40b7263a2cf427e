"""Run the care planner once, as the minute's tick does: enter who is due, then do the steps that are due."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from crm.kernel.time import clock
from retention.care import planner, step_runner


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        now = clock.now()
        programs = {key: entered.as_json() for key, entered in planner.plan_due_programs(now).items()}
        moved = step_runner.run_due_steps(now) + step_runner.close_ended_enrollments(now)
        if options["json"]:
            self.stdout.write(json.dumps({"programs": programs, "steps": moved}))
            return
        for key, counts in programs.items():
            self.stdout.write(
                f"{key}: {counts['eligible']} eligible, {counts['treated']} treated, {counts['held_out']} held out"
            )
        self.stdout.write(f"{moved} steps")
