"""The fields that a column may fill: each key once, each header for one field of a kind of file."""

import pytest

from customers.importing import columns
from customers.importing.choices import ImportKind


@pytest.mark.parametrize("kind", ImportKind.values)
def test_key_and_header_stand_for_one_field(kind):
    fields = columns.COLUMNS_BY_KIND[kind]
    headers = [header for field in fields for header in field.headers]

    assert len({field.key for field in fields}) == len(fields)
    assert [header for header in headers if header != header.strip().casefold()] == []
    assert len(headers) == len(set(headers))


@pytest.mark.parametrize("kind", ImportKind.values)
def test_required_fields_are_fields_of_the_file(kind):
    keys = {field.key for field in columns.COLUMNS_BY_KIND[kind]}

    assert {key for group in columns.REQUIRED_COLUMNS[kind] for key in group} <= keys


def test_label_of_an_unknown_key_is_the_key():
    assert (str(columns.column_label("sku")), columns.column_label("surprise")) == ("Product number (SKU)", "surprise")
