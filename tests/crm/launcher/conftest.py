"""Real servers in folders of the test's own."""

import os
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from crm.launcher.paths import PROJECT_ROOT, InstallationPaths
from crm.launcher.postgres import Postgres
from crm.launcher.valkey import Valkey


@pytest.fixture
def places(tmp_path: Path) -> InstallationPaths:
    return InstallationPaths(tmp_path / "var")


@pytest.fixture
def postgres(places: InstallationPaths) -> Iterator[Postgres]:
    """Not started; stopped afterwards."""
    server = Postgres(places, fast=True)
    yield server
    server.stop()


@pytest.fixture
def valkey(places: InstallationPaths) -> Iterator[Valkey]:
    """Not started; stopped afterwards."""
    server = Valkey(places)
    yield server
    server.stop()


@pytest.fixture
def elsewhere(places: InstallationPaths) -> Callable[[str], str]:
    """Runs Python in another process that knows `places`; its output."""

    def run(code: str) -> str:
        start = f"from crm.launcher.paths import InstallationPaths, Path\nplaces = InstallationPaths(Path({str(places.var)!r}))\n"
        done = subprocess.run(
            [sys.executable, "-c", start + textwrap.dedent(code)],
            cwd=PROJECT_ROOT, env=os.environ.copy(), capture_output=True, text=True, timeout=60,
        )  # fmt: skip
        return done.stdout.strip()

    return run
