"""How Chinese names are read: surnames in their own way first, then as dictionaries say."""

import pytest

from customers.profiles import pinyin

pytestmark = pytest.mark.rule("CU-3")


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("林嘉怡", ("lin", "jia", "yi")),
        ("单晓", ("shan", "xiao")),
        ("欧阳娜", ("ou", "yang", "na")),
        ("吕布", ("lv", "bu")),
    ],
)
def test_likeliest_reading_comes_first(name, first):
    assert pinyin.pinyin_readings(name)[0] == first


def test_typed_spellings_of_a_name_are_all_there_without_repetition():
    readings = pinyin.pinyin_readings("吕单")

    assert {reading[0] for reading in readings} == {"lv", "lu", "lyu"}
    assert len(readings) == len(set(readings)) <= pinyin.MAX_READINGS


def test_runs_are_the_chinese_parts_of_a_text():
    assert pinyin.han_runs("lin 林嘉怡 jr 王") == ["林嘉怡", "王"]
