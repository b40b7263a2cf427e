"""The floors: who may import whom (pyproject.toml, docs/architecture.md)."""

import subprocess
import sys
from pathlib import Path

import pytest

from crm.tools.check.source_paths import PROJECT_ROOT

LINT = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True, no_logo=True))"
PACKAGES = ("crm", "crm/kernel", "customers", "loyalty", "feedback", "retention")


def linted(folder: Path) -> subprocess.CompletedProcess[str]:
    """The contracts, held against the house that stands in a folder."""
    return subprocess.run([sys.executable, "-c", LINT], cwd=folder, capture_output=True, text=True)


def test_the_floors_are_kept():
    answer = linted(PROJECT_ROOT)

    assert answer.returncode == 0, answer.stdout


def _dotted(path: str) -> str:
    return path.removesuffix(".py").replace("/", ".")


@pytest.fixture
def house(tmp_path: Path):
    """An empty house under our contracts, into which one import is planted."""
    (tmp_path / "pyproject.toml").write_text((PROJECT_ROOT / "pyproject.toml").read_text())

    def plant(importer: str, imported: str) -> Path:
        for package in (*PACKAGES, *(str(Path(name).parent) for name in (importer, imported))):
            (tmp_path / package).mkdir(parents=True, exist_ok=True)
            (tmp_path / package / "__init__.py").touch()
        (tmp_path / "crm/kernel/time").mkdir(exist_ok=True)
        (tmp_path / "crm/kernel/time/__init__.py").touch()
        (tmp_path / "crm/kernel/time/clock.py").touch()
        (tmp_path / imported).touch()
        (tmp_path / importer).write_text(f"import {_dotted(imported)}\n")
        return tmp_path

    return plant


@pytest.mark.parametrize(
    ("importer", "imported"),
    [
        ("crm/kernel/time/clock.py", "customers/models.py"),
        ("customers/orders/services.py", "loyalty/points/services.py"),
        ("loyalty/points/services.py", "feedback/surveys/services.py"),
        ("feedback/tickets/services.py", "loyalty/points/services.py"),
        ("loyalty/points/services.py", "retention/care/services.py"),
        ("retention/care/services.py", "crm/config/composition.py"),
        ("customers/profiles/services.py", "customers/orders/services.py"),
        ("customers/messaging/outbox.py", "customers/importing/services.py"),
        ("loyalty/points/services.py", "loyalty/tiers/services.py"),
        ("feedback/surveys/services.py", "feedback/tickets/services.py"),
        ("feedback/surveys/models.py", "feedback/loops/models.py"),
        ("retention/metrics/selectors.py", "retention/care/models.py"),
        ("customers/orders/services.py", "customers/orders/views.py"),
        ("customers/orders/models.py", "customers/orders/services.py"),
        ("customers/orders/rules.py", "customers/orders/models.py"),
        ("customers/orders/selectors.py", "customers/orders/services.py"),
        ("customers/orders/forms.py", "customers/orders/views.py"),
        ("retention/care/rules.py", "customers/orders/models.py"),
        ("retention/care/rules.py", "crm/kernel/time/clock.py"),
        ("retention/care/services.py", "retention/risk/forms.py"),
    ],
)
def test_a_look_upwards_is_seen(house, importer, imported):
    answer = linted(house(importer, imported))

    assert f"{_dotted(importer)} -> {_dotted(imported)} (l.1)" in answer.stdout
    assert answer.returncode == 1


@pytest.mark.parametrize(
    ("importer", "imported"),
    [
        ("retention/care/services.py", "loyalty/points/services.py"),
        ("customers/orders/views.py", "customers/orders/services.py"),
        ("customers/orders/services.py", "customers/profiles/services.py"),
        ("crm/config/wiring.py", "loyalty/points/services.py"),
    ],
)
def test_a_look_downwards_is_left_alone(house, importer, imported):
    answer = linted(house(importer, imported))

    assert answer.returncode == 0, answer.stdout
