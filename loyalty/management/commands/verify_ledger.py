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
        check = ledger_check.verify_ledger()
        if options["json"]:
            self.stdout.write(json.dumps({"accounts": check.accounts, "differences": check.differences}))
        else:
            for difference in check.differences:
                self.stdout.write(str(difference))
            self.stdout.write(f"{check.accounts} accounts checked, {len(check.differences)} differences")
        if check.differences:
            sys.exit(1)
