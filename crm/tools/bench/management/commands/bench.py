"""Measure every piece of work beside its limit, then all of it under load; --json for machines."""

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from crm.tools.bench import growth, result_table
from crm.tools.bench import runner as bench


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--customers", type=int, default=100_000)
        parser.add_argument("--seconds", type=float, default=30, help="of load by a second process")
        parser.add_argument("--only", default="", help="pieces whose name contains this, without the load")
        parser.add_argument("--rounds", type=int, default=0, help="of every piece, for a quick look")
        parser.add_argument(
            "--json", nargs="?", const="-", help="everything as JSON: into a file, or instead of the table"
        )
        parser.add_argument("--beside", type=Path, help="the JSON of a run over fewer customers, for the growth")

    def handle(self, *args: Any, **options: Any) -> None:
        if not 100 <= options["customers"] <= 10_000_000:
            raise CommandError("--customers: between 100 and 10,000,000")
        earlier = _read_json(options["beside"]) if options["beside"] else None
        tell = lambda text: self.stderr.write(f"… {text}")  # noqa: E731
        try:
            found = bench.run_bench(options["customers"], options["seconds"], tell, options["only"], options["rounds"])
        except bench.NotABenchDatabase as refusal:
            raise CommandError(str(refusal)) from refusal
        if earlier:
            growth.compare_runs(found, earlier)
        self._print(found, options["json"])
        wrong = [piece for piece in found["pieces"] if "unequal" in piece]
        if wrong or (found["load"] and found["load"]["errors"]):
            sys.exit(1)

    def _print(self, findings: dict[str, Any], target: str | None) -> None:
        text = json.dumps(findings, indent=1, ensure_ascii=False)
        if target == "-":
            self.stdout.write(text)
            return
        if target:
            Path(target).write_text(text)
        self.stdout.write("\n".join(result_table.table_lines(findings)))


def _read_json(path: Path) -> Any:
    try:
        return json.loads(path.read_text())
    except (OSError, ValueError) as error:
        raise CommandError(f"--beside: {error}") from error
