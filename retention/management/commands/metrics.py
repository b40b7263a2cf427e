"""Print the figures of a window: the very numbers of the dashboard."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from crm.kernel.time.periods import BadPeriod, Period, parse_day
from retention.metrics import selectors, windows


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--start", required=True, help="first local day, as 2026-01-01")
        parser.add_argument("--end", required=True, help="first local day after the window")
        parser.add_argument("--active-days", type=int, help="a purchase within so many days counts as active")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            period = Period(parse_day(options["start"], "start"), parse_day(options["end"], "end"))
            if options["active_days"] is not None and not 0 < options["active_days"] <= 36500:
                raise BadPeriod("active-days: must be between 1 and 36500")
        except BadPeriod as refusal:
            if not options["json"]:
                raise CommandError(str(refusal)) from refusal
            self.stdout.write(json.dumps({"error": "BadPeriod", "detail": str(refusal)}))
            sys.exit(1)
        report = selectors.metrics_report(windows.metric_window(period, options["active_days"]))
        self.stdout.write(
            json.dumps(report) if options["json"] else "\n".join(f"{name}: {value}" for name, value in report.items())
        )
