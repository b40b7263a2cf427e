"""Readings that dictionaries get wrong: syllables without tones, one for each character."""

import re

import pytest

from customers.profiles import name_readings

TABLES = (
    name_readings.SURNAME_READINGS,
    name_readings.COMPOUND_SURNAME_READINGS,
    name_readings.GIVEN_NAME_READINGS,
)


@pytest.mark.parametrize("table", TABLES)
def test_readings_are_plain_syllables(table):
    syllables = [part for readings in table.values() for reading in readings for part in reading.split()]
    assert [syllable for syllable in syllables if not re.fullmatch("[a-z]{1,6}", syllable)] == []


def test_compound_surnames_have_a_syllable_for_each_character():
    for name, readings in name_readings.COMPOUND_SURNAME_READINGS.items():
        assert {len(reading.split()) for reading in readings} == {len(name)}
