"""What the tests that kill processes start for themselves."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from crm.launcher.paths import InstallationPaths
from crm.launcher.valkey import Valkey


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Valkey]:
    """A broker of the test's own, ended with it."""
    server = Valkey(InstallationPaths(tmp_path))
    server.start()
    yield server
    server.stop()
