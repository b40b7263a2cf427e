"""Runs tests over one mutant after the other, each in a process of its own that forks from one with the libraries loaded."""

import contextlib
import importlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from crm.tools.check.source_paths import PROJECT_ROOT
from crm.tools.mutants.mutant_import import import_mutant

# What every test needs and no mutant changes.
LIBRARIES = (
    "django",
    "django.test",
    "rest_framework",
    "psycopg",
    "pytest",
    "pytest_django",
    "hypothesis",
    "celery",
    "babel",
)
KILLED, SURVIVED, TIMED_OUT = "killed", "survived", "timed out"
ALL_PASSED = 0
QUIET = (
    "-x",
    "-q",
    "-p",
    "no:cacheprovider",
    "-p",
    "no:random-order",
    "--no-header",
    "-o",
    "addopts=--import-mode=importlib",
)


def preload_libraries() -> None:
    """Load what all mutants share, and nothing of the product."""
    for name in LIBRARIES:
        importlib.import_module(name)


def record_lines(watched: Sequence[Path], tests: Sequence[str], record: Path) -> int:
    """Run the tests once and write down which lines of the watched modules each runs over; the status of pytest."""
    environ = {**os.environ, "CRM_WATCHED": "\n".join(map(str, watched)), "CRM_RECORD": str(record)}
    command = [sys.executable, "-m", "pytest", "-p", "crm.tools.mutants.line_recorder", "-q", "--timeout=600", *tests]
    return subprocess.run(command, cwd=PROJECT_ROOT, env=environ, stdout=subprocess.DEVNULL).returncode


def judge_mutant(module: str, source: str, tests: Sequence[str], seconds: float) -> str:
    """Whether the tests notice that the module has this text: killed | survived | timed out."""
    child = os.fork()
    if not child:
        _run_in_child(module, source, tests)
    ends_at = time.monotonic() + seconds
    while time.monotonic() < ends_at:
        pid, status = os.waitpid(child, os.WNOHANG)
        if pid:
            return SURVIVED if os.waitstatus_to_exitcode(status) == ALL_PASSED else KILLED
        time.sleep(0.05)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return TIMED_OUT


def _run_in_child(module: str, source: str, tests: Sequence[str]) -> None:
    """Does not return: the process ends with the status of pytest."""
    os.setpgid(0, 0)
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)
    status = 1
    try:
        import pytest

        os.chdir(PROJECT_ROOT)
        import_mutant(module, source)
        status = int(pytest.main([*QUIET, *tests]))
    finally:
        os._exit(status)
