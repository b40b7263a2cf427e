"""The other commands of bin/: each makes the environment it needs and hands over."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from crm.launcher import chromium, frontend, preparation, terminal
from crm.launcher.paths import PROJECT_ROOT, InstallationPaths
from crm.launcher.service_stack import ServiceStack, running_stack

# These work on the code or repair the database themselves: nothing is prepared before them.
COMMANDS_WITHOUT_PREPARATION = {"check", "doctor", "makemigrations", "migrate", "showmigrations", "sqlmigrate"}
COMMANDS_WITHOUT_STACK = {"help", "--help", "-h", "version", "--version"}
COMMANDS_MOVING_MIGRATIONS = {"migrate", "flush", "restore"}


# The whole suite runs in two processes, a file always in one; tests/conftest.py says in which order.
WHOLE_SUITE_OPTIONS = ["-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"]


def run_manage(arguments: list[str], variables: dict[str, str]) -> int:
    """A management command against the running stack, or one started for it; its output is passed on untouched."""
    places = InstallationPaths.of(variables)
    if COMMANDS_MOVING_MIGRATIONS & set(arguments[:1]):
        preparation.forget_preparation(places)
    name = (arguments or ["help"])[0]
    order = [str(PROJECT_ROOT / "manage.py"), *arguments]
    if name in COMMANDS_WITHOUT_STACK:
        return run_python(order, {"CRM_DEV": "1", **variables})
    return run_with_stack(ServiceStack(places, variables), order, name not in COMMANDS_WITHOUT_PREPARATION)


def separate_command(name: str) -> Callable[[list[str], dict[str, str]], int]:
    """A command with an installation of its own (var/<name>), so that it never touches anybody's customers."""

    def run(arguments: list[str], variables: dict[str, str]) -> int:
        places = InstallationPaths.of(variables, name)
        frontend.ensure_frontend()
        chosen = {"CRM_DEV": "1", **variables, **chromium.ensure_chromium()}
        return run_with_stack(ServiceStack(places, chosen), [str(PROJECT_ROOT / "manage.py"), name, *arguments], True)

    return run


def run_tests(arguments: list[str], variables: dict[str, str]) -> int:
    """The suite, or what is named."""
    return run_with_test_stack(["-m", "pytest", *(arguments or WHOLE_SUITE_OPTIONS)], variables)


def run_with_test_stack(order: list[str], variables: dict[str, str]) -> int:
    """Run Python on a database for tests, which gives up safety against a power cut for speed."""
    frontend.ensure_frontend()
    preparation.compile_languages()
    chosen = {"CRM_DEV": "1", **variables, **chromium.ensure_chromium()}
    stack = ServiceStack(InstallationPaths.of(variables, "test"), chosen, fast=True)
    return run_with_stack(stack, order, False, PROJECT_ROOT)


def run_checks(arguments: list[str], variables: dict[str, str]) -> int:
    """Style, types, floors, translations: on the code alone; `--mutants APP` runs tests, on a stack of their own."""
    if arguments[:1] == ["--mutants"]:
        return run_with_test_stack(["-m", "crm.tools.mutants", *arguments[1:]], variables)
    return run_python(["-m", "crm.tools.check", *arguments], {"CRM_DEV": "1", **variables}, PROJECT_ROOT)


def run_with_stack(stack: ServiceStack, order: list[str], prepared: bool, folder: Path | None = None) -> int:
    """Run Python with the stack at hand."""
    if not any(part for _, part in stack.parts()):
        return run_python(order, stack.environ(), folder)
    what = f"bin/{Path(order[0]).stem} {' '.join(order[1:2])}".strip()

    def make_ready(environ: dict[str, str]) -> None:
        news = preparation.ensure_prepared(stack.places, environ) if prepared else ""
        if news:
            terminal.print_line(news)

    with running_stack(stack, what, make_ready) as environ:
        return run_python(order, environ, folder)


def run_python(order: list[str], environ: dict[str, str], folder: Path | None = None) -> int:
    """The command's own exit status. Ctrl-C is the command's to answer; SIGTERM is passed on to it."""
    paths = os.pathsep.join(filter(None, [str(PROJECT_ROOT), environ.get("PYTHONPATH", "")]))
    child = subprocess.Popen([sys.executable, *order], env={**environ, "PYTHONPATH": paths}, cwd=folder)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: child.terminate())
    status = child.wait()
    return status if status >= 0 else 128 - status


COMMANDS = {
    "manage": run_manage,
    "test": run_tests,
    "check": run_checks,
    "bench": separate_command("bench"),
    "shots": separate_command("shots"),
    "prove": separate_command("prove"),
}
