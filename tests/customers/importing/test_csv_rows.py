"""Quotation marks in CSV: cells in them may hold anything, and a broken one never swallows a row unseen."""

import csv
from io import StringIO

import pytest
from django.core.files.base import ContentFile
from hypothesis import given
from hypothesis import strategies as st

from crm.kernel.time import clock
from customers.importing import csv_rows, services
from customers.importing.models import Import
from customers.orders.models import Order

pytestmark = pytest.mark.rule("CU-30", "PL-51")
HEAD = "order id,order date,customer id,name,sku,quantity,sales\n"
GOOD = "O{},2026-01-05,C1,林嘉怡,A,2,20\n"
CELLS = st.text(st.sampled_from("ab \",;\n\r'林"), max_size=8)


def read(text: str, delimiter: str = ",") -> list[tuple[int, list[str]]]:
    return list(csv_rows.read_csv_rows(StringIO(text, newline=""), delimiter))


@given(st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=6), st.sampled_from(",;\t"))
def test_whatever_is_written_well_is_read_as_it_was(table, delimiter):
    written = StringIO(newline="")
    csv.writer(written, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows(table)

    assert [cells for _line, cells in read(written.getvalue(), delimiter)] == table


def test_row_is_named_by_the_line_where_it_begins():
    assert read('a,b\n1,"x\ny"\n2,z\n') == [(1, ["a", "b"]), (2, ["1", "x\ny"]), (4, ["2", "z"])]


def test_stray_mark_within_a_line_costs_no_row():
    assert read('a,b\n"5" nail",3\nx"y,4\n') == [(1, ["a", "b"]), (2, ['5 nail"', "3"]), (3, ['x"y', "4"])]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('a,b,c\n1,2,3\n4,"5,6\n7,8,9\n', 3),  # never closed
        ('a,b,c\n1,"2,3\n', 2),  # never closed, in the last line
        ('a,b,c\n1,"2,3\n"4",5,6\n', 2),  # closed by the opening mark of another cell
        ('a,b,c\n1,"2,3\n4,5,"6\n7,8,9\n', 2),  # closed by a stray mark, and more behind it
        ('a,b,c\n1,"2,3\n4,5,6"\n', 2),  # closed at the end of another row
        ('a,"b,c\n1,2,3\n', 1),  # in the header
        ('a,b\n1,"' + "x,y\n" * 300_000, 2),  # longer than any cell may be
    ],
)
def test_broken_quote_names_the_line_of_its_row(text, line):
    with pytest.raises(csv_rows.BrokenQuote) as refusal:
        read(text)

    assert refusal.value.line == line


def test_control_a_plain_reader_swallows_the_rows_unseen():
    assert list(csv.reader(StringIO('a,b,c\n1,2,3\n4,"5,6\n7,8,9\n'))) == [
        ["a", "b", "c"],
        ["1", "2", "3"],
        ["4", "5,6\n7,8,9\n"],
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("place", [3, 60])
def test_import_of_a_file_with_a_broken_quote_is_refused_with_the_line_and_writes_nothing(place):
    rows = [GOOD.format(number) for number in range(100)]
    rows[place - 2] = rows[place - 2].replace("林嘉怡", '"林嘉怡')
    text = HEAD + "".join(rows)
    reason = f"A quotation mark is missing or too many: the cell that begins in line {place} swallows other rows."

    def import_it():
        batch = services.create_import(file=ContentFile(text.encode()), name="torn.csv", kind="orders", at=clock.now())
        services.execute_import(batch=batch, at=clock.now())

    with pytest.raises(services.UnreadableFile, match=reason):
        import_it()

    assert not Order.objects.exists()
    assert not Import.objects.exclude(state="uploaded").exists()
