"""The chain over the audit log: whatever is altered, removed, slipped in or cut out of the chain is named."""

import io
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from crm.kernel import audit
from crm.kernel.audit import seal_chain
from crm.kernel.audit.models import AuditEntry, AuditSeal
from crm.kernel.time import clock

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.rule("PL-11", "I13")]


def written(count: int = 3) -> list[int]:
    """Acts that were sealed; the ids of their entries."""
    for number in range(count):
        audit.record_audit_entry("test.done", after={"number": number})
    seal_chain.seal_new_entries(clock.now())
    return list(AuditEntry.objects.order_by("pk").values_list("pk", flat=True))


@contextmanager
def intruder() -> Iterator[Callable[[str], None]]:
    """Who owns the tables and switches their triggers off."""
    database: Any = connection
    tables = ("kernel_auditentry", "kernel_auditseal")
    with database.as_owner(), connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield cursor.execute
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def test_every_entry_is_sealed_once_and_the_chain_holds():
    ids = written(3)
    again = seal_chain.seal_new_entries(clock.now())
    more = written(2)[3:]

    found = seal_chain.verify_chain()

    assert again == 0
    assert [seal.ids for seal in AuditSeal.objects.order_by("pk")] == [ids, more]
    assert (found.entries, found.seals, found.differences) == (5, 2, [])


@pytest.mark.parametrize(
    ("crime", "told"),
    [
        ("UPDATE kernel_auditentry SET action = 'test.undone' WHERE id = {second}", "entry {second} is altered"),
        ("UPDATE kernel_auditentry SET at = at + interval '1 second' WHERE id = {second}", "entry {second} is altered"),
        ("DELETE FROM kernel_auditentry WHERE id = {second}", "entry {second} is missing"),
        ("UPDATE kernel_auditseal SET hashes[2] = sha256('x') WHERE id = {seal}", "link {seal} is broken"),
    ],
)
def test_what_was_done_to_a_sealed_entry_is_named(crime, told):
    names = {"second": written()[1], "seal": AuditSeal.objects.get().pk}
    with intruder() as execute:
        execute(crime.format(**names))

    assert told.format(**names) in seal_chain.verify_chain().differences


def test_entry_slipped_in_long_ago_stands_outside_the_chain():
    written()
    with intruder() as execute:
        execute("UPDATE kernel_auditseal SET sealed_at = sealed_at - interval '2 hours'")
        execute(
            "INSERT INTO kernel_auditentry (id, at, action, actor_label, object_type, object_id, count, request_id)"
            " VALUES (0, now(), 'test.never', '', '', '', 1, '')"
        )
    seal_chain.seal_new_entries(clock.now())

    assert seal_chain.verify_chain().differences == ["entry 0 stands outside the chain"]


def test_cut_end_of_the_chain_is_seen_by_its_anchor():
    written()
    end = seal_chain.get_newest_seal()
    anchor = bytes(end.digest).hex()
    with intruder() as execute:
        execute("DELETE FROM kernel_auditseal")
        execute("DELETE FROM kernel_auditentry")

    assert seal_chain.verify_chain().differences == []
    assert seal_chain.verify_chain(anchor).differences == [f"no link has the digest {anchor}"]


def test_entry_that_commits_late_is_sealed_with_the_next_ones():
    drawn, go = Event(), Event()

    def slow() -> None:
        with transaction.atomic():
            audit.record_audit_entry("test.slow")
            drawn.set()
            go.wait(10)
        connection.close()

    thread = Thread(target=slow)
    thread.start()
    drawn.wait(10)
    first = written(1)
    go.set()
    thread.join()
    seal_chain.seal_new_entries(clock.now())

    late = AuditEntry.objects.get(action="test.slow").pk
    assert late < first[0]
    assert [seal.ids for seal in AuditSeal.objects.order_by("pk")] == [first, [late]]
    assert seal_chain.verify_chain().differences == []


def test_command_says_what_it_found_and_fails_on_a_difference():
    second = written()[1]
    out = io.StringIO()
    call_command("verify_audit", "--json", stdout=out)
    with intruder() as execute:
        execute(f"DELETE FROM kernel_auditentry WHERE id = {second}")

    with pytest.raises(SystemExit) as ended:
        call_command("verify_audit", stdout=io.StringIO())

    assert json.loads(out.getvalue()) == {"entries": 3, "seals": 1, "differences": []}
    assert ended.value.code == 1
