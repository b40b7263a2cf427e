"""Modules are called by the noun they hold, named in their app's README, and short."""

from pathlib import Path

import pytest

from crm.tools.check import module_names


def test_no_module_hides_its_noun():
    assert [str(finding) for finding in module_names.badly_named_modules()] == []


def test_every_noun_stands_in_its_readme():
    assert [str(finding) for finding in module_names.undocumented_modules()] == []


def test_no_file_is_too_long():
    assert [str(finding) for finding in module_names.overlong_modules()] == []


@pytest.fixture
def planted(tmp_path: Path) -> Path:
    for name in (
        "crm/kernel/__init__.py",
        "loyalty/points/utils.py",
        "loyalty/points/expiry.py",
        "loyalty/points/ledger_check.py",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x = 1\n" * (401 if "ledger_check" in name else 1))
    (tmp_path / "loyalty/points/__init__.py").touch()
    (tmp_path / "loyalty/README.md").write_text("points: the ledger; expiry: lots that end")
    return tmp_path


def test_badly_named_unnamed_and_long_modules_are_seen(planted):
    found = [
        *module_names.badly_named_modules(planted),
        *module_names.undocumented_modules(planted),
        *module_names.overlong_modules(planted),
    ]

    assert [str(finding) for finding in found] == [
        "loyalty/points/utils.py:1: utils hides a noun that was not found",
        "loyalty/points/ledger_check.py:1: not named in loyalty/README.md",
        "loyalty/points/utils.py:1: not named in loyalty/README.md",
        "loyalty/points/ledger_check.py:401: 401 lines, at most 400",
    ]
