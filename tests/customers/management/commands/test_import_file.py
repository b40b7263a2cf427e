"""The command that imports a file: where it breaks off it says how to go on."""

import json
from io import StringIO

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.core.management import CommandError, call_command

from customers.importing.models import Import
from customers.orders.models import Order
from customers.profiles.models import Customer, ExternalId

pytestmark = pytest.mark.rule("PL-22")


def imported() -> list[str]:
    return sorted(Order.objects.values_list("number", flat=True))


def test_command_that_broke_off_says_how_to_go_on_and_goes_on(orders_file, chunks):
    chunks.append(3)
    said = StringIO()
    with pytest.raises(SoftTimeLimitExceeded):
        call_command("import_file", orders_file(10), kind="orders", stderr=said)
    batch = Import.objects.get()
    assert (batch.state, len(imported())) == ("failed", 4)
    assert f"import_file --resume {batch.public_id}" in said.getvalue()

    answer = StringIO()
    call_command("import_file", resume=batch.public_id, json=True, stdout=answer)

    assert json.loads(answer.getvalue())["orders"] == {"created": 10, "updated": 0, "unchanged": 0}
    assert len(imported()) == 10
    with pytest.raises(CommandError, match="no import that broke off"):
        call_command("import_file", resume=batch.public_id)


CUSTOMER_FILE = (
    "Number;Name;E-mail;Phone;Birthday;Country;Tags\n"
    "C1;Ann;ann@shop.example;+49 30 901820;01.12.1990;Deutschland;vip|gold\n"
    "C2;Bob;bob@localhost;000000;13.12.1991;Atlantis;\n"
    ";Cem;a@b@c;;;;\n"
    "C4;Dan;;;;;;surplus\n"
)
MAPPING = {
    "customer_ref": "Number", "display_name": "Name", "email": "E-mail", "phone": "Phone", "birthday": "Birthday",
    "country": "Country", "tags": "Tags",
}  # fmt: skip


@pytest.fixture
def import_json(db, tmp_path):
    """The command's answer for a file of customers."""

    def run(content: str | bytes = CUSTOMER_FILE, **options):
        path, mapping, said = tmp_path / "people.csv", tmp_path / "mapping.json", StringIO()
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        mapping.write_text(json.dumps(MAPPING))
        call_command("import_file", path, kind="customers", mapping=mapping, json=True, stdout=said, **options)
        return json.loads(said.getvalue())

    return run


@pytest.mark.rule("CU-30")
@pytest.mark.parametrize("dry_run", [True, False])
def test_bad_cells_are_warnings_and_rows_without_a_good_identity_rejections(import_json, dry_run):
    answer = import_json(source="shop", dry_run=dry_run)

    assert answer["warnings"] == [
        {"line": 3, "column": "E-mail", "reason": "bob@localhost is no e-mail address"},
        {"line": 3, "column": "Country", "reason": "Atlantis is no country that we know"},
        {"line": 3, "column": "Phone", "reason": "000000 is no phone number"},
        {"line": 5, "column": "", "reason": "more cells than columns; these are left out: surplus"},
    ]
    assert answer["rejections"] == [{"line": 4, "column": "E-mail", "reason": "a@b@c is no e-mail address"}]
    assert answer["customers"]["created"] == 3
    assert [(c["column"], c["style"], c["example"], c["value"], c["certain"]) for c in answer["columns"]] == [
        ("Birthday", "Day first", "01.12.1990", "1990-12-01", True)
    ]
    assert Customer.objects.count() == (0 if dry_run else 3)


@pytest.mark.rule("CU-30")
def test_strict_import_rejects_rows_with_bad_cells(import_json):
    answer = import_json(strict=True)

    assert [(row["line"], row["column"]) for row in answer["rejections"]] == [(3, "E-mail"), (4, "E-mail")]
    assert [row["line"] for row in answer["warnings"]] == [5]


@pytest.mark.rule("CU-30")
def test_order_of_day_and_month_is_chosen_or_proven_by_the_column(import_json):
    head = "Number,Name,E-mail,Phone,Birthday,Country,Tags\n"

    unproven = import_json(head + "C1,Ann,,,01/12/1990,,\n", dry_run=True)
    chosen = import_json(head + "C1,Ann,,,01/12/1990,,\n", date_order="dmy", dry_run=True)

    assert [(c["value"], c["certain"]) for c in unproven["columns"]] == [("1990-01-12", False)]
    assert [(c["value"], c["certain"]) for c in chosen["columns"]] == [("1990-12-01", True)]


@pytest.mark.rule("CU-30", "PL-51")
def test_bad_byte_costs_its_cell_and_no_other(import_json):
    good = "".join(f"C{n};林嘉怡;;;;中国;\n" for n in range(20))
    head = CUSTOMER_FILE.partition("\n")[0] + "\n"

    answer = import_json(head.encode() + good.encode() + b"C77;J\xfcrgen;;;;;\n")

    assert (answer["encoding"], answer["customers"]["created"], answer["rejections"]) == ("utf-8", 21, [])
    assert [(row["line"], row["column"]) for row in answer["warnings"]] == [(22, "Name")]
    assert Customer.objects.filter(display_name="林嘉怡", country="CN").count() == 20


@pytest.mark.rule("CU-30")
def test_delimiter_and_source_may_be_said(import_json):
    answer = import_json(CUSTOMER_FILE.replace(";", "\t"), delimiter="tab", source="till")

    assert answer["customers"]["created"] == 3
    assert set(ExternalId.objects.values_list("source", "value")) == {("till", "C1"), ("till", "C2"), ("till", "C4")}


@pytest.mark.rule("CU-30")
def test_words_say_what_is_lost_and_how_dates_are_read(orders_file, tmp_path):
    path, said = tmp_path / "people.csv", StringIO()
    path.write_text("customer id,name,birthday\nC1,Ann,01/12/1990\nC2,Bob,soon\n")

    call_command("import_file", path, kind="customers", stdout=said)

    assert "1 warnings\n  line 3, birthday: soon is no date" in said.getvalue()
    assert "birthday: Month first, 01/12/1990 is 1990-01-12 (could be read otherwise" in said.getvalue()
