"""Countries by code or name, in the languages of our customers' files."""

import pytest
from babel.core import Locale

from customers.profiles import countries

pytestmark = pytest.mark.rule("CU-30")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("CN", "CN"), ("cn", "CN"), ("ＣＮ", "CN"), ("UK", "GB"), ("USA", "US"), ("U.S.A.", "US"), ("United States", "US"), 
        ("France", "FR"),
        ("法国", "FR"), ("法國", "FR"), ("Brasil", "BR"), ("Vietnam", "VN"), ("Viet Nam", "VN"), ("Deutschland", "DE"), ("ALLEMAGNE", "DE"),
        ("Alemanha", "DE"), ("España", "ES"), ("espana", "ES"), ("Türkiye", "TR"), ("Turkey", "TR"), ("中国", "CN"), ("香港", "HK"),
        ("臺灣", "TW"), ("South Korea", "KR"), ("Côte d'Ivoire", "CI"), ("Great Britain", "GB"), ("\u200bFrance ", "FR"), ("DEU", "DE"),
    ],
)  # fmt: skip
def test_country_is_found_by_code_or_name(text, code):
    assert countries.find_country(text) == code


@pytest.mark.parametrize("text", ["", "Atlantis", "XX", "EU", "ZZ", "法", "France, Germany", "12"])
def test_what_is_no_country_is_not_guessed(text):
    assert countries.find_country(text) is None


@pytest.mark.parametrize("language", countries.LOCALES)
def test_every_country_is_found_by_its_name_in_each_language(language):
    names = Locale.parse(language).territories

    assert {code: countries.find_country(names[code]) for code in countries.country_codes()} == {
        code: code for code in countries.country_codes()
    }
