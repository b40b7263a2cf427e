"""Measure every piece of work beside its limit, then all of it under load; --json for machines."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from crm.bench import run as bench


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--customers", type=int, default=100_000)
        parser.add_argument("--seconds", type=float, default=30, help="of load by a second process")
        parser.add_argument("--only", default="", help="pieces whose name contains this, without the load")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if not 100 <= options["customers"] <= 10_000_000:
            raise CommandError("--customers: between 100 and 10,000,000")
        tell = lambda text: self.stderr.write(f"… {text}")  # noqa: E731
        try:
            found = bench.run(options["customers"], options["seconds"], tell, options["only"])
        except bench.NotABenchDatabase as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(json.dumps(found, indent=1) if options["json"] else _table(found))
        wrong = [piece for piece in found["pieces"] if "unequal" in piece]
        if wrong or (found["load"] and found["load"]["errors"]):
            sys.exit(1)


def _table(found: dict[str, Any]) -> str:
    head = f"{found['customers']:,} customers, {found['orders']:,} orders\n"
    lines = [f"{'piece':<20}{'ours ms':>22}{'bare ms':>22}{'ours/s':>10}{'bare/s':>10}{'ratio':>8}"]
    for piece in found["pieces"]:
        if "unequal" in piece:
            lines.append(f"{piece['name']:<20} no figure: {piece['unequal']}")
            continue
        lines.append(_line(piece["name"], piece["ours"], piece["bare"], piece["ratio"]))
        lines += [_line(f"  to {name}", piece["ours"], peer, peer["ratio"]) for name, peer in piece["peers"].items()]
    if load := found["load"]:
        lines += ["", f"load: {load['requests']:,} requests, {load['errors']} errors {load['first_error']}"]
        lines += [
            f"  {name:<18}{kind['requests']:>7,}  p50 {kind['p50_ms']:>8.1f} ms  p95 {kind['p95_ms']:>8.1f} ms"
            for name, kind in load["kinds"].items()
        ]
    return head + "\n".join(lines)


def _line(name: str, ours: dict[str, float], others: dict[str, float], ratio: float) -> str:
    rates = f"{ours['per_second']:>10,.0f}{others['per_second']:>10,.0f}"
    return f"{name:<20}{_range(ours):>22}{_range(others):>22}{rates}{ratio:>8.2f}"


def _range(figures: dict[str, float]) -> str:
    return f"{figures['median_ms']:.2f} ({figures['min_ms']:.2f}–{figures['max_ms']:.2f})"
