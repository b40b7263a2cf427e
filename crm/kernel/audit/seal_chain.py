"""The chain over the audit log: what was written cannot be altered or removed without a trace.

One process seals every few seconds. Who owns the database could still forge the whole chain; so its end is said in the
log every night, and a log that leaves the machine is an anchor: `verify_audit --anchor` looks for it.
"""

from dataclasses import dataclass, field
from datetime import datetime

import structlog
from django.db import connection

from crm.kernel.audit.models import AuditEntry, AuditSeal
from crm.kernel.audit.queries import (
    ALTERED_ENTRIES_SQL,
    BROKEN_SEALS_SQL,
    ENTRIES_PER_SEAL,
    SEAL_ENTRIES_SQL,
    UNCHAINED_ENTRIES_SQL,
    UNSEALED_FIGURES_SQL,
)
from crm.kernel.background import scheduler
from crm.kernel.ops import health

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class ChainVerdict:
    """What was checked, and every entry or link that is not as it was sealed."""

    entries: int
    seals: int
    differences: list[str] = field(default_factory=list)


@health.register_status_section("audit")
def unsealed_figures(now: datetime) -> dict[str, int]:
    """How many entries wait for the chain, and for how many seconds the oldest: above ten the sealing has stopped."""
    with connection.cursor() as cursor:
        cursor.execute(UNSEALED_FIGURES_SQL)
        n, oldest = cursor.fetchone()
    return {"unsealed": n, "oldest_unsealed_seconds": health.age_seconds(oldest, now)}


@scheduler.register_every_5_seconds("audit_seal")
def seal_new_entries(now: datetime) -> int:
    """Put what has been written since into the chain; returns how many entries."""
    sealed = 0
    with connection.cursor() as cursor:
        while True:
            cursor.execute(SEAL_ENTRIES_SQL)
            row = cursor.fetchone()
            sealed += row[0] if row else 0
            if not row or row[0] < ENTRIES_PER_SEAL:
                return sealed


@scheduler.register_nightly("audit_anchor")
def log_chain_anchor(now: datetime) -> int:
    """The end of the chain into the log, which leaves the machine."""
    newest = get_newest_seal()
    if newest is None:
        return 0
    log.info("audit_anchor", seal=newest.pk, digest=bytes(newest.digest).hex())
    return 1


def get_newest_seal() -> AuditSeal | None:
    """The newest link. One query."""
    return AuditSeal.objects.defer("ids", "hashes").order_by("-pk").first()


def verify_chain(anchor: str = "") -> ChainVerdict:
    """Hash every sealed entry again. `anchor` is a digest that was noted elsewhere: a chain without it was forged."""
    found: list[str] = []
    with connection.cursor() as cursor:
        cursor.execute(ALTERED_ENTRIES_SQL)
        found += [f"entry {pk} is {'missing' if missing else 'altered'}" for pk, missing in cursor.fetchall()]
        cursor.execute(UNCHAINED_ENTRIES_SQL)
        found += [f"entry {pk} stands outside the chain" for (pk,) in cursor.fetchall()]
        cursor.execute(BROKEN_SEALS_SQL)
        found += [f"link {pk} is broken" for (pk,) in cursor.fetchall()]
    if anchor and not AuditSeal.objects.filter(digest=bytes.fromhex(anchor)).exists():
        found.append(f"no link has the digest {anchor}")
    return ChainVerdict(AuditEntry.objects.count(), AuditSeal.objects.count(), found)
