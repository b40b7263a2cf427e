"""Modules that hide their noun, that no README names, that are too long."""

from pathlib import Path

import pytest

from crm.tools.check import __main__ as check
from crm.tools.check import module_names


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A repository with one app, one area and two modules that its README names."""
    area = tmp_path / "loyalty/points"
    area.mkdir(parents=True)
    for path in ("loyalty/__init__.py", "loyalty/points/__init__.py", "loyalty/points/services.py"):
        (tmp_path / path).write_text("")
    (area / "expiry.py").write_text("DAYS = 1\n")
    (tmp_path / "loyalty/README.md").write_text("| `points` | `expiry` of lots |\n")
    return tmp_path


def found(findings):
    return [str(finding) for finding in findings]


def test_named_modules_and_standard_ones_are_fine(house):
    for findings in (module_names.badly_named_modules(house), module_names.undocumented_modules(house)):
        assert found(findings) == []


def test_module_called_by_what_it_is_made_of_is_found(house):
    (house / "loyalty/points/utils.py").write_text("")

    assert found(module_names.badly_named_modules(house)) == [
        "loyalty/points/utils.py:1: utils hides a noun that was not found"
    ]


def test_module_that_the_readme_does_not_name_is_found(house):
    (house / "loyalty/points/exp.py").write_text("")

    assert found(module_names.undocumented_modules(house)) == [
        "loyalty/points/exp.py:1: not named in loyalty/README.md"
    ]


@pytest.mark.parametrize(("lines", "warned", "refused"), [(250, 0, 0), (251, 1, 0), (400, 1, 0), (401, 1, 1)])
def test_length_is_warned_of_and_then_refused(house, lines, warned, refused):
    (house / "loyalty/points/expiry.py").write_text("x = 1\n" * lines)

    assert len(module_names.long_modules(house)) == warned
    assert len(module_names.overlong_modules(house)) == refused


def test_warning_is_shown_and_fails_nothing(house, capsys):
    (house / "loyalty/points/expiry.py").write_text("x = 1\n" * 300)
    step = check.CheckStep("planted", lambda: [], warn=lambda: module_names.long_modules(house))

    outcome = check.print_outcome(check.run_step(step))

    assert outcome.passed is True
    assert "warning: loyalty/points/expiry.py:300: 300 lines, at most 250" in capsys.readouterr().out
