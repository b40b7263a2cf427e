"""How well the shown risk ranks leavers, beside plain recency: measured on the last days of the company's own past."""

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from crm.kernel import company
from crm.kernel.time import clock, periods
from crm.kernel.time.periods import BadPeriod
from retention.risk import backtest


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--held-back-days", type=int, default=backtest.HELD_BACK_DAYS, help="by default 90")
        parser.add_argument("--until", help="first local day after the held-back ones; by default now")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if not 0 < options["held_back_days"] <= 3650:
            raise CommandError("held-back-days: must be between 1 and 3650")
        quality = asdict(backtest.measure_ranking(_parse_end(options["until"]), options["held_back_days"]))
        figures = {
            name: value if value is None or isinstance(value, int) else f"{value:.4f}"
            for name, value in quality.items()
        }
        self.stdout.write(
            json.dumps(figures) if options["json"] else "\n".join(f"{name}: {value}" for name, value in figures.items())
        )


def _parse_end(day: str | None) -> datetime:
    try:
        return (
            periods.local_midnight(periods.parse_day(day, "until"), company.get_company().time_zone)
            if day
            else clock.now()
        )
    except BadPeriod as refusal:
        raise CommandError(str(refusal)) from refusal
