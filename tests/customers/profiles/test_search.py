"""Who is found by what: names in every spelling, phones in any spacing, addresses and numbers of other systems."""

import pytest

from customers.profiles import search
from customers.profiles.models import Customer

pytestmark = pytest.mark.rule("CU-3")
PEOPLE = {
    "lin": {
        "display_name": "林嘉怡 Lin Jiayi",
        "email": "Jiayi.Lin@example.com",
        "phone": "+8613812342217",
        "external_ids": {"pos": "CN-1204418"},
    },
    "wong": {"display_name": "黃子軒", "family_name": "黃", "given_name": "子軒", "phone": "+85251234567"},
    "shan": {"display_name": "单晓明"},
    "ouyang": {"display_name": "欧阳娜娜"},
    "lv": {"display_name": "吕晓"},
    "obrien": {"display_name": "Siobhán O'Brien", "email": "sob@example.org", "phone": "+442079460958"},
    "tea": {"display_name": "广州市番禺区山岚茶叶贸易有限公司"},
}
QUERIES = {
    "lin": "林嘉怡|嘉怡|林|怡|lin jiayi|linjiayi|jia yi|ljy|ＬＪＹ|jy|JIAYI.LIN@EXAMPLE.COM|jiayi.lin"
    "|13812342217|138 1234 2217|+86 138-1234-2217|(138) 12342217|２２１７|2217|CN-1204418|1204418",
    "wong": "黄子轩|黃子軒|子轩|huangzixuan|hzx|5123 4567",
    "shan": "單曉明|shanxiaoming|danxiaoming|sxm|dxm",
    "ouyang": "欧阳|娜娜|歐陽娜娜|ouyang nana|oynn",
    "lv": "lvxiao|luxiao|lü xiao",
    "lv shan": "xiao|晓|曉",
    "obrien": "siobhan|Siobhán|o'brien|obrien|ob|020 7946 0958",
    "lin obrien": "example",
    "tea": "山岚茶叶贸易|番禺|有限公司|廣州市",
    "": "nobody|嘉仪|%|_|\\",
}
TABLE = [(query, set(keys.split())) for keys, queries in QUERIES.items() for query in queries.split("|")]


@pytest.fixture
def people(make_customer):
    return {key: make_customer(**fields) for key, fields in PEOPLE.items()}


def found(query: str, people: dict[str, Customer]) -> set[str]:
    ids = set(Customer.objects.filter(search.search_condition(query)).values_list("pk", flat=True))
    return {key for key, customer in people.items() if customer.pk in ids}


def test_query_finds_exactly_the_people_meant(people):
    wrong = {query: found(query, people) for query, expected in TABLE if found(query, people) != expected}

    assert wrong == {}


def test_empty_query_finds_everybody(people):
    assert found("", people) == found("  \x00 ", people) == set(PEOPLE)


def test_every_part_of_a_stored_word_is_searched_through_the_index():
    """A piece without three letters must begin a word: PostgreSQL takes no trigram from it otherwise."""
    for query, _expected in TABLE:
        for part in search.search_terms(query):
            assert len(part.strip()) >= 3 or part.startswith(" ")


@pytest.mark.parametrize(
    ("fields", "key"),
    [
        ({"display_name": "单晓明"}, "shan xiao ming 单晓明"),
        ({"display_name": "欧阳娜娜"}, "ou yang na na 欧阳娜娜"),
        ({"display_name": "黃子軒"}, "huang zi xuan 黄子轩"),
        ({"display_name": "Olivia Hartmann", "family_name": "Hartmann", "given_name": "Olivia"}, "hartmann olivia"),
        ({"display_name": "Café Noir"}, "cafe noir"),
    ],
)
def test_sort_key_is_the_order_of_the_language(fields, key):
    assert search.build_sort_key(**fields) == key
