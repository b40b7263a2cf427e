"""Known systems: their files are recognised, and headers of other files are matched by their names."""

import pytest

from customers.importing import columns, presets
from customers.importing.choices import ImportKind
from customers.importing.presets import PRESETS, MissingColumns

pytestmark = pytest.mark.rule("CU-30")


@pytest.mark.parametrize("key", sorted(PRESETS))
def test_file_of_a_known_system_is_recognised_and_mapped(key):
    header = list(dict.fromkeys(PRESETS[key].mapping.values()))

    assert presets.recognize_preset([*header, "Something else"]) == key
    kind = ImportKind.ORDERS if "order_number" in PRESETS[key].mapping else ImportKind.CUSTOMERS
    keys = {field.key for field in columns.COLUMNS_BY_KIND[kind]}
    mapping = presets.guess_mapping(kind, header, key)
    assert {name: mapping[name] for name in PRESETS[key].mapping if name in keys} == {
        name: column for name, column in PRESETS[key].mapping.items() if name in keys
    }


def test_unknown_file_is_mapped_by_its_headers_in_any_writing():
    header = ["Order_ID", "下单时间", "手机号", "SKU", "Amount", "Weather"]

    assert presets.recognize_preset(header) == ""
    assert presets.guess_mapping(ImportKind.ORDERS, header) == {
        "phone": "手机号",
        "order_number": "Order_ID",
        "placed_at": "下单时间",
        "sku": "SKU",
        "line_total": "Amount",
    }


def test_mapping_without_what_the_file_must_have_names_the_alternatives():
    with pytest.raises(MissingColumns) as refusal:
        presets.check_mapping(ImportKind.CUSTOMERS, {"city": "City"}, ["City"])
    assert refusal.value.groups == [("display_name", "given_name", "family_name", "email")]

    with pytest.raises(MissingColumns, match="Town"):
        presets.check_mapping(ImportKind.CUSTOMERS, {"email": "Town"}, ["City"])
