"""Modules whose tests a stranger does not find by their name are listed, where they are many."""

from pathlib import Path

import pytest

from crm.tools.check import mirrored_tests

LONG = "x = 1\n" * 40


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """Five long modules, of which four have a test of their name, and a short one without."""
    area, tests = tmp_path / "loyalty/points", tmp_path / "tests/loyalty/points"
    area.mkdir(parents=True)
    tests.mkdir(parents=True)
    for name in ("expiry", "services", "selectors", "earning", "credits"):
        (area / f"{name}.py").write_text(LONG)
        (tests / f"test_{name}.py").touch()
    (area / "choices.py").write_text("x = 1\n")
    (tests / "test_credits.py").unlink()
    return tmp_path


def test_one_of_five_may_lack_a_test_of_its_name(house):
    assert mirrored_tests.modules_without_tests(house) == []


def test_two_of_five_are_too_many(house):
    (house / "tests/loyalty/points/test_expiry.py").rename(house / "tests/loyalty/points/test_lots_that_end.py")

    assert [str(finding) for finding in mirrored_tests.modules_without_tests(house)] == [
        "loyalty/points/credits.py:1: no tests/loyalty/points/test_credits.py",
        "loyalty/points/expiry.py:1: no tests/loyalty/points/test_expiry.py",
    ]


def test_a_part_of_an_area_may_have_its_test_beside_the_area(house):
    part = house / "loyalty/points/kinds"
    part.mkdir()
    (part / "bonus.py").write_text(LONG)
    (house / "tests/loyalty/points/test_bonus.py").touch()

    assert mirrored_tests.modules_without_tests(house) == []
