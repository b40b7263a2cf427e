"""Events heard inline, in the transaction of the change."""

import pytest
from django.db import transaction

from crm.kernel import audit
from crm.kernel.audit.models import AuditEntry
from crm.kernel.background import events
from crm.kernel.time import clock


@pytest.mark.django_db
def test_inline_listener_fails_the_change(something_happened):
    @events.register_listener(something_happened)
    def refuse(batch):
        raise ValueError("no")

    with pytest.raises(ValueError), transaction.atomic():
        audit.record_audit_entry("doomed.act")
        events.announce_event(something_happened(ids=[1], at=clock.now()))

    assert not AuditEntry.objects.exists()
