"""Cells of every kind become a value, or a refusal with its column; no text raises anything else."""

import re
from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as some

from customers.importing import cell_parsing
from customers.importing.cell_parsing import CellFormat, RejectedCell

pytestmark = pytest.mark.rule("CU-30", "PL-51")
FORMAT = CellFormat("CNY", ZoneInfo("Asia/Shanghai"), today=date(2026, 11, 28))
NASTY = some.one_of(
    some.text(max_size=12),
    some.text(
        some.sampled_from("0123456789.,'-−–()+ eExX%$¥€元万kRs/年月日:T@\u200b\u00ad\ufeff\ufffd\x00٣５"), max_size=14
    ),
)
PARSERS = {
    "text": lambda cell, form: cell_parsing.parse_text("text", cell, 10),
    "reference": lambda cell, form: cell_parsing.parse_reference("reference", cell, 10),
    "email": lambda cell, form: cell_parsing.parse_email("email", cell),
    "phone": lambda cell, form: cell_parsing.parse_phone("phone", cell, "FR", "CN"),
    "country": lambda cell, form: cell_parsing.parse_country("country", cell),
    "language": lambda cell, form: cell_parsing.parse_language("language", cell),
    "time_zone": lambda cell, form: cell_parsing.parse_time_zone("time_zone", cell),
    "amount": lambda cell, form: cell_parsing.parse_money("amount", cell, form),
    "quantity": lambda cell, form: cell_parsing.parse_quantity("quantity", cell, form),
    "placed_at": lambda cell, form: cell_parsing.parse_instant("placed_at", cell, form),
    "birthday": lambda cell, form: cell_parsing.parse_birthday("birthday", cell, form),
    "tags": lambda cell, form: cell_parsing.parse_tags("tags", cell),
    "currency": lambda cell, form: cell_parsing.parse_currency("currency", cell, "CNY"),
}


@pytest.mark.parametrize("target", PARSERS)
@pytest.mark.parametrize("order", ["", "dmy", "mdy", "ymd", "mixed", "serial"])
def test_any_text_becomes_a_value_or_a_refusal_of_its_column(target, order):
    sign = {"dmy": "comma", "mixed": "mixed"}.get(order, "")
    form = CellFormat("CNY", ZoneInfo("Asia/Shanghai"), {target: order}, {target: sign}, today=date(2026, 11, 28))

    @given(NASTY)
    @example("1e999999")
    @example("9" * 5000)
    @example("00.00.0000")
    @example("99999")
    def parse(cell):
        refused = ""
        try:
            PARSERS[target](cell, form)
        except RejectedCell as refusal:
            refused = str(refusal)

        assert refused == "" or re.match(rf"{target}: .*\w{{2}}", refused, re.DOTALL)

    parse()


@pytest.mark.rule("CU-2")
def test_invisible_characters_at_the_edges_are_dropped_and_refused_inside_a_number():
    assert cell_parsing.parse_text("city", "\u200b\ufeff 上海\u00ad\u202c", 10) == "上海"
    assert cell_parsing.parse_reference("customer_ref", "\u2066C1\u2069", 10) == "C1"
    with pytest.raises(RejectedCell, match="invisible"):
        cell_parsing.parse_reference("customer_ref", "C\u200b1", 10)


@pytest.mark.parametrize("parse", [PARSERS["text"], PARSERS["email"], PARSERS["phone"], PARSERS["tags"]])
def test_what_was_no_text_in_the_file_is_refused(parse):
    with pytest.raises(RejectedCell, match="bytes that are no text"):
        parse("J\ufffd", FORMAT)


def test_tags_have_any_usual_mark_between_them_and_a_long_one_is_refused():
    assert cell_parsing.parse_tags("tags", "vip|gold；vip") == ["vip", "gold"]
    with pytest.raises(RejectedCell, match="longer than 40"):
        cell_parsing.parse_tags("tags", "vip," + "x" * 41)


@pytest.mark.parametrize(
    ("cell", "language"),
    [("zh-TW", "zh-hant"), ("Chinese (Traditional)", "zh-hant"), ("简体中文", "zh-hans"), ("English", "en")],
)
def test_language_is_known_by_code_or_name(cell, language):
    assert cell_parsing.parse_language("language", cell) == language


@pytest.mark.parametrize("cell", ["fr", "Klingon", "energy"])
def test_language_that_we_do_not_speak_is_not_taken_for_english(cell):
    with pytest.raises(RejectedCell, match="none of our languages"):
        cell_parsing.parse_language("language", cell)


def test_quantity_may_have_a_counting_word_and_no_other():
    assert cell_parsing.parse_quantity("quantity", "2 pcs") == 2
    assert cell_parsing.parse_quantity("quantity", "3件") == 3
    with pytest.raises(RejectedCell):
        cell_parsing.parse_quantity("quantity", "2 x 3")


def test_decimal_sign_is_that_of_the_column():
    form = CellFormat("EUR", ZoneInfo("Europe/Berlin"), decimal_signs={"unit_price": "comma"})

    assert cell_parsing.parse_money("unit_price", "1.234", form) == Decimal(1234)
    assert cell_parsing.parse_money("line_total", "1.234", form) == Decimal("1.234")
