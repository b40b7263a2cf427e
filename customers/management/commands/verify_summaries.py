"""Compare every customer's summary with their orders, and these with their lines and refunds; exit 1 on any difference."""

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
        wrong_orders = summaries.orders_with_wrong_sums()
        if options["rebuild"] and different:
            summaries.refresh_summaries(different, clock.now())
        answer = {
            "customers": Customer.objects.count(),
            "differences": different,
            "orders": wrong_orders,
            "rebuilt": bool(options["rebuild"] and different),
        }
        if options["json"]:
            self.stdout.write(json.dumps(answer))
        else:
            self.stdout.write(f"{answer['customers']} customers, {len(different)} differences")
            for number in wrong_orders:
                self.stdout.write(f"order {number}: its sums are not those of its lines and refunds")
        if wrong_orders or (different and not options["rebuild"]):
            sys.exit(1)
