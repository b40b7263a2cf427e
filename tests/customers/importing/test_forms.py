"""The form of the mapping: a field for each column of the file, each target once."""

import pytest

from customers.importing.forms import ImportMappingForm
from customers.importing.models import Import

pytestmark = pytest.mark.rule("PL-51")
OPTIONS = {"source": "shop", "mode": "upsert"}


def batch(kind: str = "orders") -> Import:
    return Import(
        kind=kind, columns=["Order", "Mail"], sample=[["O1", ""], ["O2", "a@b.example"]], mapping={"email": "Mail"},
        encoding="utf-8",
    )  # fmt: skip


def test_columns_come_with_examples_and_their_guess():
    (order, order_examples, _field), (mail, mail_examples, field) = ImportMappingForm(batch=batch()).columns()

    assert (order, order_examples, mail, mail_examples) == ("Order", ["O1", "O2"], "Mail", ["a@b.example"])
    assert field.initial == "email"


def test_mapping_is_key_to_column_and_a_key_goes_to_one_column():
    good = ImportMappingForm({**OPTIONS, "column-0": "order_number", "column-1": "email"}, batch=batch())
    twice = ImportMappingForm({**OPTIONS, "column-0": "email", "column-1": "email"}, batch=batch())

    assert good.is_valid()
    assert good.cleaned_data["mapping"] == {"order_number": "Order", "email": "Mail"}
    assert list(twice.errors) == ["column-1"]


def test_unknown_zone_is_refused_and_customers_have_no_options_of_orders():
    form = ImportMappingForm({**OPTIONS, "time_zone": "Moon/Crater"}, batch=batch())

    assert list(form.errors) == ["time_zone"]
    assert {"currency", "live", "earn", "time_zone"} & set(ImportMappingForm(batch=batch("customers")).fields) == set()
