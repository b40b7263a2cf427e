"""Say what is wrong with this installation, in plain sentences; exit status 1 when something is."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from crm.kernel.ops.doctor import examination

MARKS = {"good": "ok     ", "note": "note   ", "problem": "PROBLEM"}


class Command(BaseCommand):
    help = __doc__
    requires_system_checks = []
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON object on standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        findings = examination.examine_installation()
        problems = sum(finding.grade == "problem" for finding in findings)
        if options["json"]:
            found = [finding.as_dict() for finding in findings]
            self.stdout.write(json.dumps({"problems": problems, "findings": found}, ensure_ascii=False))
        else:
            for finding in findings:
                self.stdout.write(f"{MARKS[finding.grade]}  {finding.about:<11} {finding.sentence}")
            self.stdout.write(f"{problems} problem{'s' * (problems != 1)}." if problems else "Nothing is wrong.")
        if problems:
            sys.exit(1)
