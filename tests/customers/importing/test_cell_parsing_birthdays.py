"""Birthdays in files: what no living person can have is rejected with the reason, and costs no good row."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest
from django.core.files.base import ContentFile

from crm.kernel.time import clock
from customers.importing import cell_parsing, import_report, services
from customers.importing.cell_parsing import CellFormat, RejectedCell
from customers.importing.models import Import
from customers.profiles.models import Customer

pytestmark = pytest.mark.rule("CU-30", "PL-51")
READING = CellFormat("CNY", ZoneInfo("Asia/Shanghai"), today=date(2026, 11, 28))
OUT_OF_RANGE, NO_DATE = "is out of range", "is no date"


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("0001-01-01", OUT_OF_RANGE),
        ("1899-12-31", OUT_OF_RANGE),
        ("2026-11-29", OUT_OF_RANGE),
        ("2099-06-06", OUT_OF_RANGE),
        ("6/6/2099", OUT_OF_RANGE),
        ("9999年12月31日", OUT_OF_RANGE),
        ("31 Feb", NO_DATE),
        ("2/31", NO_DATE),
        ("2月31日", NO_DATE),
        ("1991-02-31", NO_DATE),
        ("1991-02-29", NO_DATE),
        ("0000-00-00", NO_DATE),
        ("0", NO_DATE),
        ("33395", NO_DATE),
        ("2958466", NO_DATE),
        ("-1", NO_DATE),
    ],
)
def test_impossible_birthday_is_rejected_with_the_reason(cell, reason):
    with pytest.raises(RejectedCell) as refusal:
        cell_parsing.parse_birthday("birthday", cell, READING)

    assert (refusal.value.target, refusal.value.reason) == ("birthday", f"{cell} {reason}")


@pytest.mark.parametrize(
    ("cell", "month", "day", "year"),
    [
        ("1991-06-05", 6, 5, 1991),
        ("1991-06-05 00:00:00", 6, 5, 1991),
        ("2026-11-28", 11, 28, 2026),
        ("6/5/91", 6, 5, 1991),
        ("6/5/26", 6, 5, 2026),
        ("12/5/26", 12, 5, 1926),
        ("1900-06-05", 6, 5, None),
        ("2/29", 2, 29, None),
        ("6月5日", 6, 5, None),
    ],
)
def test_possible_birthday_is_taken(cell, month, day, year):
    assert cell_parsing.parse_birthday("birthday", cell, READING) == {
        "birth_month": month,
        "birth_day": day,
        "birth_year": year,
    }


@pytest.mark.django_db
def test_impossible_birthday_costs_the_cell_and_in_a_strict_import_the_row():
    cells = ["0001-01-01", "2099-06-06", "31 Feb", "2958466", "1991-06-05"]
    text = "name,birthday\n" + "".join(f"Person {n},{cell}\n" for n, cell in enumerate(cells))
    reasons = [
        (2, "birthday", "0001-01-01 is out of range"),
        (3, "birthday", "2099-06-06 is out of range"),
        (4, "birthday", "31 Feb is no date"),
        (5, "birthday", "2958466 is no date"),
    ]

    strict, kept = imported(text, strict="yes"), imported(text.replace("Person", "Guest"))

    assert [tuple(row.values()) for row in import_report.rejected_rows(strict)] == reasons
    assert [tuple(row.values()) for row in import_report.import_warnings(kept) if row["column"]] == reasons
    assert import_report.rejected_rows(kept) == []
    assert list(Customer.objects.order_by("pk").values_list("display_name", "birth_year")) == [
        ("Person 4", 1991),
        *((f"Guest {n}", None) for n in range(4)),
        ("Guest 4", 1991),
    ]


def imported(text: str, **options: str) -> Import:
    batch = services.create_import(file=ContentFile(text.encode()), name="p.csv", kind="customers", at=clock.now())
    services.map_columns(batch=batch, mapping=batch.mapping, **options)
    services.execute_import(batch=batch, at=clock.now())
    return batch
