"""Compare every customer's summary with their orders; exit 1 on any difference."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from crm.kernel.time import clock
from customers.orders import summaries
from customers.profiles.models import Customer


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true")
        parser.add_argument("--rebuild", action="store_true", help="correct the differences")

    def handle(self, *args: Any, **options: Any) -> None:
        different = summaries.customers_with_wrong_summary()
        if options["rebuild"] and different:
            summaries.refresh_summaries(different, clock.now())
        answer = {
            "customers": Customer.objects.count(),
            "differences": different,
            "rebuilt": bool(options["rebuild"] and different),
        }
        if options["json"]:
            self.stdout.write(json.dumps(answer))
        else:
            self.stdout.write(f"{answer['customers']} customers, {len(different)} differences")
        if different and not options["rebuild"]:
            sys.exit(1)
