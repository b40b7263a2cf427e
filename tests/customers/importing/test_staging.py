"""Staging: every row once, the rows of an order in one group, chunks of whole groups."""

import pytest
from django.core.files.base import ContentFile

from crm.kernel.time import clock
from customers.importing import services, staging
from customers.importing.models import Import, ImportRow

pytestmark = [pytest.mark.django_db, pytest.mark.rule("CU-30")]
HEAD = "order id,order date,customer id,sku,sales,city\n"


def staged(rows: str) -> Import:
    batch = services.create_import(
        file=ContentFile((HEAD + rows).encode()), name="orders.csv", kind="orders", at=clock.now()
    )
    staging.stage_rows(batch)
    return batch


def test_rows_of_an_order_share_a_group_wherever_they_stand():
    staged("O1,2026-01-05,C1,A,1,x\nO2,2026-01-05,C1,A,1\n\nO1,2026-01-05,C1,B,2\n,2026-01-05,C1,B,2\n")

    assert list(ImportRow.objects.order_by("row_no").values_list("row_no", "group")) == [(2, 1), (3, 2), (5, 1), (6, 3)]
    assert ImportRow.objects.get(row_no=3).values["city"] == ""


def test_file_is_staged_once():
    batch = staged("O1,2026-01-05,C1,A,1\n")
    batch.rows.update(outcome="created")

    assert staging.stage_rows(batch) == 1
    assert batch.rows.get().outcome == "created"


def test_chunks_hold_whole_groups_and_only_rows_without_an_outcome():
    batch = staged("".join(f"O{n % 4},2026-01-05,C1,A,1\n" for n in range(8)))
    batch.rows.filter(group=2).update(outcome="created")

    chunks = [[(row.row_no, row.group) for row in rows] for rows in staging.pending_row_chunks(batch, 2)]

    assert chunks == [[(2, 1), (6, 1)], [(4, 3), (5, 4), (8, 3), (9, 4)]]


def test_what_is_odd_about_the_file_as_a_whole_is_noted():
    text = "name,city,city\nAnn,Bonn,Ulm\nBob,Bonn,Ulm,Köln,\n"
    batch = services.create_import(file=ContentFile(text.encode()), name="guests.csv", kind="customers", at=clock.now())
    staging.stage_rows(batch)

    assert [(line, column, reason[:40]) for line, column, reason in batch.notes] == [
        (1, "city", "stands more than once in the first line;"),
        (2, "", "2 rows have no customer number, e-mail o"),
    ]
    assert list(ImportRow.objects.order_by("row_no").values_list("warnings", flat=True)) == [
        None,
        [["", "more cells than columns; these are left out: Köln"]],
    ]


def test_row_is_known_by_what_is_in_it_whatever_is_mapped_and_twins_by_their_order():
    text = "name,city\nAnn,Bonn\nBob,\nAnn, Bonn\u200b\n"
    batch = services.create_import(file=ContentFile(text.encode()), name="guests.csv", kind="customers", at=clock.now())
    staging.stage_rows(batch)
    first = [row.values["content_ref"] for row in ImportRow.objects.order_by("row_no")]
    services.map_columns(batch=batch, mapping={"display_name": "name"})
    staging.stage_rows(batch)

    assert [row.values["content_ref"] for row in ImportRow.objects.order_by("row_no")] == first
    assert first[2] == f"{first[0]} 2"
    assert len(set(first)) == 3


def test_columns_show_their_style_once_all_rows_are_staged():
    batch = staged("O1,01/02/2026,C1,A,1.234\nO2,13/02/2026,C1,A,5\n")

    assert batch.styles == {
        "placed_at": {"proven": "dmy", "unproven": "01/02/2026", "sample": "01/02/2026"},
        "line_total": {"proven": "", "unproven": "1.234", "sample": "1.234"},
    }
