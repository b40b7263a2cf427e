"""The other commands of bin/: each makes the environment it needs and hands over."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from crm.launcher import chromium, frontend, preparation, terminal
from crm.launcher.paths import ROOT, Places
from crm.launcher.service_stack import Stack, at_hand

# These work on the code or repair the database themselves: nothing is prepared before them.
UNPREPARED = {"check", "doctor", "makemigrations", "migrate", "showmigrations", "sqlmigrate"}
WITHOUT_STACK = {"help", "--help", "-h", "version", "--version"}
MOVES_MIGRATIONS = {"migrate", "flush", "restore"}


# The whole suite runs in two processes, a file always in one.
WHOLE = ["-n", "2", "--dist", "loadfile"]


def manage(arguments: list[str], given: dict[str, str]) -> int:
    """A management command against the running stack, or one started for it; its output is passed on untouched."""
    places = Places.of(given)
    if MOVES_MIGRATIONS & set(arguments[:1]):
        preparation.forget(places)
    name = (arguments or ["help"])[0]
    order = [str(ROOT / "manage.py"), *arguments]
    if name in WITHOUT_STACK:
        return run(order, {"CRM_DEV": "1", **given})
    return with_stack(Stack(places, given), order, name not in UNPREPARED)


def apart(name: str) -> Callable[[list[str], dict[str, str]], int]:
    """A command with an installation of its own (var/<name>), so that it never touches anybody's customers."""

    def run(arguments: list[str], given: dict[str, str]) -> int:
        places = Places.of(given, name)
        frontend.ensure()
        chosen = {"CRM_DEV": "1", **given, **chromium.ensure()}
        return with_stack(Stack(places, chosen), [str(ROOT / "manage.py"), name, *arguments], True)

    return run


def test(arguments: list[str], given: dict[str, str]) -> int:
    """The suite on a database of its own, which gives up safety against a power cut for speed."""
    frontend.ensure()
    preparation.compile_languages()
    chosen = {"CRM_DEV": "1", **given, **chromium.ensure()}
    return with_stack(
        Stack(Places.of(given, "test"), chosen, fast=True), ["-m", "pytest", *(arguments or WHOLE)], False, ROOT
    )


def check(arguments: list[str], given: dict[str, str]) -> int:
    """Style, types, floors, translations: on the code alone."""
    return run(["-m", "crm.tools.check", *arguments], {"CRM_DEV": "1", **given}, ROOT)


def with_stack(stack: Stack, order: list[str], prepared: bool, folder: Path | None = None) -> int:
    """Run Python with the stack at hand."""
    if not any(part for _, part in stack.parts()):
        return run(order, stack.environ(), folder)
    what = f"bin/{Path(order[0]).stem} {' '.join(order[1:2])}".strip()

    def make_ready(environ: dict[str, str]) -> None:
        news = preparation.ensure(stack.places, environ) if prepared else ""
        if news:
            terminal.line(news)

    with at_hand(stack, what, make_ready) as environ:
        return run(order, environ, folder)


def run(order: list[str], environ: dict[str, str], folder: Path | None = None) -> int:
    """The command's own exit status. Ctrl-C is the command's to answer; SIGTERM is passed on to it."""
    paths = os.pathsep.join(filter(None, [str(ROOT), environ.get("PYTHONPATH", "")]))
    child = subprocess.Popen([sys.executable, *order], env={**environ, "PYTHONPATH": paths}, cwd=folder)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: child.terminate())
    status = child.wait()
    return status if status >= 0 else 128 - status


COMMANDS = {
    "manage": manage,
    "test": test,
    "check": check,
    "bench": apart("bench"),
    "shots": apart("shots"),
    "prove": apart("prove"),
}
