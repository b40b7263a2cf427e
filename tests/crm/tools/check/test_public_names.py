"""Names of one word are found, where they are too many."""

from pathlib import Path

import pytest

from crm.tools.check import public_names


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """An app with eight functions and as many classes of two words, and a view of one."""
    area = tmp_path / "loyalty/points"
    area.mkdir(parents=True)
    functions = [f"def count_points_{number}(): ...\n" for number in range(8)]
    classes = [f"class PointsEntry{'ABCDEFGH'[number]}: ...\n" for number in range(8)]
    (area / "services.py").write_text("".join(functions + classes))
    (area / "views.py").write_text("def overview(): ...\n")
    return tmp_path


def planted(house: Path, code: str, name: str = "loyalty/points/expiry.py") -> None:
    (house / name).parent.mkdir(parents=True, exist_ok=True)
    (house / name).write_text(code)


def test_a_few_names_of_one_word_are_left_alone(house):
    planted(house, "def expire(): ...\nclass Lot: ...\n")

    assert public_names.vague_names(house) == []
    assert public_names.function_names(house).share == pytest.approx(1 / 10)


def test_many_names_of_one_word_are_found_each_with_its_place(house):
    planted(house, "def expire(): ...\ndef sort(): ...\ndef take(): ...\ndef _hide(): ...\n")

    assert [str(finding) for finding in public_names.vague_names(house)] == [
        "loyalty/points/expiry.py:1: expire: one word says too little",
        "loyalty/points/expiry.py:2: sort: one word says too little",
        "loyalty/points/expiry.py:3: take: one word says too little",
    ]


def test_models_may_have_one_word_and_other_classes_may_not(house):
    planted(house, "class Lot: ...\nclass Tier: ...\nclass Coupon: ...\n", "loyalty/points/models.py")
    assert public_names.vague_names(house) == []

    planted(house, "class Lot: ...\nclass Told: ...\nclass Asked: ...\n")
    assert len(public_names.vague_names(house)) == 3


def test_a_class_name_that_stands_twice_is_found(house):
    planted(house, "class PointsEntryA: ...\n")

    assert [str(finding) for finding in public_names.repeated_classes(house)] == [
        "loyalty/points/services.py:9: class PointsEntryA stands in loyalty/points/expiry.py too"
    ]


def test_the_product_is_named_so_that_a_stranger_guesses():
    assert [str(finding) for finding in public_names.vague_names()] == []
    assert [str(finding) for finding in public_names.repeated_classes()] == []
