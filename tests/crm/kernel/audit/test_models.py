"""The audit log is append-only by privilege."""

import pytest
from django.db import ProgrammingError, connection, transaction

from crm.kernel import audit
from crm.kernel.audit.models import AuditEntry


@pytest.mark.rule("PL-11")
@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE kernel_auditentry SET action = 'x'",
        "DELETE FROM kernel_auditentry",
        "TRUNCATE kernel_auditentry",
        "ALTER TABLE kernel_auditentry DISABLE TRIGGER ALL",
        "SET session_replication_role = replica",
    ],
)
def test_audit_refuses_change_by_the_product(statement):
    audit.record_audit_entry("house.built")

    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)

    assert AuditEntry.objects.get().action == "house.built"
