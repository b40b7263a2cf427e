"""Check that every points account, lot and entry agrees with the rows behind it; exit code 1 on any difference."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from loyalty.points import ledger_check


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        found = ledger_check.verify_ledger()
        if options["json"]:
            self.stdout.write(json.dumps({"accounts": found.accounts, "differences": found.differences}))
        else:
            for difference in found.differences:
                self.stdout.write(str(difference))
            self.stdout.write(f"{found.accounts} accounts checked, {len(found.differences)} differences")
        if found.differences:
            sys.exit(1)
