"""Runs every check, each timed, and sums up; exit code 1 when one of them found something."""

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from crm.tools.check import module_names, python_texts, rule_marks, template_markup
from crm.tools.check.source_paths import BASE, Finding

PYTHON = sys.executable
AT_ONCE = 2


@dataclass(frozen=True)
class Step:
    """One check: a command, or a function that gives back what it found."""

    name: str
    run: list[str] | Callable[[], list[Finding]]


@dataclass(frozen=True)
class Outcome:
    step: Step
    passed: bool
    output: str
    seconds: float


LINT_IMPORTS = (
    "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True, no_logo=True))"
)
STEPS = [
    Step("types", [PYTHON, "-m", "mypy"]),
    Step("lint", [PYTHON, "-m", "ruff", "check", "."]),
    Step("format", [PYTHON, "-m", "ruff", "format", "--check", "."]),
    Step("floors", [PYTHON, "-c", LINT_IMPORTS]),
    Step("templates", [PYTHON, "-m", "djlint", "templates", "--lint", "--quiet"]),
    Step("migrations", [PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"]),
    Step("words", [PYTHON, "-m", "crm.tools.i18n", "missing"]),
    Step("words in pages", template_markup.bare_english),
    Step("words in code", python_texts.untranslated),
    Step("safe markup", template_markup.unsafe_markup),
    Step("module names", lambda: [*module_names.badly_named(), *module_names.unnamed(), *module_names.too_long()]),
]


def main() -> int:
    options = arguments()
    if options.rules:
        return list_rules()
    chosen = [step for step in STEPS if not options.steps or step.name in options.steps]
    os.environ.setdefault("CRM_DEV", "1")
    with ThreadPoolExecutor(AT_ONCE) as pool:
        outcomes = [show(outcome) for outcome in pool.map(run, chosen)]
    failed = [outcome.step.name for outcome in outcomes if not outcome.passed]
    print(f"{len(outcomes) - len(failed)} of {len(outcomes)} checks passed", end="")
    print(f"; not: {', '.join(failed)}" if failed else "")
    return int(bool(failed))


def run(step: Step) -> Outcome:
    started = time.monotonic()
    if callable(step.run):
        findings = step.run()
        passed, output = not findings, "\n".join(map(str, findings))
    else:
        done = subprocess.run(step.run, cwd=BASE, capture_output=True, text=True)
        passed, output = done.returncode == 0, (done.stdout + done.stderr).strip()
    return Outcome(step, passed, output, time.monotonic() - started)


def show(outcome: Outcome) -> Outcome:
    print(f"{'ok  ' if outcome.passed else 'FAIL'} {outcome.step.name:<15} {outcome.seconds:5.1f} s", flush=True)
    if not outcome.passed:
        print(outcome.output, flush=True)
    return outcome


def list_rules() -> int:
    untested = rule_marks.untested()
    print("\n".join(untested))
    print(f"{len(untested)} of {len(rule_marks.wanted())} rules have no test", file=sys.stderr)
    return 0


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/check", description=__doc__)
    parser.add_argument("steps", nargs="*", metavar="CHECK", help=", ".join(step.name for step in STEPS))
    parser.add_argument("--rules", action="store_true", help="list rules of the specification that no test names")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
