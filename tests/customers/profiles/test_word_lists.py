"""Words in one line: any usual mark stands between them."""

import pytest

from customers.profiles.word_lists import split_words

pytestmark = pytest.mark.rule("CU-30")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("vip|gold", ["vip", "gold"]),
        ("vip；gold、new，old", ["vip", "gold", "new", "old"]),
        ('"vip","gold"', ["vip", "gold"]),
        ("vip / gold;vip", ["vip", "gold"]),
        ("tea club\u200b, ,", ["tea club"]),
        ("", []),
    ],
)
def test_words_are_told_apart_and_stand_once(text, words):
    assert split_words(text) == words
