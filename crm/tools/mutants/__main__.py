"""Put seeded faults into an app, one at a time, and say which of them its tests do not notice.

`bin/check --mutants APP [--seed N] [--count 150]`; exit code 1 below 85 %.
"""

import argparse
import hashlib
import json
import random
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crm.tools.check.source_paths import PROJECT_ROOT, SHOP_APPS
from crm.tools.mutants.mutant_runs import SURVIVED, TIMED_OUT, judge_mutant, preload_libraries, record_lines
from crm.tools.mutants.mutations import Mutation, find_mutations

APPS = {**{app: app for app in SHOP_APPS}, "kernel": "crm/kernel"}
MUTATED = ("rules", "selectors", "services", "queries")
ENOUGH = 0.85
# A mutant is judged by so many tests, those of its own module first, then the quickest.
TESTS_AT_MOST = 60
SECONDS_AT_MOST = 25.0
PATIENCE = 60.0  # beyond what the tests took when nothing was wrong

TestRecord = dict[str, dict[str, Any]]  # test → seconds, lines by path


@dataclass(frozen=True)
class PlacedMutation:
    """A fault and the module in which it stands."""

    path: Path
    mutation: Mutation

    @property
    def module(self) -> str:
        return ".".join(self.path.relative_to(PROJECT_ROOT).with_suffix("").parts)

    def __str__(self) -> str:
        return f"{self.path.relative_to(PROJECT_ROOT)}:{self.mutation}"


def main() -> int:
    """Choose, run, report."""
    options = parse_arguments()
    paths = mutated_modules(APPS[options.app])
    record = load_record(options.app, paths)
    chosen = choose_mutations(paths, seed=options.seed, count=options.count)
    preload_libraries()
    started, results, survivors = time.monotonic(), Counter[str](), []
    for number, placed in enumerate(chosen, start=1):
        tests, seconds = choose_tests(placed, record)
        source = placed.path.read_text(encoding="utf-8")
        outcome = (
            judge_mutant(placed.module, placed.mutation.apply_to(source), tests, seconds + PATIENCE)
            if tests
            else SURVIVED
        )
        results[outcome] += 1
        if outcome == SURVIVED:
            survivors.append(placed)
        note = "" if tests else " (no test runs over it)"
        print(f"{number:4} of {len(chosen)}  {outcome:9}  {placed}{note}", flush=True)
    return report(survivors, results, time.monotonic() - started)


def mutated_modules(app: str) -> list[Path]:
    """The modules of an app in which faults are put."""
    return sorted(path for path in (PROJECT_ROOT / app).rglob("*.py") if path.stem in MUTATED)


def choose_mutations(paths: list[Path], *, seed: int, count: int) -> list[PlacedMutation]:
    """So many faults, the same by seed as long as the code is the same."""
    every = [
        PlacedMutation(path, mutation)
        for path in paths
        for mutation in find_mutations(path.read_text(encoding="utf-8"))
    ]
    return sorted(random.Random(seed).sample(every, min(count, len(every))), key=str)


def choose_tests(placed: PlacedMutation, record: TestRecord) -> tuple[list[str], float]:
    """The tests that run over the fault, and the seconds that they take; what runs at import concerns all of the module."""
    path, line = str(placed.path), placed.mutation.line
    touching = {test: entry for test, entry in record.items() if path in entry["lines"]}
    over = {test: entry for test, entry in touching.items() if line in entry["lines"][path]}
    if not over:
        over = touching or _tests_of_importers(placed, record)
    mirror = f"test_{placed.path.stem}.py"
    ranked = sorted(over, key=lambda test: (mirror not in test, over[test]["seconds"]))
    chosen: list[str] = []
    seconds = 0.0
    for test in ranked[:TESTS_AT_MOST]:
        if seconds + over[test]["seconds"] > SECONDS_AT_MOST and chosen:
            continue
        chosen.append(test)
        seconds += over[test]["seconds"]
    return chosen, seconds


def _tests_of_importers(placed: PlacedMutation, record: TestRecord) -> TestRecord:
    """Tests of modules that import names of this one: statements in SQL have no lines that run."""
    importers = {
        str(path)
        for path in placed.path.parent.glob("*.py")
        if placed.module in path.read_text(encoding="utf-8") and path != placed.path
    }
    return {test: entry for test, entry in record.items() if importers & entry["lines"].keys()}


def load_record(app: str, watched: list[Path]) -> TestRecord:
    """Which test runs over which line; recorded anew where code or tests have changed."""
    folders = [PROJECT_ROOT / APPS[app], PROJECT_ROOT / "tests" / APPS[app]]
    digest = hashlib.sha256()
    for path in sorted(path for folder in folders for path in folder.rglob("*.py")):
        digest.update(path.read_bytes())
    place = PROJECT_ROOT / "var" / "mutants" / f"{app}-{digest.hexdigest()[:16]}.json"
    if not place.exists():
        place.parent.mkdir(parents=True, exist_ok=True)
        print(f"Recording which tests of {app} run over which lines …", flush=True)
        importers = [path for folder in {path.parent for path in watched} for path in folder.glob("*.py")]
        record_lines(importers, [f"tests/{APPS[app]}"], place)
    record: TestRecord = json.loads(place.read_text())
    return {test: entry for test, entry in record.items() if not entry.get("failed")}


def report(survivors: list[PlacedMutation], results: Counter[str], seconds: float) -> int:
    """Print the share and the survivors; the exit code."""
    total = results.total()
    killed = total - results[SURVIVED]
    share = killed / total if total else 0.0
    print("\n".join(["", "Survived:", *map(str, survivors)]) if survivors else "")
    timed_out = f", {results[TIMED_OUT]} of them by the clock" if results[TIMED_OUT] else ""
    print(f"{killed} of {total} mutants killed ({share:.0%}){timed_out}, in {seconds:.0f} s")
    return int(share < ENOUGH)


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/check --mutants", description=__doc__)
    parser.add_argument("app", choices=sorted(APPS))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=150)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
