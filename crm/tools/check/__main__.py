"""Runs every check, each timed, and sums up; exit code 1 when one of them found something."""

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from crm.tools.check import (
    front_end_style,
    mirrored_tests,
    module_names,
    name_words,
    public_names,
    python_texts,
    raw_sql,
    requirements,
    rule_marks,
    source_layout,
    template_markup,
    view_altitude,
)
from crm.tools.check.source_paths import PROJECT_ROOT, CheckFinding

PYTHON = sys.executable
AT_ONCE = 2


@dataclass(frozen=True)
class CheckStep:
    """One check: a command, or a function that gives back what it found; `warn` finds what is shown and fails nothing."""

    name: str
    run: list[str] | Callable[[], list[CheckFinding]]
    warn: Callable[[], list[CheckFinding]] | None = None


@dataclass(frozen=True)
class CheckOutcome:
    step: CheckStep
    passed: bool
    output: str
    seconds: float
    warnings: str = ""


LINT_IMPORTS = (
    "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True, no_logo=True))"
)
STEPS = [
    CheckStep("types", [PYTHON, "-m", "mypy"]),
    CheckStep("lint", [PYTHON, "-m", "ruff", "check", "."]),
    CheckStep("format", [PYTHON, "-m", "ruff", "format", "--check", "."]),
    CheckStep("floors", [PYTHON, "-c", LINT_IMPORTS]),
    CheckStep("templates", [PYTHON, "-m", "djlint", "templates", "--lint", "--quiet"]),
    CheckStep(
        "layout",
        lambda: [
            *source_layout.overlong_lines(),
            *source_layout.hidden_nesting(),
            *source_layout.crowded_includes(),
        ],
    ),
    CheckStep("front end", front_end_style.front_end_findings),
    CheckStep("migrations", [PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"]),
    CheckStep("words", [PYTHON, "-m", "crm.tools.i18n", "missing"]),
    CheckStep("words in pages", template_markup.bare_english),
    CheckStep("words in code", python_texts.untranslated_texts),
    CheckStep("safe markup", template_markup.unsafe_markup),
    CheckStep("libraries", lambda: [*requirements.unused_requirements(), *requirements.undeclared_imports()]),
    CheckStep("public names", lambda: [*public_names.vague_names(), *public_names.repeated_classes()]),
    CheckStep("words of names", name_words.misnamed),
    CheckStep("SQL", lambda: [*raw_sql.scattered_sql(), *raw_sql.foreign_sql()]),
    CheckStep("views", view_altitude.low_views),
    CheckStep("test mirror", mirrored_tests.modules_without_tests),
    CheckStep(
        "module names",
        lambda: [
            *module_names.badly_named_modules(),
            *module_names.undocumented_modules(),
            *module_names.overlong_modules(),
        ],
        warn=module_names.long_modules,
    ),
]


def main() -> int:
    options = parse_arguments()
    if options.rules:
        return list_rules()
    chosen = [step for step in STEPS if not options.steps or step.name in options.steps]
    os.environ.setdefault("CRM_DEV", "1")
    with ThreadPoolExecutor(AT_ONCE) as pool:
        outcomes = [print_outcome(outcome) for outcome in pool.map(run_step, chosen)]
    failed = [outcome.step.name for outcome in outcomes if not outcome.passed]
    print(f"{len(outcomes) - len(failed)} of {len(outcomes)} checks passed", end="")
    print(f"; not: {', '.join(failed)}" if failed else "")
    return int(bool(failed))


def run_step(step: CheckStep) -> CheckOutcome:
    started = time.monotonic()
    if callable(step.run):
        findings = step.run()
        passed, output = not findings, "\n".join(map(str, findings))
    else:
        done = subprocess.run(step.run, cwd=PROJECT_ROOT, capture_output=True, text=True)
        passed, output = done.returncode == 0, (done.stdout + done.stderr).strip()
    warnings = "\n".join(f"warning: {finding}" for finding in step.warn()) if step.warn else ""
    return CheckOutcome(step, passed, output, time.monotonic() - started, warnings)


def print_outcome(outcome: CheckOutcome) -> CheckOutcome:
    print(f"{'ok  ' if outcome.passed else 'FAIL'} {outcome.step.name:<15} {outcome.seconds:5.1f} s", flush=True)
    for text in (outcome.warnings, "" if outcome.passed else outcome.output):
        if text:
            print(text, flush=True)
    return outcome


def list_rules() -> int:
    untested = rule_marks.untested_rules()
    print("\n".join(untested))
    print(f"{len(untested)} of {len(rule_marks.specified_rules())} rules have no test", file=sys.stderr)
    return 0


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/check", description=__doc__)
    parser.add_argument("steps", nargs="*", metavar="CHECK", help=", ".join(step.name for step in STEPS))
    parser.add_argument("--rules", action="store_true", help="list rules of the specification that no test names")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
