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
