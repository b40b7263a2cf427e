"""What the pages of the wizard read of an import."""

import pytest
from django.db import connections

from customers.importing import queries, selectors
from customers.importing.models import Import

pytestmark = pytest.mark.rule("PL-22")


def test_import_of_a_killed_command_is_seen_as_broken_off_and_one_at_work_is_not(batch, client_as):
    Import.objects.filter(pk=batch.pk).update(state="running")
    batch.refresh_from_db()
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s, %s::int)", [queries.IMPORT_LOCK, batch.pk])
            at_work = selectors.is_broken_off(batch)
            page = client_as("manager").get(f"/imports/{batch.public_id}/").content.decode()
            cursor.execute("SELECT pg_advisory_unlock(%s, %s::int)", [queries.IMPORT_LOCK, batch.pk])
    finally:
        other.close()

    assert (at_work, selectors.is_broken_off(batch)) == (False, True)
    assert "A command on the server is bringing it in." in page
