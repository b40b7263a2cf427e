"""The report of an import is counted from its rows."""

import pytest

from crm.kernel.audit.models import AuditEntry
from customers.importing import import_report, services
from customers.importing.models import ImportRow

pytestmark = [pytest.mark.django_db, pytest.mark.rule("CU-30")]


def add_row(batch, row_no, group, outcome, **fields):
    ImportRow.objects.create(batch=batch, row_no=row_no, group=group, values={"sku": "=A"}, outcome=outcome, **fields)


def test_orders_count_by_group_and_lines_by_row(batch):
    add_row(batch, 2, 1, "created", customer_id=1, customer_outcome="created")
    add_row(batch, 3, 1, "created", customer_id=1, customer_outcome="unchanged")
    add_row(batch, 4, 2, "rejected", column="sku", reason="missing")

    assert import_report.count_outcomes(batch) == {
        "rows": 3,
        "customers": {"created": 1, "updated": 0, "unchanged": 0},
        "orders": {"created": 1, "updated": 0, "unchanged": 0},
        "lines": {"created": 2, "updated": 0, "unchanged": 0},
        "products": {"created": 0, "updated": 0, "unchanged": 1},
        "consents": 0,
        "rejected": 1,
    }


def test_rejected_row_names_line_and_column_of_the_file_and_its_download_is_audited(batch, make_user):
    add_row(batch, 7, 1, "rejected", column="sku", reason="missing")

    assert import_report.rejected_rows(batch) == [{"line": 7, "column": "sku", "reason": "missing"}]
    header, row = services.export_rejected_rows(batch=batch, by=make_user())

    assert header[:2] == ["Line", "Reason"]
    assert row[:2] == ["7", "sku: missing"]
    assert row[header.index("sku")] == "=A"
    assert AuditEntry.objects.filter(action="import.rejected_downloaded").count() == 1


def test_currency_without_a_rate_is_named_for_orders_only(batch):
    batch.options = {"currency": "USD"}
    add_row(batch, 2, 1, None)

    assert import_report.file_currencies_without_rate(batch) == ["USD"]
    batch.kind = "customers"
    assert import_report.file_currencies_without_rate(batch) == []
