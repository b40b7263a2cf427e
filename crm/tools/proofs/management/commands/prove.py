"""`bin/prove outbox --seconds 60`: run a proof in a database of its own; exit 0 if the promise held, 1 if not."""

import argparse
import json
import random
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from crm.tools.proofs.registry import NOTHING_BROKEN, discover_proofs, registered_proofs, run_proof
from crm.tools.proofs.report import ProofReport
from crm.tools.proofs.scratch_database import scratch_database


class Command(BaseCommand):
    help = "Run a long proof on real processes. With --broken a mechanism is replaced by a wrong one: then the checker must object."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("name", choices=sorted(discover_proofs()))
        parser.add_argument(
            "--seed", type=int, default=None, help="the same seed chooses the same instants; printed in the report"
        )
        parser.add_argument("--seconds", type=float, default=30)
        parser.add_argument("--broken", default=NOTHING_BROKEN, metavar="VARIANT")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        seed = random.randrange(10**6) if options["seed"] is None else options["seed"]
        wanted = registered_proofs[options["name"]]
        if options["broken"] not in (NOTHING_BROKEN, *wanted.variants):
            raise CommandError(f"--broken: {wanted.name} knows {', '.join((NOTHING_BROKEN, *wanted.variants))}")
        with scratch_database():
            report = run_proof(wanted.name, seed=seed, seconds=options["seconds"], broken=options["broken"])
        self.stdout.write(json.dumps(report.as_json(), ensure_ascii=False) if options["json"] else self._words(report))
        if report.violations:
            raise SystemExit(1)

    def _words(self, report: ProofReport) -> str:
        lines = [
            f"{report.name}, seed {report.seed}, {report.seconds:g} s, broken: {report.broken}",
            f"{report.operations} operations, {report.kills} kills, {len(report.violations)} violations",
            *(f"  {name}: {value}" for name, value in report.counts.items()),
            *(f"  violated: {violation}" for violation in report.violations[:20]),
        ]
        return "\n".join(lines)
