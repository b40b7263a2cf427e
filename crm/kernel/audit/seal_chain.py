"""The chain over the audit log: what was written cannot be altered or removed without a trace.

One process seals every few seconds. Who owns the database could still forge the whole chain; so its end is said in the
log every night, and a log that leaves the machine is an anchor: `verify_audit --anchor` looks for it.
"""

from dataclasses import dataclass, field
from datetime import datetime

import structlog
from django.db import connection

from crm.kernel.audit.models import AuditEntry, AuditSeal
from crm.kernel.background import scheduler
from crm.kernel.ops import health

log = structlog.get_logger(__name__)
ENTRIES_PER_SEAL = 10_000

ENTRY_HASH_SQL = """sha256(convert_to(jsonb_build_array(e.id, extract(epoch FROM e.at), e.action, e.actor_id, e.actor_label, e.object_type,
  e.object_id, e.before, e.after, e.count, e.request_id, host(e.ip))::text, 'UTF8'))"""
# No transaction of ours lasts an hour: below the last entry that was sealed an hour ago nothing comes to light any more.
SEALED_ENTRIES_SQL = """
WITH floor AS (SELECT coalesce(max(last_id), 0) AS id FROM kernel_auditseal WHERE sealed_at < clock_timestamp() - interval '1 hour'),
     known AS MATERIALIZED (SELECT unnest(ids) AS id FROM kernel_auditseal WHERE last_id > (SELECT id FROM floor))
"""
UNSEALED_FIGURES_SQL = f"""
{SEALED_ENTRIES_SQL} SELECT count(*), min(e.at) FROM kernel_auditentry e
WHERE e.id > (SELECT id FROM floor) AND e.id NOT IN (SELECT id FROM known)
"""
SEAL_ENTRIES_SQL = f"""
{SEALED_ENTRIES_SQL},
     fresh AS MATERIALIZED (
       SELECT e.id, {ENTRY_HASH_SQL} AS hash FROM kernel_auditentry e
       WHERE e.id > (SELECT id FROM floor) AND e.id NOT IN (SELECT id FROM known) ORDER BY e.id LIMIT {ENTRIES_PER_SEAL}),
     newest AS (SELECT id, last_id, digest FROM kernel_auditseal ORDER BY id DESC LIMIT 1)
INSERT INTO kernel_auditseal (previous_id, ids, hashes, last_id, digest, sealed_at)
SELECT newest.id, array_agg(f.id ORDER BY f.id), array_agg(f.hash ORDER BY f.id), greatest(max(f.id), newest.last_id),
       sha256(coalesce(newest.digest, '') || string_agg(f.hash, '' ORDER BY f.id)), clock_timestamp()
FROM fresh f LEFT JOIN newest ON true GROUP BY newest.id, newest.last_id, newest.digest
RETURNING cardinality(ids)
"""
ALTERED_ENTRIES_SQL = f"""
SELECT m.id, e.id IS NULL FROM kernel_auditseal s CROSS JOIN LATERAL unnest(s.ids, s.hashes) AS m(id, hash)
LEFT JOIN kernel_auditentry e ON e.id = m.id WHERE e.id IS NULL OR {ENTRY_HASH_SQL} <> m.hash ORDER BY m.id
"""
UNCHAINED_ENTRIES_SQL = """
SELECT e.id FROM kernel_auditentry e
WHERE e.id <= (SELECT max(last_id) FROM kernel_auditseal WHERE sealed_at < clock_timestamp() - interval '1 hour')
  AND NOT EXISTS (SELECT FROM (SELECT unnest(ids) AS id FROM kernel_auditseal) s WHERE s.id = e.id) ORDER BY e.id
"""
BROKEN_SEALS_SQL = """
SELECT s.id FROM kernel_auditseal s LEFT JOIN kernel_auditseal p ON p.id = s.previous_id
WHERE (s.previous_id IS NULL AND s.id > (SELECT min(id) FROM kernel_auditseal)) OR
      s.digest <> sha256(coalesce(p.digest, '') || (SELECT string_agg(h, '' ORDER BY n) FROM unnest(s.hashes) WITH ORDINALITY AS u(h, n)))
ORDER BY s.id
"""


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
