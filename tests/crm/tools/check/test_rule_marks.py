from pathlib import Path

import pytest

from crm.tools.check import rule_marks


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A repository whose tests name some rules."""
    base = tmp_path / "house"
    (base / "tests/points").mkdir(parents=True)
    (base / "docs").mkdir()
    (base / "docs/rules.txt").write_text("LO-1\nLO-2\nLO-12\nPL-30\n")
    (base / "tests/points/test_a.py").write_text(
        "import pytest\npytestmark = pytest.mark.rule('LO-12')\n\n@pytest.mark.rule('LO-1', 'PL-30')\ndef test_a(): ...\n"
    )
    (base / "tests/test_b.py").write_text(
        "@pytest.mark.parametrize('x', [pytest.param(1, marks=mark.rule('LO-1'))])\ndef test_b(x): ...\n"
    )
    return base


def test_marks_are_found_wherever_they_stand(house):
    assert rule_marks.test_files_by_rule(house) == {
        "LO-1": ["tests/points/test_a.py", "tests/test_b.py"],
        "LO-12": ["tests/points/test_a.py"],
        "PL-30": ["tests/points/test_a.py"],
    }


def test_rules_without_a_test_are_listed(house):
    assert rule_marks.untested_rules(house) == ["LO-2"]


def test_a_specification_beside_the_house_goes_before_the_list(house):
    (house.parent / "shared/spec").mkdir(parents=True)
    (house.parent / "shared/spec/loyalty.md").write_text("- **LO-10** Lots expire.\n- **LO-2** Points (LO-9) …")

    assert rule_marks.specified_rules(house) == ["LO-2", "LO-10"]
    assert rule_marks.untested_rules(house) == ["LO-2", "LO-10"]
