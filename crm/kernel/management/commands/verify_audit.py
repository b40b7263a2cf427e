"""Check that the audit log is as it was sealed; exit code 1 on any entry that was altered, removed or slipped in."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from crm.kernel.audit import seal_chain


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--anchor", default="", help="a digest of the chain that was noted elsewhere (audit_anchor in the log)"
        )
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            found = seal_chain.verify_chain(options["anchor"])
        except ValueError as error:
            raise CommandError("--anchor: must be hexadecimal, as the log says it.") from error
        if options["json"]:
            self.stdout.write(
                json.dumps({"entries": found.entries, "seals": found.seals, "differences": found.differences})
            )
        else:
            for difference in found.differences:
                self.stdout.write(difference)
            self.stdout.write(
                f"{found.entries} entries in {found.seals} links checked, {len(found.differences)} differences"
            )
        if found.differences:
            sys.exit(1)
