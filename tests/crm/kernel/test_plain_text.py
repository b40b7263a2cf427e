"""Characters that nobody sees: dropped at the edges, found inside."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from crm.kernel import plain_text

pytestmark = pytest.mark.rule("CU-2")
HIDDEN = ["\u200b", "\ufeff", "\u00ad", "\u200e", "\u202a", "\u2066", "\u3164", "\x07", "\u00a0", "\t"]


@pytest.mark.parametrize("mark", HIDDEN)
def test_mark_at_the_edge_is_dropped_and_inside_it_is_found(mark):
    assert plain_text.trim_text(f"{mark} {mark}林 嘉怡{mark}") == "林 嘉怡"
    assert plain_text.trim_text(mark * 3) == ""
    assert plain_text.has_hidden_character(f"a{mark}b")


def test_joiners_and_blanks_inside_are_left_and_a_sign_keeps_its_variant():
    assert plain_text.trim_text("می\u200cخواهم") == "می\u200cخواهم"
    assert plain_text.trim_text("❤\ufe0f") == "❤\ufe0f"
    assert not plain_text.has_hidden_character("Ann Lee, 林")


def test_texts_are_trimmed_in_whatever_holds_them():
    assert plain_text.trim_texts({"a\u200b": ["\ufeffb", {"c": "d "}], "n": 1, "z": None}) == {
        "a": ["b", {"c": "d"}],
        "n": 1,
        "z": None,
    }


@given(some.text())
def test_trimming_twice_is_trimming_once(text):
    once = plain_text.trim_text(text)

    assert plain_text.trim_text(once) == once
    assert once in text
